"""What an engine of the aggregation must be able to do: make the table `tile` of a file, and answer SQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from warehouse.tiles.lookup import Lookup


class Tables(Protocol):
    """One file inside an engine. The table `lookup` is there already."""

    def tile(self, columns: str) -> None:
        """Make the table `tile` of the start of a query; the engine puts the file behind it."""

    def ask(self, statement: str) -> pa.Table:
        """Answer a statement."""


Job = Callable[[Tables], pa.Table]


class Engine(Protocol):
    """An engine that somebody else makes: DuckDB or Spark."""

    name: str

    def run(self, job: Job, path: Path, lookup: Lookup) -> pa.Table:
        """Do a job over one file with a lookup."""
