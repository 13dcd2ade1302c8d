"""The aggregation on one machine: DuckDB, in bounded memory, spilling to disk."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.errors import IctdevError, Invalid
from warehouse.literals import quoted
from warehouse.tiles.aggregate import MEMORY, Aggregate, Row, aggregate

MEMORY_PER_THREAD = 150_000_000
_MEMORY_PER_TILE = 3
"""Bytes with which all measures of a tile may fit in one reading: 200 million tiles, made up, did in 600 MB."""


class OnDuckDB:
    """A connection that knows the tiles of one Parquet file and a lookup."""

    def __init__(self, con: duckdb.DuckDBPyConnection, memory: int | None = None) -> None:
        self.con = con
        self.memory = memory
        """Bytes that the connection may hold; None for as much as it wants."""

    def execute(self, statement: str) -> None:
        """Run one statement."""
        self.con.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """Give the rows of a query."""
        return self.con.sql(query).to_arrow_table().to_pylist()

    def keep(self, name: str, query: str) -> None:
        """Work a query out once, as a temporary table."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def in_parts(self, query: str, parts: Sequence[str]) -> list[Row]:
        """Give the rows of a query in one reading of the file, or in one for each part where it does not fit."""
        if self._holds_all():
            with suppress(duckdb.OutOfMemoryException):  # how much a tile takes depends on how many averages differ
                return self.rows(query)
        return [row for part in parts for row in self.rows(f"{query} WHERE {part}")]

    def _holds_all(self) -> bool:
        if self.memory is None:
            return True
        ((tiles,),) = self.con.sql("SELECT count(*) FROM tiles").fetchall()
        return bool(tiles * _MEMORY_PER_TILE <= self.memory)


def run(tiles: Path, lookup: pa.Table, memory: int = MEMORY) -> Aggregate:
    """Aggregate a Parquet file of tiles. Raises Invalid for a damaged file, IctdevError where memory or disk end."""
    with tempfile.TemporaryDirectory(prefix="ictdev-tiles-") as spill, connected(memory, Path(spill)) as con:
        try:
            con.execute(f"CREATE TEMP VIEW tiles AS FROM read_parquet({quoted(tiles)}, hive_partitioning = false)")
            con.register("lookup_in", lookup)
            con.execute("CREATE TEMP TABLE lookup AS FROM lookup_in")
            return aggregate(OnDuckDB(con, memory))
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise _no_room(tiles, error) from error
        except duckdb.Error as error:
            raise damaged(tiles, str(error)) from error


def connected(memory: int, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that holds no more than `memory` bytes and puts the rest into `spill`."""
    con = duckdb.connect(":memory:")
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"SET memory_limit = '{memory // 1_000_000}MB'")
    con.execute(f"SET temp_directory = {quoted(spill)}")
    threads = int(con.sql("SELECT current_setting('threads')").fetchall()[0][0])
    con.execute(f"SET threads = {max(1, min(threads, memory // MEMORY_PER_THREAD))}")
    return con


def damaged(tiles: Path, why: str) -> Invalid:
    """Give the error of a file whose inside cannot be read."""
    return Invalid(
        f"{tiles.name} cannot be read to its end",
        why=why.splitlines()[0][:300],
        next_step="the download was probably cut off or damaged: fetch the file again",
    )


def _no_room(tiles: Path, error: duckdb.Error) -> IctdevError:
    return IctdevError(
        f"{tiles.name} could not be aggregated",
        why=str(error).splitlines()[0][:300],
        next_step="free disk space for what does not fit into memory, or give more with tiles_memory (ictdev.toml)",
    )
