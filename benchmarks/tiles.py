"""Tiles to figures of economies: our path against the bare SQL, by size, and Spark on the same machine.

The bare SQL is the same text in a plain DuckDB connection that may use all memory, with the lookup as it is: nothing is
checked, hashed or written. Run as `python -m benchmarks.tiles FOLDER ROWS…`; Spark is measured where PySpark is installed.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.cost import apart

SIZES = (10_000_000, 50_000_000, 200_000_000)
BARE_UP_TO = 50_000_000
"""Tiles up to which the bare SQL is measured too; beyond it there is only the question whether a tile costs the same."""
SPARK_ROWS = 2_000_000
NAME = "type=fixed/year=2024/quarter=4/2024-10-01_performance_fixed_tiles.parquet"
_LAND = 8
"""Digits of the prefixes by which the lookup tells economies; one in four is parted into four with kinds of place."""

_TILES = """
SELECT
  to_base(range * (4294967296 // {rows}) + (hash(range) % 7)::BIGINT, 4, 16) AS quadkey,
  (1000 + (hash(range, 1) % 1000) * (hash(range, 2) % 400))::BIGINT AS avg_d_kbps,
  (500 + (hash(range, 3) % 1000) * (hash(range, 4) % 100))::BIGINT AS avg_u_kbps,
  (5 + hash(range, 5) % 120)::BIGINT AS avg_lat_ms,
  (1 + (hash(range, 6) % 30) * (hash(range, 7) % 5))::BIGINT AS tests,
  (1 + hash(range, 8) % 20)::BIGINT AS devices
FROM range({rows})
"""
_LOOKUP = """
WITH cell AS (
  SELECT to_base(range::BIGINT, 4, {land}) AS quadkey, area[1 + (range // 300) % len(area)] AS ref_area, range % 4 = 0 AS parted
  FROM range((4 ** {land})::BIGINT), (SELECT list(ref_area ORDER BY ref_area) AS area FROM read_csv('{codes}') WHERE kind = 'economy')
)
SELECT quadkey, ref_area, '' AS urbanisation FROM cell WHERE NOT parted
UNION ALL
SELECT quadkey || digit, ref_area, CASE WHEN digit = '0' THEN 'U' ELSE 'R' END
FROM cell, (VALUES ('0'), ('1'), ('2'), ('3')) AS quarter (digit) WHERE parted
"""


def lines(sizes: Sequence[int] = (SIZES[0],), folder: Path | None = None) -> Iterator[str]:
    """Make tiles and measure: one line per size and way, and one for Spark."""
    with tempfile.TemporaryDirectory() as made:
        place = folder or Path(made)
        costs = {}
        for rows in sizes:
            tiles, lookup = make(place, rows)
            own = measured("own", tiles, lookup)
            costs[rows] = own["wall"] / rows
            yield f"{rows:>12,} tiles, {tiles.stat().st_size / 1e6:,.0f} MB of Parquet"
            yield _told("own path", own) + f"   {1e9 * costs[rows]:,.0f} ns a tile"
            if rows <= BARE_UP_TO:
                bare = measured("bare", tiles, lookup)
                yield _told("bare SQL", bare) + f"   own path {own['wall'] / bare['wall']:.2f} ×"
        if len(costs) > 1:
            yield f"  a tile costs {max(costs.values()) / min(costs.values()):.2f} × between the cheapest size and the dearest"
        yield from _spark(place)


def _told(way: str, found: dict[str, float]) -> str:
    return f"  {way}   {found['wall']:7.1f} s   peak {found['peak'] / 1e6:6,.0f} MB"


def _spark(folder: Path) -> Iterator[str]:
    if find_spec("pyspark") is None:
        yield "Spark: not measured, PySpark is not installed"
        return
    tiles, lookup = make(folder, SPARK_ROWS)
    own, spark = measured("own", tiles, lookup), measured("spark", tiles, lookup)
    yield (
        f"{SPARK_ROWS:>12,} tiles: own path {own['wall']:.1f} s, Spark local[2] {spark['wall']:.1f} s "
        f"(with its start), {spark['wall'] / own['wall']:.1f} × the own path"
    )


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """Make a quarter of so many tiles and a lookup of all land, unless they are there."""
    import duckdb

    tiles, lookup = folder / str(rows) / NAME, folder / "lookup.parquet"
    tiles.parent.mkdir(parents=True, exist_ok=True)
    codes = Path(__file__).parents[1] / "schemas" / "codelists" / "area.csv"
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '600MB'; SET preserve_insertion_order = false")
        if not tiles.exists():
            con.execute(f"COPY ({_TILES.format(rows=rows)}) TO '{tiles}' (FORMAT parquet)")
        if not lookup.exists():
            con.execute(f"COPY ({_LOOKUP.format(land=_LAND, codes=codes)}) TO '{lookup}' (FORMAT parquet)")
    return tiles, lookup


def measured(way: str, tiles: Path, lookup: Path) -> dict[str, float]:
    """Run one way in a process of its own: seconds and peak of memory in bytes."""
    return apart("tiles", way, tiles, lookup)


def run(way: str, tiles: Path, lookup: Path) -> dict[str, float]:
    """Run one way here."""
    started = time.perf_counter()
    {"own": _own, "bare": _bare, "spark": _on_spark}[way](tiles, lookup)
    return {"wall": time.perf_counter() - started}


def _own(tiles: Path, lookup: Path) -> None:
    from flows.settings import Settings
    from flows.tiles import condensed

    condensed(tiles, Settings(tiles_lookup=lookup))


def _on_spark(tiles: Path, lookup: Path) -> None:
    from flows.settings import Settings
    from flows.tiles import condensed

    condensed(tiles, Settings(tiles_lookup=lookup, tiles_engine="spark", tiles_spark="local[2]"))


def _bare(tiles: Path, lookup: Path) -> None:
    import duckdb

    from warehouse.tiles.aggregate import aggregate
    from warehouse.tiles.on_duckdb import OnDuckDB

    kinds = (
        "SELECT quadkey AS prefix, length(quadkey)::INTEGER AS prefix_length, ref_area, {} AS urbanisation FROM '{}'"
    )
    with duckdb.connect() as con:
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"CREATE VIEW tiles AS FROM read_parquet('{tiles}', hive_partitioning = false)")
        both = kinds.format("'_T'", lookup), kinds.format("urbanisation", lookup) + " WHERE urbanisation <> ''"
        con.execute(f"CREATE TABLE lookup AS {both[0]} UNION ALL {both[1]}")
        aggregate(OnDuckDB(con))


if __name__ == "__main__":
    if sys.argv[1] in ("own", "bare", "spark"):
        sys.stdout.write(json.dumps(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) + "\n")
    else:
        for line in lines([int(text) for text in sys.argv[2:]] or SIZES, Path(sys.argv[1])):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
