"""Spark runs the same SQL and gives the same bytes; skipped, with the reason, where Spark or Java is missing."""

import importlib.util
import shutil

import numpy as np
import pytest

from schemas.errors import IctdevError, Usage
from tests.tiles import key, write, write_lookup
from warehouse.tiles import statement
from warehouse.tiles.condense import condense
from warehouse.tiles.lookup import load
from warehouse.tiles.on_duckdb import DuckDB
from warehouse.tiles.on_spark import Spark

_SPARK = importlib.util.find_spec("pyspark") is not None
needs_spark = pytest.mark.skipif(
    not _SPARK or shutil.which("java") is None,
    reason="needs " + ("Java" if _SPARK else "pyspark (the extra `spark`)"),
)


@pytest.fixture(scope="module")
def spark():
    """Few partitions: the figures are few, and each partition is a task."""
    return Spark("local[2]", **{"spark.sql.shuffle.partitions": "2"})


@needs_spark
def test_both_engines_give_the_same_bytes(tmp_path, spark):
    """The tolerance is zero, because the SQL gives whole numbers only."""
    assert statement.TOLERANCE == 0
    chance = np.random.default_rng(7)
    rows = [
        {
            "quadkey": key(str(chance.choice(["00", "010", "012", "10", "2"])), at),
            "avg_d_kbps": int(chance.lognormal(10, 1)),
            "avg_u_kbps": int(chance.lognormal(9, 1)),
            "avg_lat_ms": int(chance.integers(1, 300)),
            "tests": int(chance.integers(0 if at < 5 else 1, 50)),
            "devices": int(chance.integers(1, 9)),
        }
        for at in range(3_000)
    ]
    lookup = load(write_lookup(tmp_path, ("0", "SEN"), ("01", "GHA", "U"), ("012", "GHA", "R"), ("1", "KEN", "U")))
    path = write(tmp_path, *rows, rows[0] | {"quadkey": key("00", 9_999)}, rows[9])
    assert condense(path, lookup, spark) == condense(path, lookup, DuckDB(400_000_000, tmp_path / "spill"))


@needs_spark
def test_a_file_that_spark_cannot_read_is_told(tmp_path, spark):
    path = write(tmp_path, *[{"quadkey": key("0", at), "avg_d_kbps": at} for at in range(5_000)])
    content = bytearray(path.read_bytes())
    content[100:2_000] = b"\xff" * 1_900
    path.write_bytes(bytes(content))
    with pytest.raises(IctdevError, match=path.name):
        condense(path, load(write_lookup(tmp_path, ("0", "SEN"))), spark)


@pytest.mark.skipif(_SPARK, reason="Spark is installed")
def test_without_spark_the_extra_is_named(tmp_path):
    with pytest.raises(Usage) as caught:
        condense(write(tmp_path, {}), load(write_lookup(tmp_path, ("0", "SEN"))), Spark("local[1]"))
    assert "ictdev[spark]" in caught.value.next_step
