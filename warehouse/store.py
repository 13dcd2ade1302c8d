"""The one writer: opens the history and changes it in transactions that happen whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.resources import files
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import IctdevError
from warehouse.home import Home, next_vintage
from warehouse.literals import quoted
from warehouse.storage_version import attach_pinned, newer_maker

MEMORY_PER_THREAD = 48_000_000
"""Bytes that a thread of the database may need: a machine of many processors gets no more threads than fit."""


class MemoryTooSmall(IctdevError):
    """The work did not fit into the memory that the store was given; nothing was written."""

    title = "out of memory"


def _threads(memory: int) -> int:
    return max(1, min(os.cpu_count() or 1, memory // MEMORY_PER_THREAD))


_UNWRITTEN = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,  # what a full disk becomes at a commit
    duckdb.FatalException,
)
SCHEMA = (files("warehouse") / "store.sql").read_text(encoding="utf-8")


def instance(home: Home, memory: int | None) -> duckdb.DuckDBPyConnection:
    """Give an empty database that holds so many bytes at most and spills into the home's scratch folder."""
    con = duckdb.connect(":memory:")
    if memory is not None:
        con.execute(f"SET memory_limit = '{memory // 1_000_000}MB'")
    con.execute(f"SET temp_directory = {quoted(home.work / 'spill')}")
    return con


class Store:
    """The history database, open for writing. Use as a context manager, under `warehouse.lock.exclusive`.

    `memory` bounds the bytes that the database may hold before it spills to disk; without it DuckDB decides. Raises
    MemoryTooSmall when that is not enough.
    """

    def __init__(self, home: Home, memory: int | None = None) -> None:
        self.home = home
        self.memory = memory
        self.con: duckdb.DuckDBPyConnection

    def __enter__(self) -> Self:
        self.home.create()
        try:
            _begin(self.home)
            self.con = instance(self.home, self.memory)
            self.con.execute("SET preserve_insertion_order = false")
            if self.memory is not None:
                self.con.execute(f"SET threads = {_threads(self.memory)}")
            self.con.execute(f"ATTACH {quoted(self.home.history)} AS store")
            self.con.execute("USE store")
            self.con.execute(SCHEMA)
        except duckdb.Error as error:
            raise _unusable(self.home, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()
        if isinstance(error, _UNWRITTEN):
            kind = MemoryTooSmall if isinstance(error, duckdb.OutOfMemoryException) else IctdevError
            raise kind(
                "the history could not be written",
                why=str(error).splitlines()[0],
                next_step="free some space or memory, then run the command again; nothing was half-written",
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside happen together, or none of them."""
        self.con.execute("BEGIN")
        try:
            yield
            self.con.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):  # a fatal error has already rolled back and closed the database
                self.con.execute("ROLLBACK")
            raise

    def last_vintage(self) -> datetime | None:
        """Give the newest vintage that a run meant to publish, or None before the first."""
        last: datetime | None = self.con.execute("SELECT max(vintage) FROM store.run").fetchall()[0][0]
        return last

    def new_vintage(self) -> datetime:
        """Give a vintage later than all that the history knows."""
        last = self.con.execute("SELECT max(greatest(started, coalesce(vintage, started))) FROM store.run").fetchall()
        return next_vintage(last[0][0])

    def append(self, table: str, rows: pa.Table) -> None:
        """Add Arrow rows to a table of the store, columns by name."""
        self.con.register("rows_in", rows)
        self.con.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM rows_in")
        self.con.unregister("rows_in")

    def replace(self, table: str, column: str, rows: pa.Table) -> None:
        """Put Arrow rows in the place of those with the same value in `column`."""
        self.con.register("rows_in", rows)
        self.con.execute(f"DELETE FROM store.{table} WHERE {column} IN (SELECT {column} FROM rows_in)")
        self.con.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM rows_in")
        self.con.unregister("rows_in")

    def keep_edition(self, table: str, rows: pa.Table) -> bool:
        """Add the rows of an edition unless their bytes are held already; tell whether any were added."""
        snapshots = pc.unique(rows["snapshot"]).to_pylist()
        known = self.con.execute(
            f"SELECT DISTINCT snapshot FROM store.{table} WHERE list_contains(?, snapshot)", [snapshots]
        ).to_arrow_table()["snapshot"]
        new = rows.filter(pc.invert(pc.is_in(rows["snapshot"], value_set=known.combine_chunks())))
        if new.num_rows:
            self.append(table, new)
        return bool(new.num_rows)


def _begin(home: Home) -> None:
    """Put an empty history where none is, in one step: DuckDB cannot open a file that it was stopped in beginning."""
    if home.history.exists():
        return
    beside = home.root / f".{home.history.name}.new"
    beside.unlink(missing_ok=True)
    with duckdb.connect(":memory:") as con:
        con.execute(attach_pinned(beside, "made"))
        con.execute("DETACH made")
    os.replace(beside, home.history)  # noqa: PTH105 - the one call that is atomic


def _unusable(home: Home, error: duckdb.Error) -> IctdevError:
    """Say why the history cannot be opened: a newer DuckDB wrote it, another program has it open, or it is damaged."""
    maker = newer_maker(home.history)
    if maker:
        return IctdevError(
            f"the history {home.history.name} was written by DuckDB {maker}; this is DuckDB {duckdb.__version__}",
            why="an older DuckDB cannot read the storage version of a newer one; nothing is lost",
            next_step=f"install DuckDB {maker} or newer and refresh once, which writes the history for all versions; "
            "or make it anew from the snapshots: ictdev rebuild",
        )
    return IctdevError(
        f"the history {home.history.name} cannot be opened",
        why=str(error).splitlines()[0],
        next_step="close other programs that have it open: they can read a release instead. Do not delete the file "
        "or its .wal: the newest commits may be in there",
    )
