"""What the global options of the command line said, for every command."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.home import Home


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

    return load(**({"home": given.home} if given.home else {}))


def home() -> "Home":
    """Give the home that this command works on."""
    from warehouse.home import Home  # noqa: PLC0415

    return Home(settings().home)
