"""The commands that let figures out of the house: files for other tools, and a release served on this machine."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows import options

Form = Literal["parquet", "csv", "xlsx", "sdmx-csv", "sdmx-ml", "datapackage"]


def register(app: typer.Typer) -> None:
    """Add the commands to the front door."""
    app.command(
        epilog="Examples:  ictdev export parquet --out figures   ·   ictdev export csv --out open --open-only   ·   "
        "ictdev export xlsx --out then --as-of 2026-01-31 --indicator internet_users"
    )(export)
    app.command(
        epilog="Examples:  ictdev mirror /srv/mirror   ·   ictdev mirror s3://figures/ictdev   ·   "
        "ictdev mirror s3://figures/ictdev --all   ·   ictdev mirror /srv/mirror --release 20261123T180412Z"
    )(mirror)
    app.command(epilog="Examples:  ictdev serve   ·   ictdev serve --port 8765")(serve)


def export(
    form: Annotated[
        Form, typer.Argument(metavar="FORMAT", help="parquet, csv, xlsx, sdmx-csv, sdmx-ml or datapackage.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder, into which the files are written.")],
    open_only: Annotated[
        bool, typer.Option("--open-only", help="Leave out figures, also derived ones, that rest on closed terms.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Figures as we held them at the end of this day or vintage.")
    ] = None,
    edition_as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Figures as their publishers had said by this day.")
    ] = None,
    indicator: Annotated[str | None, typer.Option(metavar="ID", help="Only this indicator.")] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with a byte order mark, for spreadsheets that need it.")
    ] = False,
) -> None:
    """Write the newest release as open data, each figure with its licence; whole, or the part that is asked for."""
    from warehouse.exports.forms import export as write  # noqa: PLC0415
    from warehouse.exports.selection import Asked  # noqa: PLC0415

    asked = Asked(open_only=open_only, as_of=as_of, edition_as_of=edition_as_of, indicator=indicator, bom=bom)
    _tell(write(options.release(), form, out, asked), out)


def _tell(written: list[Path], out: Path) -> None:
    from flows import screen  # noqa: PLC0415

    if options.given.quiet:
        return
    size = sum(path.stat().st_size for path in written) / 1e6
    screen.out.print(f"{len(written)} files, {size:.1f} MB, in {out}", markup=False)
    for notice in (path for path in written if path.name.startswith("LICENCE")):
        screen.out.print(f"terms of use: {notice}", markup=False)


def serve(
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="Port on this machine.")] = 8765,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on; others can reach 0.0.0.0.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Serve the releases of this home to programs and browsers on this machine. Reads only; Ctrl-C stops it."""
    from flows import serving  # noqa: PLC0415

    serving.run(options.home(), host, port)


def mirror(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A folder, or the URL of a storage, for example s3://bucket/place.")
    ],
    release: Annotated[
        str | None, typer.Option(metavar="VINTAGE", help="Copy this release. Default: the newest.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Copy every release that stands here.")] = False,
) -> None:
    """Copy releases to another place, and prove each file there against its hash.

    Files are copied first, the manifest after them, the pointer last: a reader of the mirror never sees half a release.

    Run it again after a failure: only what is missing or damaged is copied. Nothing at the target is removed.
    """
    from flows import mirroring  # noqa: PLC0415

    mirroring.run(options.home(), target, release, everything=everything)
