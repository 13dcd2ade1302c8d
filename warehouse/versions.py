"""Versions of whole rows: tables of which only the changes are kept, each row with the interval in which it stood."""

from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa


def keep_versions(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, vintage: datetime) -> None:
    """Close the rows of a store table that are no longer said, and open those that are new, at this vintage."""
    con.register("rows_in", rows.append_column("number", pa.array(np.arange(rows.num_rows))))
    columns = [row[0] for row in con.execute(f"DESCRIBE store.{table}").fetchall() if row[0] not in _INTERVAL]
    new = ""
    if con.execute(f"SELECT 1 FROM store.{table} WHERE vintage_to IS NULL LIMIT 1").fetchall():
        _find_one_sided(con, table, columns)
        con.execute(
            f"UPDATE store.{table} SET vintage_to = ? "
            "WHERE rowid IN (SELECT place FROM one_sided WHERE number IS NULL)",
            [vintage],
        )
        new = "WHERE number IN (SELECT number FROM one_sided WHERE place IS NULL)"
    con.execute(
        f"INSERT INTO store.{table} BY NAME "
        f"SELECT {', '.join(columns)}, ?::TIMESTAMP AS vintage_from FROM rows_in {new}",
        [vintage],
    )
    con.execute("DROP TABLE IF EXISTS temp.one_sided")
    con.unregister("rows_in")


_INTERVAL = ("vintage_from", "vintage_to")


def _find_one_sided(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> None:
    """Note which rows only one side has: the temporary table `one_sided`, with number (new) or place (standing).

    One outer join of all columns takes time in proportion to the rows; a correlated query for each side does not.
    """
    same = " AND ".join(f"i.{name} IS NOT DISTINCT FROM s.{name}" for name in columns)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE one_sided AS
        SELECT i.number, s.place
        FROM rows_in i
        FULL JOIN (SELECT *, rowid AS place FROM store.{table} WHERE vintage_to IS NULL) s ON {same}
        WHERE i.number IS NULL OR s.place IS NULL"""
    )
