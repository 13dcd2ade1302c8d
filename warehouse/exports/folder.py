"""The place an export is written to: a new folder or file that appears whole, or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from schemas.errors import IctdevError, Usage


def write_whole(out: Path, write: Callable[[Path], None]) -> list[Path]:
    """Let `write` fill a folder, and put what it wrote at `out`; give the files.

    Raises Usage where something is there already, IctdevError where it cannot be written; then nothing is left of it.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Usage(f"{out} exists and is not empty", next_step="name a new folder with --out DIR")
    building = out.with_name(f".{out.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    try:
        building.mkdir(parents=True)
        write(building)
        if out.exists():
            out.rmdir()
        building.rename(out)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise IctdevError(
            f"the export to {out} could not be written",
            why=str(error).splitlines()[0],
            next_step="free some space or mend the folder's rights; nothing was left half-written",
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return sorted(path for path in out.rglob("*") if path.is_file())
