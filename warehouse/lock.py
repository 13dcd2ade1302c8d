"""The lock: at most one refresh works on a home. The operating system frees it when a process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from schemas.errors import Busy
from warehouse.home import Home

PATIENCE = 0.2
"""Seconds to wait for the lock: somebody may just be looking whether it is held."""


@contextmanager
def exclusive(home: Home) -> Iterator[None]:
    """Hold the home for one refresh. Raises Busy, naming the other process, when it is taken."""
    home.create()
    lock = FileLock(str(home.lock))
    owner = home.lock.with_suffix(".owner")
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=0.02)
    except Timeout as error:
        raise _busy(owner) from error
    try:
        _leave_note(owner)
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def held(home: Home) -> bool:
    """Tell whether a refresh is running on the home, without disturbing it."""
    if not home.lock.exists():
        return False
    handle = os.open(home.lock, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _leave_note(owner: Path) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with suppress(OSError):  # the note is a courtesy; the lock itself is the guard
        owner.write_bytes(orjson.dumps({"pid": os.getpid(), "started": started}))


def _busy(owner: Path) -> Busy:
    try:
        note = orjson.loads(owner.read_bytes())
        who = f"process {note['pid']}, started {note['started']}"
    except (OSError, orjson.JSONDecodeError, KeyError):
        who = "a process that left no note"
    return Busy(
        "another refresh is running on this home",
        why=who,
        next_step="wait until it ends; readers are not disturbed: ictdev status",
    )
