"""The database of our Prefect server: copied ready made, migrated where it is older, set aside where it is unreadable.

Prefect migrates an empty database for some eight seconds, and every start looks through all migrations. So one ready
database per installed version is kept, and a start migrates only what is known to need it.
"""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from flows.engine import named
from flows.engine.environment import state_folder
from schemas import kept
from schemas.errors import IctdevError
from warehouse.home import Home, vintage_text, write_atomically

NAME = "prefect-database"
PROCESS = Path(__file__).with_name("process.py")
_REVISION = re.compile(r"^(revision|down_revision) = [\"'](\w+)[\"']", re.MULTILINE)
_FILES = ("", "-wal", "-shm")
"""What SQLite puts behind the name of a database that is in use."""
_UNREADABLE = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR"}


class Standing(StrEnum):
    """What became of a database since a server last used it."""

    ABSENT = "absent"
    CURRENT = "current"
    OLDER = "older"
    FOREIGN = "written by another version of Prefect, newer than the installed one"
    DAMAGED = "damaged"


def place(home: Home) -> Path:
    """Give the file of the database: in the folder that the user named for Prefect's state, else in the home."""
    return Path(os.environ.get("PREFECT_HOME") or state_folder(home)).expanduser() / "prefect.db"


def prepare(home: Home) -> tuple[bool, str]:
    """Have a database that a server can open at once.

    Give whether the server has to migrate it, and a sentence where one was set aside. Raises IctdevError for one that
    this Prefect cannot read in a folder that is not ours to tidy.
    """
    if named.database():
        return True, ""
    path, note = place(home), ""
    standing = look(path)
    if standing in (Standing.FOREIGN, Standing.DAMAGED):
        note = _set_aside(path, standing, home)
        standing = Standing.ABSENT
    if standing is Standing.ABSENT:
        _begin(path)
    return standing is Standing.OLDER, note


def look(path: Path) -> Standing:
    """Tell how a database stands to the installed Prefect. Raises IctdevError where it cannot be opened at all."""
    if not path.exists() or path.stat().st_size == 0:
        return Standing.ABSENT
    try:
        found = _revision(path)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "SQLITE_CORRUPT") in _UNREADABLE:
            return Standing.DAMAGED
        raise IctdevError(
            f"Prefect's database {path} cannot be opened",
            why=str(error),
            next_step="mend its rights, or name another folder with PREFECT_HOME",
        ) from error
    if found == head():
        return Standing.CURRENT
    return Standing.OLDER if found in revisions() else Standing.FOREIGN


def _revision(path: Path) -> str:
    """Give the revision of a database whose pages are whole; raises sqlite3.Error otherwise."""
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=10)
    try:
        (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    return str(found)


@cache
def revisions() -> Mapping[str, str]:
    """Give the revisions that the installed Prefect knows, each with the one before it."""
    spec = find_spec("prefect")
    root = Path(((spec and spec.submodule_search_locations) or [""])[0])
    known = {}
    for file in (root / "server" / "database" / "_migrations" / "versions" / "sqlite").glob("*.py"):
        found = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        known[found["revision"]] = found.get("down_revision", "")
    return known


def head() -> str:
    """Give the revision that no other one follows: what the installed Prefect works on."""
    known = revisions()
    return next(iter(known.keys() - set(known.values())), "")


def _set_aside(path: Path, standing: Standing, home: Home) -> str:
    """Rename a database of ours that is of no use; give the sentence that says so."""
    if path.parent.resolve() != state_folder(home):
        raise IctdevError(
            f"Prefect's database {path} cannot be used",
            why=f"it is {standing}",
            next_step="unset PREFECT_HOME to have one in the home, or move the file away",
        )
    aside = path.with_name(f"{path.stem}.set-aside-{vintage_text(datetime.now(UTC))}{path.suffix}")
    for ending in _FILES:
        there = path.with_name(path.name + ending)
        if there.exists():
            there.rename(aside.with_name(aside.name + ending))
    return f"Prefect's database was {standing}: it is set aside as {aside.name} and begun anew; no figure is in it"


def aside(home: Home) -> list[Path]:
    """Name the databases that were set aside and may be removed."""
    return sorted(place(home).parent.glob("prefect.set-aside-*.db"))


def _begin(path: Path) -> None:
    """Put a copy of the ready database in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for ending in _FILES[1:]:
        path.with_name(path.name + ending).unlink(missing_ok=True)  # of a database that is no more
    write_atomically(path, ready())


def ready() -> bytes:
    """Give the ready database of the installed version, made now where none is kept."""
    return kept.kept(NAME, key(), _make)


def is_ready() -> bool:
    """Tell whether the ready database of the installed version is kept and whole."""
    return kept.intact(kept.place(NAME, key())) is not None


def ready_is_damaged() -> bool:
    """Tell whether what is kept as the ready database of the installed version is not whole."""
    return kept.place(NAME, key()).exists() and not is_ready()


def key() -> str:
    """Name all that decides what an empty database looks like."""
    packages = [f"{name} {version(name)}" for name in ("prefect", "sqlalchemy", "alembic", "aiosqlite")]
    return ", ".join([*packages, f"sqlite {sqlite3.sqlite_version}", f"revision {head()}"])


def _make() -> bytes:
    """Have Prefect make an empty database in a folder of its own, untouched by what the user has set."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    with tempfile.TemporaryDirectory(prefix="ictdev-prefect-") as folder:
        environment = {**clean, "PREFECT_HOME": folder, "DO_NOT_TRACK": "1", "PREFECT_LOGGING_LEVEL": "CRITICAL"}
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", str(PROCESS), "migrate"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise IctdevError(
                "Prefect's database could not be made",
                why=(done.stderr.strip().splitlines() or ["it said nothing"])[-1],
                next_step="ictdev doctor",
            )
        return (Path(folder) / "prefect.db").read_bytes()
