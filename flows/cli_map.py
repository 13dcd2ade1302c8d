"""The command by which an operator says what a publisher's unknown code means."""

from typing import Annotated

import typer

from flows import options


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command(
        "map",
        epilog="Examples:  ictdev map   ·   ictdev map unsd_sdg age 25-74=Y25T74 --why 'age base of the survey'   ·   "
        "ictdev map uis rowId '*=_T' --why 'a running number'   ·   ictdev map unsd_sdg age 25-74 --remove",
    )(map_codes)


def map_codes(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Id of the publisher; without it what is mapped is listed.")
    ] = "",
    dimension: Annotated[
        str,
        typer.Argument(
            metavar="DIMENSION",
            help="area, sex, age, urbanisation, breakdown, status, unit, or a column of the publisher.",
        ),
    ] = "",
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="CODE=OURS…", help="The publisher's code, and the one of ours.")
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why it means that; written down.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so. Default: your login name.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the mapping of these codes back.")] = False,
) -> None:
    """Say what a code means that a publisher uses and ictdev does not know.

    The records that were set aside for it go in at the next refresh. What was in force is written into the journal.
    """
    from flows import mapping, screen  # noqa: PLC0415
    from schemas.errors import Usage  # noqa: PLC0415
    from warehouse.lock import exclusive  # noqa: PLC0415

    home = options.home()
    if not source:
        names = ("source", "dimension", "code", "ours", "why", "by", "since")
        screen.grid(names, [[str(getattr(one, name)) for name in names] for one in mapping.load(home)])
        return
    if not dimension or not codes:
        raise Usage("a mapping names a dimension and CODE=OURS", next_step="ictdev map --help")
    entries = [] if remove else mapping.parse(source, dimension, codes, why=why, by=by)
    home.create()
    with exclusive(home):
        if remove:
            mapping.remove(home, source, dimension, codes)
        else:
            mapping.add(home, entries)
    if not options.given.quiet:
        screen.next_step("next", "ictdev refresh", "reads the same answers anew, by what is mapped now")
