"""Keeping the history small: writing it anew, when it has grown by a fifth, in an order in which it compresses well.

DuckDB compresses runs of like values. Closed figures lie scattered among those that stand, and what an update replaces
stays as free blocks; written anew, the figures that stand come first and the closed ones behind them by vintage, and
ten vintages take less than half the bytes. What the history says stays the same.
"""

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from warehouse.home import Home
from warehouse.literals import quoted
from warehouse.storage_version import PINNED, attach_pinned, storage_number
from warehouse.store import SCHEMA, instance

GROWTH = 1.2
"""Rewritten when it is this many times as large as it last was."""
LEAST_GROWTH = 2_000_000
"""Bytes that it must have grown by: a small file is not worth the work."""
_ORDERED = {
    "history": "(FROM old.history WHERE vintage_to IS NULL) UNION ALL "
    "(FROM old.history WHERE vintage_to IS NOT NULL ORDER BY vintage_from, vintage_to, rowid)"
}
"""One query, and so one insert: what is written in two leaves free blocks."""


def compact_when_due(home: Home, memory: int | None = None) -> bool:
    """Write the history anew if that is worth it; tell whether it was done. Needs `warehouse.lock.exclusive`.

    `memory` bounds the bytes that the database may hold before it spills to disk. Where the disk is too full for a
    second copy, or somebody reads the history, it stays as it is until the next run.
    """
    if Path(f"{home.history}.wal").exists():  # commits that are not in the file yet
        return False
    beside = home.root / f".{home.history.name}.compact"
    try:
        if not _due(home):
            return False
        _rewrite(home, beside, memory)
        os.replace(beside, home.history)  # noqa: PTH105 - the one call that is atomic
        _note(home)  # by itself: another change while it is written leaves free blocks
    except (duckdb.Error, OSError):
        return False
    finally:
        for left in (beside, Path(f"{beside}.wal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return True


def _due(home: Home) -> bool:
    """Hold the file's size against what it took when it was last written anew, or first looked at.

    A file of a newer storage version is written anew too, so that older versions of DuckDB open it again.
    """
    if (storage_number(home.history) or PINNED) > PINNED:
        return True
    size = home.history.stat().st_size
    with duckdb.connect(str(home.history), read_only=True) as con:
        found = con.execute("SELECT max(bytes) FROM compaction").fetchall()[0][0]
    if found is None:
        _note(home)
        return False
    return bool(size > max(found * GROWTH, found + LEAST_GROWTH))


def _note(home: Home) -> None:
    """Write down how large the file is now, free blocks left out."""
    with duckdb.connect(str(home.history)) as con:
        con.execute("INSERT INTO compaction SELECT used_blocks * block_size FROM pragma_database_size()")


def _rewrite(home: Home, path: Path, memory: int | None) -> None:
    path.unlink(missing_ok=True)
    with instance(home, memory) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("SET threads = 1")  # several leave free blocks behind
        con.execute(f"ATTACH {quoted(home.history)} AS old (READ_ONLY)")
        con.execute(attach_pinned(path, "store"))
        con.execute("USE store")
        con.execute(SCHEMA)
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'").fetchall()
        for name in sorted({row[0] for row in names} - {"compaction"}):
            con.execute(f"INSERT INTO store.{name} BY NAME {_ORDERED.get(name, f'FROM old.{name}')}")
    with path.open("rb+") as written:
        os.fsync(written.fileno())
