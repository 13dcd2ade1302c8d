"""Which releases stay: the newest N and those that a person marked. What goes can be made anew by `ictdev rebuild`."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import Invalid, Unanswered
from warehouse.home import Home, write_atomically
from warehouse.releases import folders

Marks = dict[str, dict[str, str]]


def marks(home: Home) -> Marks:
    """Give who marked which release, when and why. Raises Invalid where the file was damaged."""
    if not home.kept.exists():
        return {}
    try:
        found: Marks = orjson.loads(home.kept.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Invalid(
            f"{home.kept.name} cannot be read",
            why=str(error),
            next_step="mend or remove it; until then no release is removed",
        ) from error
    return found


def mark(home: Home, name: str, *, why: str, by: str) -> None:
    """Keep a release for ever. Raises Unanswered where it is not there."""
    _there(home, name)
    day = datetime.now(UTC).date().isoformat()
    _write(home, {**marks(home), name: {"why": why, "by": by, "since": day}})


def unmark(home: Home, name: str) -> None:
    """Let a release go the way of the others again. Raises Unanswered where it was not marked."""
    found = marks(home)
    if name not in found:
        raise Unanswered(f"the release {name} is not marked", why=f"marked are: {', '.join(found) or 'none'}")
    del found[name]
    _write(home, found)


def retire(home: Home, keep: int) -> list[str]:
    """Remove all releases but the newest `keep` and the marked ones; 0 keeps all. Gives the names of those that went.

    A release loses its name in one step, so that nobody finds half of it; whoever has its files open reads on.
    """
    for left in home.releases.glob(".retired-*"):
        shutil.rmtree(left, ignore_errors=True)
    gone = list(_surplus(home, keep)) if keep else []
    for name in gone:
        aside = home.releases / f".retired-{name}"
        (home.releases / name).rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    return gone


def listing(home: Home) -> list[dict[str, Any]]:
    """Give every release with its size in bytes and its mark, newest first."""
    kept = marks(home)
    return [
        {"release": folder.name, "size": _size(folder), **kept.get(folder.name, {})}
        for folder in reversed(folders(home))
    ]


def _surplus(home: Home, keep: int) -> Iterator[str]:
    kept = marks(home)
    for folder in folders(home)[:-keep]:
        if folder.name not in kept:
            yield folder.name


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _there(home: Home, name: str) -> None:
    names = [folder.name for folder in folders(home)]
    if name not in names:
        raise Unanswered(f"there is no release {name}", why=f"there are: {', '.join(names) or 'none'}")


def _write(home: Home, found: Marks) -> None:
    write_atomically(home.kept, orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
