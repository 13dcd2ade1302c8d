"""What the global options of the command line said, for every command."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows import untouched

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.home import Home
    from warehouse.pointer import Release
    from warehouse.sandbox import Limits


@dataclass
class Given:
    """The global options, as they were given."""

    home: Path | None = None
    quiet: bool = False
    json_log: bool = False
    debug: bool = False


given = Given()


def settings() -> "Settings":
    """Give the settings; the folder that the command line names comes first."""
    from flows.settings import load  # noqa: PLC0415 - each command loads only what it needs
    from warehouse.lake.address import LOCAL, VARIABLE  # noqa: PLC0415

    found = load(**({"home": given.home} if given.home else {}))
    if found.storage.get_secret_value() != LOCAL:
        os.environ[VARIABLE] = found.storage.get_secret_value()  # where readers look for it, those in a program too
    return found


def home() -> "Home":
    """Give the home that this command works on."""
    from warehouse.home import Home  # noqa: PLC0415

    plain = untouched.home()
    if plain is None:
        return Home(settings().home)
    return Home(given.home or plain)


def sql_limits() -> "Limits":
    """Give what one query may use."""
    from warehouse.sandbox import Limits  # noqa: PLC0415

    return Limits() if untouched.home() else settings().sql_limits()


def release() -> "Release":
    """Give the newest release: the home's, or the shared storage's where the home has none of its own."""
    from warehouse import pointer  # noqa: PLC0415

    place = home()
    if place.pointer.exists():
        return pointer.newest(place)
    from warehouse.lake.reading import newest  # noqa: PLC0415 - loads the engine, without which a query starts sooner

    return newest(place)


def tell_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    """Print which version this is, and end."""
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - only who asks

        typer.echo(f"ictdev {version('ictdev')}")
        raise typer.Exit
