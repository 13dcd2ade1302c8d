"""The commands that look back: what changed, which releases stand, whether all is whole, and making it anew."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows import options
from schemas.errors import Unanswered, Usage


def register(app: typer.Typer) -> None:
    """Add the commands to the front door."""
    app.command(
        epilog="Examples:  ictdev diff   ·   ictdev diff --from 2026-01-01 --indicator internet_users   ·   "
        "ictdev diff --format html --out changes.html"
    )(diff)
    app.command(
        epilog="Examples:  ictdev release   ·   ictdev release --keep 20261123T180412Z --why 'annual report'   ·   "
        "ictdev release --accept world_bank --why 'rebased, see their notice of 2 June'"
    )(release)
    app.command(epilog="Examples:  ictdev verify   ·   ictdev verify --repair")(verify)
    app.command(epilog="Example:  ictdev rebuild")(rebuild)


def diff(
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Vintage or date; default: the release before.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Vintage or date; default: the newest release.")
    ] = None,
    source: Annotated[str, typer.Option(metavar="ID", help="Only this source.")] = "",
    indicator: Annotated[str, typer.Option(metavar="ID", help="Only this indicator.")] = "",
    area: Annotated[str, typer.Option(metavar="CODE", help="Only this economy or group.")] = "",
    year: Annotated[str, typer.Option(metavar="YEAR", help="Only this year or period.")] = "",
    format: Annotated[Literal["table", "csv", "json", "html"], typer.Option(help="Form of the answer.")] = "table",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the answer to this file.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Changes to show; csv and json hold all.")] = 25,
) -> None:
    """Say what changed between two vintages, figure by figure, with cause: largest revisions first."""
    from flows.diff import compare  # noqa: PLC0415
    from flows.diff_screen import write  # noqa: PLC0415
    from warehouse.query import open_release  # noqa: PLC0415
    from warehouse.revisions import Only  # noqa: PLC0415

    with open_release(options.home().root) as session:
        found = compare(session, since, until, Only(source, indicator, area, year))
    write(found, format, out, limit)


def release(
    keep: Annotated[str | None, typer.Option(metavar="VINTAGE", help="Never remove this release.")] = None,
    let_go: Annotated[str | None, typer.Option(metavar="VINTAGE", help="Take that back.")] = None,
    accept: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Let through what is quarantined of this source.")
    ] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, which is written down.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides; default: the user of this machine.")] = "",
) -> None:
    """List the releases, keep one for ever, or let through what was quarantined."""
    from flows import releasing  # noqa: PLC0415

    if sum(one is not None for one in (keep, let_go, accept)) > 1:
        raise Usage("give one of --keep, --let-go and --accept at a time")
    if accept is not None:
        raise typer.Exit(releasing.accept(options.settings(), accept, why=why, by=by))
    if keep is not None:
        releasing.keep(options.home(), keep, why=why, by=by)
    elif let_go is not None:
        releasing.let_go(options.home(), let_go)
    else:
        releasing.show(options.home())


def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Make anew what is damaged, from the snapshots.")] = False,
) -> None:
    """Check every hash: raw snapshots, journal, history, every file of every release, and the pointer."""
    from flows.upkeep import verify_home  # noqa: PLC0415

    verify_home(options.home(), repair=repair)


def rebuild(
    force: Annotated[
        bool, typer.Option("--force", help="Replace the history even where releases that stand differ from it.")
    ] = False,
) -> None:
    """Make history and releases anew from snapshots and journal alone, and hold them against those that stand."""
    from flows.upkeep import rebuild_home  # noqa: PLC0415

    if not options.home().snapshots.is_dir():
        raise Unanswered(f"there are no snapshots in {options.home().root}", next_step="ictdev refresh --bundled")
    rebuild_home(options.home(), force=force)
