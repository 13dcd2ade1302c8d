"""The commands for those who look: the pages of a release."""

from pathlib import Path
from typing import Annotated

import typer

from flows import options
from schemas.errors import Usage


def register(app: typer.Typer) -> None:
    """Add the commands to the front door."""
    app.command(epilog="Examples:  ictdev site --out pages   ·   ictdev site --out pages --release 20261123T180412Z")(
        site
    )


def site(
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder, or one that holds such pages.")],
    release: Annotated[
        str | None, typer.Option(metavar="VINTAGE", help="Name of the release; the newest if left out.")
    ] = None,
) -> None:
    """Draw the pages of a release into a folder: they open by a double click and need neither server nor network.

    A refresh draws them into the release by itself; this is for releases without, for older ones, and for other places.
    """
    from dashboards.site.build import replace  # noqa: PLC0415
    from flows import screen  # noqa: PLC0415
    from warehouse.query import open_release  # noqa: PLC0415

    with open_release(options.home().root, release) as session:
        try:
            front = replace(session, out)
        except OSError as error:
            raise Usage(
                f"the pages cannot be written to {out}", why=str(error), next_step="name a new folder"
            ) from error
    if not options.given.quiet:
        screen.out.print(f"pages of release {session.release.vintage}: {front}", markup=False, soft_wrap=True)
