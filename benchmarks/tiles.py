"""Map tiles: our path against the bare SQL, time per tile as files grow in number, and Spark on the same machine.

`python -m benchmarks.tiles [--files N …] [--spark N]`. Tiles are made up, 6,250,000 to a file, which is about what a
quarter of one network has. Each measure runs in a process of its own, so that its peak of memory is its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

TILES = 6_250_000
SIZES = (2, 8)
"""Files of the run in `make bench`: 12.5 and 50 million tiles; --files 2 8 32 goes on to 200 million."""
MEMORY = 600_000_000
BARE = """
CREATE VIEW tile AS SELECT quadkey, avg_d_kbps, avg_u_kbps, avg_lat_ms, tests, devices FROM read_parquet('{path}');
CREATE TABLE lookup AS SELECT quadkey AS prefix, ref_area, coalesce(urbanisation, '') AS urbanisation
  FROM read_csv('{lookup}', all_varchar = true);
SET memory_limit = '{memory}MB'; SET temp_directory = '{spill}'; SET preserve_insertion_order = false;
"""


def make(folder: Path, files: int) -> None:
    """Write files of tiles and a lookup of 4,096 squares to 200 economies; what is there already stays."""
    import duckdb

    fives = [(number, _base4(number, 5)) for number in range(1_024)]
    _lookup(folder)
    with duckdb.connect(config={"memory_limit": "800MB", "temp_directory": str(folder / "spill")}) as con:
        con.execute("CREATE TABLE five (number BIGINT, text VARCHAR)")
        con.executemany("INSERT INTO five VALUES (?, ?)", fives)
        for number in range(files):
            path = _path(folder, number)
            if not path.exists():
                con.execute(_MADE.format(tiles=TILES, seed=number, path=path.with_suffix(".new")))
                path.with_suffix(".new").rename(path)


_MADE = """
COPY (
  SELECT (t.i % 3)::VARCHAR || high.text || mid.text || low.text AS quadkey,
    'POLYGON((' || t.i || ' 0, 0 1, 1 1, ' || t.i || ' 0))' AS tile,
    exp(9.5 + 1.4 * (hash(t.i, {seed}, 1) % 1000 + hash(t.i, {seed}, 2) % 1000 + hash(t.i, {seed}, 3) % 1000) / 1500.0
        + (hash(t.i, {seed}, 8) % 1000) / 1000.0)::BIGINT AS avg_d_kbps,
    exp(8.5 + 1.4 * (hash(t.i, {seed}, 4) % 1000 + hash(t.i, {seed}, 5) % 1000) / 1000.0
        + (hash(t.i, {seed}, 9) % 1000) / 1000.0)::BIGINT AS avg_u_kbps,
    (5 + hash(t.i, {seed}, 6) % 200)::BIGINT AS avg_lat_ms,
    (1 + (hash(t.i, {seed}, 7) % 1000) * (hash(t.i, {seed}, 10) % 1000) // 20000)::BIGINT AS tests,
    (1 + hash(t.i, {seed}, 11) % 12)::BIGINT AS devices
  FROM range({tiles}) AS t(i)
  JOIN five AS high ON high.number = (t.i * 687) // 1048576 % 1024
  JOIN five AS mid ON mid.number = (t.i * 687) // 1024 % 1024
  JOIN five AS low ON low.number = (t.i * 687) % 1024
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


def _path(folder: Path, number: int) -> Path:
    year, quarter = 2019 + number // 8, number // 2 % 4
    network = ("fixed", "mobile")[number % 2]
    return folder / f"{year}-{3 * quarter + 1:02d}-01_performance_{network}_tiles.parquet"


def _lookup(folder: Path) -> Path:
    from schemas.codelist import rows

    areas = [row["ref_area"] for row in rows("area") if row["kind"] == "economy"][:200]
    lines = [f"{_base4(number, 6)},{areas[number % 200]},{('', 'U', 'R')[number % 3]}" for number in range(4_096)]
    path = folder / "lookup.csv"
    path.write_text("\n".join(["quadkey,ref_area,urbanisation", *lines]) + "\n", encoding="utf-8")
    return path


def _base4(number: int, digits: int) -> str:
    return "".join(str(number // 4**at % 4) for at in range(digits - 1, -1, -1))


def bare(folder: Path, files: Sequence[Path]) -> int:
    """Do what a person would: our SQL over each file in plain DuckDB, nothing checked and nothing counted."""
    import duckdb

    from warehouse.tiles.statement import aggregate

    found = 0
    for path in files:
        with duckdb.connect() as con:
            given = {"path": path, "lookup": folder / "lookup.csv", "spill": folder / "spill"}
            con.execute(BARE.format(memory=MEMORY // 1_000_000, **given))
            found += con.execute(aggregate([6])).to_arrow_table().num_rows
    return found


def ours(folder: Path, files: Sequence[Path], engine: str) -> int:
    """Take each file in as a refresh does: look at it, find repeats, sum it up, hash it, write the account."""
    from warehouse.tiles.condense import condense
    from warehouse.tiles.engine import Engine
    from warehouse.tiles.lookup import load
    from warehouse.tiles.on_duckdb import DuckDB
    from warehouse.tiles.on_spark import Spark

    made: Engine = Spark("local[2]") if engine == "spark" else DuckDB(MEMORY, folder / "spill")
    lookup = load(folder / "lookup.csv")
    return sum(len(json.loads(condense(path, lookup, made))["rows"]) for path in files)


def measured(kind: str, folder: Path, files: int) -> dict[str, float]:
    """Measure one way of working in a process of its own: seconds, rows, peak memory."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.tiles",
        "--measure",
        kind,
        "--folder",
        str(folder),
        "--files",
        str(files),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def lines(sizes: Sequence[int] = SIZES, spark: int = 1, folder: Path | None = None) -> Iterator[str]:
    """Measure files by number, and Spark over `spark` files; 0 leaves Spark out, as does a machine without it."""
    with tempfile.TemporaryDirectory() as made:
        place = folder or Path(made)
        make(place, max(*sizes, spark))
        first = 0.0
        for size in sizes:
            plain, own = measured("bare", place, size), measured("duckdb", place, size)
            each = own["wall"] / (size * TILES) * 1e9
            first = first or each
            yield (
                f"tiles, {size * TILES / 1e6:5.1f} million    {own['wall']:6.1f} s   {own['wall'] / plain['wall']:.2f} × "
                f"the bare SQL ({plain['wall']:.1f} s), {each:.0f} ns a tile = {each / first:.2f} × the first, "
                f"peak {own['rss'] / 1e6:.0f} MB (bare {plain['rss'] / 1e6:.0f} MB)"
            )
        yield from _spark(place, spark)


def _spark(folder: Path, files: int) -> Iterator[str]:
    from importlib.util import find_spec

    if not files or find_spec("pyspark") is None:
        yield "tiles, Spark            not measured: it needs the extra `spark`"
        return
    own, other = measured("duckdb", folder, files), measured("spark", folder, files)
    yield (
        f"tiles, Spark local[2]    {other['wall']:6.1f} s   {other['wall'] / own['wall']:.1f} × DuckDB ({own['wall']:.1f} s) "
        f"over {files * TILES / 1e6:.1f} million tiles, with its start"
    )


def main() -> None:
    """Print every measure, or do one of them."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--spark", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", choices=("bare", "duckdb", "spark"))
    given = parser.parse_args()
    if given.measure is None:
        for line in lines(given.files, given.spark, given.folder):
            print(line, flush=True)
        return
    import flows  # noqa: F401 - it sets the memory that Arrow uses

    files = [_path(given.folder, number) for number in range(given.files[0])]
    started = time.perf_counter()
    rows = bare(given.folder, files) if given.measure == "bare" else ours(given.folder, files, given.measure)
    wall = time.perf_counter() - started
    print(json.dumps({"wall": wall, "rows": rows, "rss": _peak()}))


def _peak() -> int:
    """Give the peak of this process alone, in bytes."""
    told = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in told if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
