"""The aggregation on one machine: DuckDB streams the Parquet file, within a bound of memory, and spills beyond it."""

from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.errors import IctdevError, Invalid
from warehouse.literals import quoted
from warehouse.tiles.engine import Job
from warehouse.tiles.lookup import Lookup

MEMORY_PER_THREAD = 200_000_000
"""Bytes that a thread should have, so that hash tables spill in large pieces."""


class DuckDB:
    """DuckDB in this process. `memory` bounds its buffers, `spill` is a folder for what does not fit."""

    name = "duckdb"

    def __init__(self, memory: int, spill: Path) -> None:
        self.memory = memory
        self.spill = spill

    def run(self, job: Job, path: Path, lookup: Lookup) -> pa.Table:
        """Do a job over one file. Raises Invalid for a damaged file, IctdevError where memory and disk run out."""
        try:
            with duckdb.connect(":memory:", config=self._config()) as con:
                con.register("lookup", lookup.table)
                return job(_Tables(con, path))
        except duckdb.OutOfMemoryException as error:
            raise IctdevError(
                f"{path.name} did not fit into memory and disk",
                why=str(error).splitlines()[0],
                next_step="raise tiles_memory, or free space where the home lies",
            ) from error
        except duckdb.Error as error:
            raise Invalid(
                f"{path.name} cannot be read to its end", why=str(error).splitlines()[0], next_step="fetch it again"
            ) from error

    def _config(self) -> dict[str, str | int | bool]:
        return {
            "memory_limit": f"{self.memory // 1_000_000}MB",
            "temp_directory": str(self.spill),
            "preserve_insertion_order": False,
            "threads": max(1, min(_processors(), self.memory // MEMORY_PER_THREAD)),
        }


class _Tables:
    """One file's table `tile` in DuckDB."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._con = con
        self._path = path

    def tile(self, columns: str) -> None:
        self._con.execute(f"CREATE OR REPLACE VIEW tile AS {columns} read_parquet({quoted(self._path)})")

    def ask(self, statement: str) -> pa.Table:
        return self._con.execute(statement).to_arrow_table()


def _processors() -> int:
    import os  # noqa: PLC0415 - only here

    return os.cpu_count() or 1
