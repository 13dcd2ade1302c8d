"""The aggregation on Spark, for what outgrows one machine: the same text. An optional extra."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from schemas.errors import IctdevError, Usage
from warehouse.tiles.aggregate import Aggregate, Row, aggregate

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"


class OnSpark:
    """A Spark session that knows the tiles of a Parquet file and a lookup."""

    def __init__(self, session: "SparkSession") -> None:
        self.session = session

    def execute(self, statement: str) -> None:
        """Run one statement."""
        self.session.sql(statement)

    def rows(self, query: str) -> list[Row]:
        """Give the rows of a query."""
        return [row.asDict() for row in self.session.sql(query).collect()]

    def keep(self, name: str, query: str) -> None:
        """Work a query out once, in the memory of the workers."""
        self.session.sql(query).cache().createOrReplaceTempView(name)

    def in_parts(self, query: str, parts: Sequence[str]) -> list[Row]:  # noqa: ARG002 - a cluster has room
        """Give the rows of a query."""
        return self.rows(query)


def run(tiles: Path, lookup: pa.Table, master: str = LOCAL) -> Aggregate:
    """Aggregate a Parquet file of tiles on the cluster `master`, whose workers must reach the file by the same path.

    Raises Usage where PySpark is missing, IctdevError where Spark cannot be started or fails.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415
    except ImportError as error:
        raise Usage(
            "tiles_engine is spark, and PySpark is not installed",
            why=str(error),
            next_step="pip install 'ictdev[spark]' (it needs Java 17), or set tiles_engine to duckdb",
        ) from error
    session = None
    try:
        session = started(master)
        # a path, not an address: Spark takes %3D for part of the name
        session.read.parquet(f"file:{tiles.resolve().as_posix()}").createOrReplaceTempView("tiles")
        session.createDataFrame(lookup).createOrReplaceTempView("lookup")
        return aggregate(OnSpark(session))
    except (PySparkException, OSError, RuntimeError, _from_java()) as error:
        raise IctdevError(
            f"Spark could not aggregate {tiles.name}",
            why=str(error).strip().partition("\n")[0][:300],
            next_step="look into Spark's log; tiles_engine = duckdb does the same on this machine",
        ) from error
    finally:
        if session is not None:
            session.stop()


def _from_java() -> type[Exception]:
    from py4j.protocol import Py4JError  # noqa: PLC0415

    found: type[Exception] = Py4JError
    return found


def started(master: str) -> "SparkSession":
    """Give a session on `master`, quiet and without a page of its own."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    session = (
        SparkSession.builder.master(master)
        .appName("ictdev tiles")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session
