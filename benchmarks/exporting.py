"""Exports of a made-up release of a million figures, against the least that writing the same cells takes.

Run as a script with KIND HOME OUT it does one export, or one yardstick, in a process of its own.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cost import apart, of_script

FIGURES, CELLS = 1_000_000, 200_000
LIMITS = {"parquet": 1.3, "csv": 1.3, "sdmx-csv": 3.0, "xlsx": 1.5}
MEMORY = 600_000_000


def make(root: Path, figures: int) -> None:
    """Write a home with one release: the tables of a real one, its history replaced by made-up figures."""
    import duckdb

    from warehouse.home import Home
    from warehouse.pointer import newest

    of_script("plain_run", root, "-", "--without-site")
    with duckdb.connect(str(newest(Home(root)).database)) as con:
        con.execute("DELETE FROM observation_history WHERE source = 'ictdev'")
        held = con.execute("SELECT count(*) FROM observation_history").fetchall()[0][0]
        con.execute(
            "CREATE TABLE more AS SELECT h.* REPLACE ((h.year + 200 * r.range)::VARCHAR AS time_period) "
            "FROM observation_history h, range(?) r "
            "ORDER BY indicator, ref_area, time_period, sex, age, urbanisation, breakdown, source LIMIT ?",
            [figures // held + 1, figures],
        )
        con.execute("DELETE FROM observation_history")
        con.execute("INSERT INTO observation_history FROM more")
        con.execute("DROP TABLE more")


def plain(form: str, home: Path, out: Path) -> None:
    """Do what a person would: DuckDB's COPY of every table, views in their order, or openpyxl's bare rows."""
    import duckdb

    from warehouse.describe import table_order
    from warehouse.exports.content import VIEWS
    from warehouse.home import Home
    from warehouse.pointer import newest

    out.mkdir(parents=True)
    with duckdb.connect(str(newest(Home(home)).database), read_only=True) as con:
        if form == "xlsx":
            _bare_workbook(con, out / "x.xlsx")
            return
        names = con.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
        options = "(FORMAT parquet, COMPRESSION zstd)" if form == "parquet" else "(FORMAT csv, HEADER)"
        for (name,) in names if form != "sdmx-csv" else [("observation",)]:
            order = f" ORDER BY {table_order(name)}" if name in VIEWS else ""
            con.execute(f"COPY (FROM {name}{order}) TO '{out / name}.{form}' {options}")


def _bare_workbook(con: object, path: Path) -> None:
    from openpyxl import Workbook

    from warehouse.exports.workbook import SHEETS

    book = Workbook(write_only=True)
    for name in SHEETS:
        sheet = book.create_sheet(name)
        cursor = con.execute(f"FROM {name}")  # type: ignore[attr-defined]
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                sheet.append([str(cell) if isinstance(cell, list) else cell for cell in row])
    book.save(path)


def ours(form: str, home: Path, out: Path) -> None:
    """Export by our own way."""
    from warehouse.exports.forms import export
    from warehouse.home import Home
    from warehouse.pointer import newest

    export(newest(Home(home)), form, out)


def measured(kind: str, form: str, home: Path, out: Path) -> dict[str, float]:
    """Measure one export in a process of its own: seconds and peak memory."""
    found = apart("exporting", kind, form, home, out)
    shutil.rmtree(out, ignore_errors=True)
    return found


def lines() -> Iterator[str]:
    """Give seconds, ratio and peak memory of every measured form."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for figures, forms in ((FIGURES, ("parquet", "csv", "sdmx-csv")), (CELLS, ("xlsx",))):
            home = root / str(figures)
            make(home, figures)
            for form in forms:
                yield _line(form, home, root / "out", figures)


def _line(form: str, home: Path, out: Path, figures: int) -> str:
    base, own = (min(measured(kind, form, home, out)["wall"] for _ in range(2)) for kind in ("plain", "ours"))
    peak = measured("ours", form, home, out)["peak"]
    told = f"export {form}, {figures:,} figures"
    limit = f"limit {LIMITS[form]} ×; peak {peak / 1e6:.0f} MB, limit {MEMORY / 1e6:.0f} MB"
    return f"{told:<36} {own:6.2f} s   {own / base:.2f} × plain ({base:.2f} s), {limit}"


def main() -> None:
    """Do one export, and print what it took."""
    if len(sys.argv) == 1:
        for line in lines():
            print(line, flush=True)
        return
    import duckdb  # noqa: F401 - what is measured is the work, not the import

    import flows  # noqa: F401 - it sets the memory that Arrow uses
    import warehouse.exports.forms  # noqa: F401

    kind, form, home, out = sys.argv[1:]
    started = time.perf_counter()
    {"plain": plain, "ours": ours}[kind](form, Path(home), Path(out))
    print(json.dumps({"wall": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
