"""Making bundles of dated copies of the SDG database: one bundle of each edition, in SDMX-CSV.

`python -m flows.bundle_editions COPIES FOLDER` reads COPIES/<edition>/ddf--datapoints--….csv, where an edition is a day
, and writes FOLDER/<edition>/. Only series that the catalogue asks for are taken; a figure that cannot be understood is
left out, and named in the side file.
"""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from flows import bundle_shapes as shapes
from flows.bundle import write
from flows.plan import wanted
from schemas.errors import Empty, IctdevError
from schemas.source import Reading
from schemas.sources import unsd_sdg


def make(copies: Path, target: Path, only: Collection[str] = ()) -> list[Path]:
    """Write a bundle of every edition; give their folders, oldest first. `only` names the series to take."""
    editions = sorted(path.name for path in copies.iterdir() if path.is_dir())
    for edition in editions:
        (target / edition).mkdir(parents=True, exist_ok=True)
        write(unsd_sdg.SOURCE, list(_readings(copies / edition, only)), target / edition)
    return [target / edition for edition in editions]


def _readings(copy: Path, only: Collection[str]) -> Iterator[tuple[Reading, bool]]:
    """Read every series of a copy that is asked for. Raises Empty where there is none."""
    codes = {series.code.lower(): series.code for series in wanted("unsd_sdg")}
    there = {path: codes.get(path.name.split("--")[2], "") for path in sorted(copy.glob("ddf--datapoints--*.csv"))}
    taken = {path: code for path, code in there.items() if code and (not only or code in only)}
    if not taken:
        raise Empty(
            f"{copy} holds no series that is asked for", why="files are named ddf--datapoints--SERIES--by--….csv"
        )
    yield from ((shapes.ddf(path, code, copy.name), True) for path, code in taken.items())


def main() -> int:
    """Make the bundles from and into the folders that the command line names."""
    try:
        folders = make(Path(sys.argv[1]), Path(sys.argv[2]))
    except IctdevError as error:
        sys.stderr.write("".join(f"{label}: {text}\n" for label, text in error.lines()))
        return error.exit_status
    sys.stdout.write("".join(f"{folder}\n" for folder in folders))
    return 0


if __name__ == "__main__":
    sys.exit(main())
