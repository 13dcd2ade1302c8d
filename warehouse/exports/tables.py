"""Tables of a release as Parquet or CSV, one file per table, whole or as they were at a moment.

The same release gives the same bytes: rows are written in the order of the release.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from schemas.errors import IctdevError, Usage
from warehouse import asking
from warehouse.pointer import Release

FORMS = {"parquet": "(FORMAT parquet, COMPRESSION zstd)", "csv": "(FORMAT csv, HEADER)"}
DATED = ("observation", "source", "indicator", "area", "area_group")
"""What an export as of a moment holds: the figures as they were, and what is needed to read them."""


def export(
    release: Release, form: str, out: Path, *, as_of: str | None = None, edition_as_of: str | None = None
) -> list[Path]:
    """Write the tables of a release into a new folder; give the files.

    Raises Usage where the folder holds something already, IctdevError where it cannot be written; then nothing is
    left of it.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Usage(f"{out} exists and is not empty", next_step="name a new folder with --out DIR")
    building = out.with_name(f".{out.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    try:
        building.mkdir(parents=True)
        _write(release, form, building, as_of, edition_as_of)
        if out.exists():
            out.rmdir()
        building.rename(out)
    except (OSError, duckdb.IOException) as error:
        raise IctdevError(
            f"the export to {out} could not be written",
            why=str(error).splitlines()[0],
            next_step="free some space or mend the folder's rights; nothing was left half-written",
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return sorted(out.iterdir())


def _write(release: Release, form: str, folder: Path, as_of: str | None, edition_as_of: str | None) -> None:
    quoted = str(release.database).replace("'", "''")
    with duckdb.connect() as con:  # an instance of its own: this process may have the release open for reading
        con.execute(f"ATTACH '{quoted}' AS release (READ_ONLY)")
        con.execute("USE release")
        asking.set_clock(con, as_of, edition_as_of)
        names = DATED if as_of or edition_as_of else _all(con)
        for name in names:
            path = str(folder / f"{name}.{form}").replace("'", "''")
            con.execute(f"COPY (FROM {name}{_order(name)}) TO '{path}' {FORMS[form]}")


def _order(name: str) -> str:
    """Give the order of a table whose rows come from a view, which by itself promises none."""
    if name != "observation":
        return ""
    return " ORDER BY indicator, ref_area, time_period, sex, age, urbanisation, breakdown, source"


def _all(con: duckdb.DuckDBPyConnection) -> Sequence[str]:
    found = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY table_name"
    ).fetchall()
    return [row[0] for row in found]
