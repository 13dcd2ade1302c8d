"""Versions of whole rows: tables of which only the changes are kept, each row with the interval in which it stood."""

from datetime import datetime

import duckdb
import pyarrow as pa


def keep_versions(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, vintage: datetime) -> None:
    """Close the rows of a store table that are no longer said, and open those that are new, at this vintage."""
    con.register("rows_in", rows)
    columns = [row[0] for row in con.execute(f"DESCRIBE store.{table}").fetchall() if row[0] not in _INTERVAL]
    names = ", ".join(columns)
    same = " AND ".join(f"i.{name} IS NOT DISTINCT FROM s.{name}" for name in columns)
    con.execute(
        f"UPDATE store.{table} AS s SET vintage_to = ? WHERE s.vintage_to IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM rows_in i WHERE {same})",
        [vintage],
    )
    con.execute(
        f"INSERT INTO store.{table} BY NAME SELECT {names}, ?::TIMESTAMP AS vintage_from FROM rows_in i "
        f"WHERE NOT EXISTS (SELECT 1 FROM store.{table} s WHERE s.vintage_to IS NULL AND {same})",
        [vintage],
    )
    con.unregister("rows_in")


_INTERVAL = ("vintage_from", "vintage_to")
