"""The aggregation on a cluster: Spark runs the same SQL. Its library is the optional extra `spark`, and needs Java."""

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from schemas.errors import IctdevError, Invalid, Usage
from warehouse.tiles.engine import Job
from warehouse.tiles.lookup import Lookup

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Spark:
    """Spark under the address of a master: `local[2]`, `spark://host:7077`, `yarn`.

    Files must be where every worker can read them under the same path. `options` are Spark's own settings.
    """

    name = "spark"

    def __init__(self, master: str, **options: str) -> None:
        self.master = master
        self.options = options

    def run(self, job: Job, path: Path, lookup: Lookup) -> pa.Table:
        """Do a job over one file. Raises Usage without Spark or Java, Invalid for a file that Spark cannot read."""
        try:
            from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
            from pyspark.errors import PySparkException  # noqa: PLC0415
        except ImportError as error:
            raise Usage(
                "Spark is not installed", why=str(error), next_step='install it: pip install "ictdev[spark]"'
            ) from error
        session = self._session()
        try:
            session.createDataFrame(lookup.table).createOrReplaceTempView("lookup")
            session.read.parquet(path.resolve().as_uri()).createOrReplaceTempView("tile_file")
            return job(_Tables(session))
        except (PySparkException, Py4JError) as error:
            raise Invalid(
                f"Spark could not work on {path.name}",
                why=_reason(error),
                next_step="see that every worker can read the file under this path",
            ) from error
        finally:
            session.stop()

    def _session(self) -> "SparkSession":
        from pyspark.sql import SparkSession  # noqa: PLC0415

        options = {"spark.sql.ansi.enabled": "true", "spark.ui.enabled": "false", "spark.log.level": "ERROR"}
        if self.master.startswith("local"):
            options["spark.driver.bindAddress"] = options["spark.driver.host"] = "127.0.0.1"
        builder = SparkSession.builder.master(self.master).appName("ictdev tiles")
        for name, value in {**options, **self.options}.items():
            builder = builder.config(name, value)
        try:
            session: SparkSession = builder.getOrCreate()
        except Exception as error:  # py4j's errors have no common ancestor below this
            raise IctdevError(
                f"Spark did not start under {self.master}",
                why=_reason(error),
                next_step="check spark_master, and that Java 17 or newer is installed",
            ) from error
        return session


def _reason(error: Exception) -> str:
    """Give the innermost reason of a Java error, or the first line of any other."""
    lines = str(error).splitlines() or ["no reason given"]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    return (causes or lines)[-1 if causes else 0].removeprefix("Caused by: ")[:300]


class _Tables:
    """One file's table `tile` in Spark."""

    def __init__(self, session: "SparkSession") -> None:
        self._session = session

    def tile(self, columns: str) -> None:
        self._session.sql(f"CREATE OR REPLACE TEMPORARY VIEW tile AS {columns} tile_file")

    def ask(self, statement: str) -> pa.Table:
        return self._session.sql(statement).toArrow()
