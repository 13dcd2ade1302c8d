"""The lookup from quadkeys to economies, which whoever runs the installation supplies: no borders ship with us."""

from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.errors import Changed, Empty, Invalid, Usage
from warehouse.literals import quoted

_NEEDED = ("quadkey", "ref_area")
_CODES = ("", "_T", "U", "R")
_SHAPE = "columns quadkey (1 to 16 digits 0–3), ref_area (SEN) and, if you have it, urbanisation (U or R)"


def read(path: Path) -> pa.Table:
    """Read a lookup, CSV or Parquet, into prefix, prefix_length, ref_area, urbanisation.

    Each prefix stands for the total and, where the kind of place is told, once more for it. Raises Usage where there is
    no file, Changed for another shape, Empty for no rows, Invalid for what cannot be and two economies of one tile.
    """
    if not path.is_file():
        raise Usage(
            f"there is no lookup {path}", next_step=f"tiles_lookup in ictdev.toml names a CSV or Parquet file: {_SHAPE}"
        )
    with duckdb.connect(":memory:") as con:
        try:
            _load(con, path)
        except duckdb.Error as error:
            raise Changed(
                f"the lookup {path.name} cannot be read",
                why=str(error).splitlines()[0][:300],
                next_step=f"give a CSV or Parquet file: {_SHAPE}",
            ) from error
        _refuse_impossible(con, path.name)
        _refuse_overlap(con, path.name)
        return con.sql(_LOOKUP).to_arrow_table()


def _load(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    parquet = path.suffix.lower() == ".parquet"
    reader = (
        f"read_parquet({quoted(path)})" if parquet else f"read_csv({quoted(path)}, all_varchar = true, header = true)"
    )
    names = con.sql(f"FROM {reader}").columns
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise Changed(
            f"the lookup {path.name} lacks the columns {', '.join(missing)}",
            why=f"it has {', '.join(names[:20])}",
            next_step=f"give it {_SHAPE}",
        )
    kind = "urbanisation" if "urbanisation" in names else "NULL"
    con.execute(
        "CREATE TABLE given AS SELECT DISTINCT trim(coalesce(quadkey::VARCHAR, '')) AS prefix, "
        "trim(coalesce(ref_area::VARCHAR, '')) AS ref_area, "
        f"trim(coalesce({kind}::VARCHAR, '')) AS urbanisation FROM {reader}"
    )


_LOOKUP = """
SELECT prefix, length(prefix)::INTEGER AS prefix_length, ref_area, '_T' AS urbanisation FROM given
UNION ALL
SELECT prefix, length(prefix)::INTEGER, ref_area, urbanisation FROM given WHERE urbanisation IN ('U', 'R')
ORDER BY ALL
"""


def _refuse_impossible(con: duckdb.DuckDBPyConnection, name: str) -> None:
    if not con.sql("SELECT count(*) FROM given").fetchall()[0][0]:
        raise Empty(f"the lookup {name} holds no row", next_step=f"give it {_SHAPE}")
    wrong = con.execute(
        "SELECT prefix, ref_area, urbanisation FROM given WHERE NOT regexp_full_match(prefix, '[0-3]{1,16}') "
        "OR ref_area = '' OR NOT list_contains(?, urbanisation) ORDER BY ALL LIMIT 1",
        [list(_CODES)],
    ).fetchall()
    if wrong:
        raise Invalid(
            f"the lookup {name} has a row that cannot be: {', '.join(repr(text) for text in wrong[0])}",
            why="quadkey, ref_area, urbanisation; a spreadsheet takes leading zeros away, keep the column as text",
            next_step=f"give it {_SHAPE}",
        )


def _refuse_overlap(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Prefixes are nested or apart, so that one which lies within another follows it, or a neighbour that does."""
    found = con.sql(
        "SELECT * FROM (SELECT prefix, ref_area, lag(prefix) OVER key AS outer_prefix, lag(ref_area) OVER key AS other "
        "FROM given WINDOW key AS (ORDER BY prefix, ref_area, urbanisation)) "
        "WHERE starts_with(prefix, outer_prefix) LIMIT 1"
    ).fetchall()
    if found:
        inner, area, outer, other = found[0]
        raise Invalid(
            f"the lookup {name} gives one tile twice: {inner} is {area} and lies within {outer}, which is {other}",
            why="a tile counts in one economy, and as one kind of place",
            next_step="part the shorter prefix into those of its four quarters that are meant, or take one row out",
        )
