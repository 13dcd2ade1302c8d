"""All of WDI in one zip: read for 30 series and for all, against a plain DuckDB unpivot of the unpacked file.

The file is made up: 400,000 rows of 66 years, 150 MB, a quarter of its cells filled. Run as a script it measures one
read in a process of its own, so that the peak of memory is that read's.
"""

import json
import random
import sys
import time
import zipfile
from pathlib import Path

from benchmarks import cost
from benchmarks.table import Figure, Lines

YEARS = range(1960, 2026)
SERIES, ECONOMIES = 1_515, 264
FEW = 30


def make(folder: Path) -> Path:
    """Write WDICSV.csv and WDI_CSV.zip; give the zip."""
    from schemas.codelist import rows

    chance = random.Random(1)
    areas = [row["world_bank"].split()[0] for row in rows("area") if row["world_bank"]][:ECONOMIES]
    plain = folder / "WDICSV.csv"
    heads = ",".join(f'"{year}"' for year in YEARS)
    with plain.open("w", encoding="utf-8") as handle:
        handle.write(f'"Country Name","Country Code","Indicator Name","Indicator Code",{heads},\n')
        for area in areas:
            for number in range(SERIES):
                filled = chance.randrange(len(YEARS) - 25)
                cells = [""] * len(YEARS)
                cells[filled : filled + 25] = [f'"{chance.random() * 100:.7f}"' for _ in range(25)]
                handle.write(f'"{area}","{area}","{_code(number)}","{_code(number)}",{",".join(cells)},\n')
    packed = folder / "WDI_CSV.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(plain, "WDICSV.csv")
    return packed


def _code(number: int) -> str:
    return f"XX.MADE.{number:04d}"


def plain_unpivot(path: Path) -> int:
    """Do what a person would: unpivot the unpacked file in DuckDB, into memory."""
    import duckdb

    columns = dict.fromkeys(("name", "area", "title", "code"), "VARCHAR") | {f"y{year}": "DOUBLE" for year in YEARS}
    columns["rest"] = "VARCHAR"
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE long AS UNPIVOT (SELECT * EXCLUDE (name, title, rest) FROM read_csv('{path}', header = true, "
            f"auto_detect = false, delim = ',', quote = '\"', columns = {columns})) "
            "ON COLUMNS('y.*') INTO NAME year VALUE value"
        )
        return int(con.execute("SELECT count(*) FROM long").fetchall()[0][0])


def ours(path: Path, count: int) -> int:
    """Read the zip into observations of `count` series."""
    from schemas.source import Raw, Series
    from schemas.sources import world_bank

    series = [Series(f"made_{number}", _code(number), "percent_of_population") for number in range(count)]
    reading = world_bank.read(Raw(path.read_bytes(), path.name, received="2026-11-24"), series)
    return reading.observations.num_rows


def lines(folder: Path) -> Lines:
    """Make the file, and read it for few series and for all, each in a process of its own."""
    path = make(folder)
    plain, few, whole = (cost.apart("bulk", kind, path) for kind in ("plain", "few", "all"))
    yield f"bulk: {plain['rows']:,} figures, plain unpivot {plain['wall']:.2f} s, peak {plain['peak'] / 1e6:,.0f} MB"
    if whole["rows"] != plain["rows"]:
        raise RuntimeError(f"{whole['rows']:,} figures were read, there are {plain['rows']:,}")
    against = f"to {plain['wall']:.2f} s"
    yield Figure("bulk.all", whole["wall"] / plain["wall"], f"{whole['wall']:.2f} s {against}")
    yield Figure("bulk.memory", whole["peak"] / 1e6)
    yield Figure(
        "bulk.few", few["wall"] / plain["wall"], f"{few['wall']:.2f} s {against}, peak {few['peak'] / 1e6:,.0f} MB"
    )


def main() -> None:
    """Do one read, and print what it took."""
    kind, path = sys.argv[1], Path(sys.argv[2])
    import flows  # noqa: F401 - it sets the memory that Arrow uses
    import schemas.sources.world_bank  # noqa: F401 - what is measured is the work, not the import

    started = time.perf_counter()
    rows = (
        plain_unpivot(path.with_name("WDICSV.csv")) if kind == "plain" else ours(path, FEW if kind == "few" else SERIES)
    )
    print(json.dumps({"wall": time.perf_counter() - started, "rows": rows}))


if __name__ == "__main__":
    main()
