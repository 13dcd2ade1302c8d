"""What many tests read: built once per state of the code, kept on disk, handed out as copies.

A kept folder is built by the first session, or worker, that needs it; the others wait. Ask for one from a fixture of
scope `session` only: such a fixture is set up before any patch of a single test.
"""

import hashlib
import inspect
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from warehouse.home import Home

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "homes"
PACKAGES = ("flows", "schemas", "indicators", "warehouse", "dashboards")
SHARED = [
    ROOT / "requirements.lock",
    *(path for path in sorted((ROOT / "tests").glob("*.py")) if path.stem[:5] != "test_"),
]
AN_HOUR = 3600.0
Build = Callable[[Path], object]
"""Fills an empty folder."""


def kept(name: str, build: Build) -> Path:
    """Give the folder that `build` fills, from disk where this state of the code has built it. Only to be read."""
    place = _shelf() / f"{name}-{_digest([Path(inspect.getfile(build))])[:12]}"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            beside = place.with_name(f"{place.name}.half")
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            build(beside)
            beside.rename(place)
    return place


def copied(source: Path, to: Path) -> Path:
    """Give a copy that a test may change."""
    return Path(shutil.copytree(source, to, dirs_exist_ok=True))


def linked(source: Path, to: Path) -> Path:
    """Give a copy whose files are those of the original: for tests that only read, or replace files as a whole."""
    return Path(shutil.copytree(source, to, copy_function=_link, dirs_exist_ok=True))


def _link(source: str, to: str) -> None:
    """Give a file another name; copy it where the other place lies on another disk."""
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)


def home_of(folder: Path) -> Home:
    """Give the home inside a kept folder or a copy of one."""
    return Home(folder / "home")


@cache
def _shelf() -> Path:
    """Give the folder of this state of the code, and remove those of others that nobody has used for an hour."""
    place = KEPT / fingerprint()[:16]
    place.mkdir(parents=True, exist_ok=True)
    os.utime(place)
    for other in KEPT.iterdir():
        with suppress(OSError):
            if other != place and time.time() - other.stat().st_mtime > AN_HOUR:
                shutil.rmtree(other)
    return place


@cache
def fingerprint() -> str:
    """Hash of all that a kept home depends on: the packages, what is installed, the builders' common parts, the day."""
    day = datetime.now(UTC).date().isoformat()
    return _digest([*SHARED, *_sources()], f"{day} {duckdb.__version__}")


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _digest(paths: list[Path], *words: str) -> str:
    digest = hashlib.sha256("".join(words).encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


Keep = Callable[[str, Build], Path]


@pytest.fixture(scope="session")
def keep() -> Keep:
    """Give `kept` to fixtures of the same scope, so that no test can ask for it under its own patches."""
    return kept
