"""DuckDB and Spark run the same text and must say the same, to the last byte: the declared tolerance is none."""

import random
from functools import partial

import pytest

from schemas.errors import IctdevError, Usage
from tests.warehouse.tiles.made import MLI, NAME, SEN, lookup, parquet, quadkey, tile
from warehouse.tiles import on_duckdb, on_spark
from warehouse.tiles.condense import condense

SPARK = partial(on_spark.run, master="local[2]")


def _mixed(count):
    """Make tiles of which some cannot count, for every reason that there is."""
    chance = random.Random(10)
    rows = []
    for at in range(count):
        row = tile(
            quadkey(chance.choice([f"{SEN}0", f"{SEN}1", MLI, "222"]), at),
            int(chance.lognormvariate(10, 1)),
            int(chance.lognormvariate(9, 1)),
            chance.randint(5, 90),
            chance.randint(1, 40),
        )
        wrong = [
            ("tests", 0),
            ("avg_d_kbps", -1),
            ("avg_lat_ms", None),
            ("quadkey", "0333"),
            ("quadkey", "no quadkey, 16"),
        ]
        rows.append({**row, **dict([chance.choice(wrong)])} if chance.random() < 0.05 else row)
    return [*rows, *rows[:5], *({**row, "tests": 99} for row in rows[5:9])]


@pytest.mark.spark
def test_both_engines_give_the_same_bytes(tmp_path):
    """The publisher's folders have equals signs, which an address would write otherwise."""
    areas = lookup(tmp_path)
    path = parquet(tmp_path, _mixed(5_000), f"type=fixed/year=2024/quarter=4/{NAME}")
    assert condense(path, areas, SPARK) == condense(path, areas, on_duckdb.run)


@pytest.mark.spark
def test_a_file_that_is_damaged_inside_is_told_by_spark_too(tmp_path):
    path = parquet(tmp_path, _mixed(5_000))
    content = bytearray(path.read_bytes())
    content[4:4000] = bytes(3996)
    path.write_bytes(bytes(content))
    with pytest.raises(IctdevError, match=NAME):
        condense(path, lookup(tmp_path), SPARK)


def test_without_pyspark_the_setting_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark.errors", None)
    with pytest.raises(Usage, match="PySpark is not installed"):
        condense(parquet(tmp_path, _mixed(9)), lookup(tmp_path), on_spark.run)
