"""The release that readers are sent to: where it lies, and what its manifest says.

Imports no engine, so that a command that only has to find a release starts at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import Invalid, Unanswered
from warehouse.home import Home

DATABASE = "ictdev.duckdb"


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: where it lies and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def vintage(self) -> str:
        """Name of the release."""
        return str(self.manifest["vintage"])

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.folder / DATABASE


def latest(home: Home) -> Release | None:
    """Give the newest release, or None where nothing was published yet. Raises Invalid for a broken pointer.

    A release may be retired between the reading of the pointer and of the manifest; then the pointer has moved on.
    """
    if not home.pointer.exists():
        return None
    content = home.pointer.read_bytes()
    while True:
        try:
            folder = home.root / str(orjson.loads(content)["release"])
            return Release(folder, orjson.loads((folder / "manifest.json").read_bytes()))
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
            former, content = content, home.pointer.read_bytes()
            if content == former:
                raise _broken(home, error) from error


def _broken(home: Home, error: Exception) -> Invalid:
    return Invalid(
        f"the pointer {home.pointer.name} does not lead to a whole release",
        why=str(error),
        next_step="run ictdev refresh, which publishes anew from the history",
    )


def newest(home: Home) -> Release:
    """Give the newest release. Raises Unanswered where nothing was published yet."""
    found = latest(home)
    if found is None:
        raise Unanswered(
            f"nothing has been published in {home.root} yet",
            next_step="ictdev refresh --bundled   (takes the figures that ship with the project, needs no network)",
        )
    return found
