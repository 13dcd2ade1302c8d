"""Files of tiles as they come: sad paths first, then what the figures are."""

import json

import pyarrow as pa
import pytest

from schemas.errors import Changed, Empty, IctdevError, Invalid, Usage
from schemas.sources import ookla_tiles
from tests.warehouse.tiles.made import MLI, NAME, SEN, lookup, parquet, quadkey, tile
from warehouse.tiles import on_duckdb
from warehouse.tiles.condense import condense


def _condensed(path, areas):
    return json.loads(condense(path, areas, on_duckdb.run))


def _refused(path, areas, kind) -> IctdevError:
    with pytest.raises(kind) as caught:
        condense(path, areas, on_duckdb.run)
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p>moved", b'<?xml version="1.0"?><Error>NoSuchKey</Error>'])
def test_a_web_page_in_place_of_a_file(tmp_path, content):
    path = tmp_path / NAME
    path.write_bytes(content)
    assert "web page" in _refused(path, lookup(tmp_path), Changed).what


def test_bytes_that_are_no_parquet(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(b"quadkey,tests\n")
    assert "not a Parquet file" in _refused(path, lookup(tmp_path), Changed).what


def test_no_bytes(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(b"")
    _refused(path, lookup(tmp_path), Empty)


@pytest.mark.parametrize("left", [4, 0.5, 0.99])
def test_a_file_that_was_cut_off(tmp_path, left):
    path = parquet(tmp_path, [tile(quadkey(SEN, at)) for at in range(500)])
    content = path.read_bytes()
    path.write_bytes(content[: left if left > 1 else int(left * len(content))])
    assert "damaged" in _refused(path, lookup(tmp_path), Invalid).what


def test_a_file_that_is_damaged_inside(tmp_path):
    path = parquet(tmp_path, [tile(quadkey(SEN, at), download=at * 7919 % 90_000) for at in range(5000)])
    content = bytearray(path.read_bytes())
    content[4:4000] = bytes(3996)
    path.write_bytes(bytes(content))
    assert "cannot be read to its end" in _refused(path, lookup(tmp_path), Invalid).what


def test_a_column_is_missing(tmp_path):
    kept = pa.schema([("quadkey", pa.string()), ("avg_d_kbps", pa.int64()), ("tests", pa.int64())])
    path = parquet(tmp_path, [tile(quadkey(SEN, 1))], schema=kept)
    assert "lacks the columns avg_u_kbps, avg_lat_ms, devices" in _refused(path, lookup(tmp_path), Changed).what


@pytest.mark.parametrize(
    ("column", "kind"), [("tests", pa.string()), ("avg_d_kbps", pa.float64()), ("quadkey", pa.int64())]
)
def test_a_column_has_another_type(tmp_path, column, kind):
    row = tile(quadkey(SEN, 1))
    names = {name: pa.string() if name in ("quadkey", "tile") else pa.int64() for name in row} | {column: kind}
    row[column] = {"string": "1", "double": 1.5, "int64": 1}[str(kind)]
    path = parquet(tmp_path, [row], schema=pa.schema(list(names.items())))
    assert f"column {column}" in _refused(path, lookup(tmp_path), Changed).what


@pytest.mark.parametrize(
    "name", ["tiles.parquet", "2024-11-01_performance_fixed_tiles.parquet", "2024-10-01_performance_wifi_tiles.parquet"]
)
def test_a_name_that_does_not_tell_quarter_and_network(tmp_path, name):
    assert (
        "quarter and network"
        in _refused(parquet(tmp_path, [tile(quadkey(SEN, 1))], name), lookup(tmp_path), Usage).what
    )


def test_a_name_that_contradicts_its_folders(tmp_path):
    path = parquet(tmp_path, [tile(quadkey(SEN, 1))], f"type=mobile/year=2024/quarter=4/{NAME}")
    assert _refused(path, lookup(tmp_path), Usage).why == "2024-Q4 fixed and 2024-Q4 mobile"


def test_folders_tell_what_a_name_does_not(tmp_path):
    path = parquet(tmp_path, [tile(quadkey(SEN, 1))], "type=mobile/year=2020/quarter=3/part-0.parquet")
    assert ookla_tiles.named(path) == {"period": "2020-Q3", "network": "mobile"}


def test_an_empty_quarter(tmp_path):
    assert "no tile" in _refused(parquet(tmp_path, []), lookup(tmp_path), Empty).what


def test_no_lookup_is_set(tmp_path):
    assert "tiles_lookup" in _refused(parquet(tmp_path, [tile(quadkey(SEN, 1))]), None, Usage).next_step


def test_the_lookup_that_is_set_is_not_there(tmp_path):
    _refused(parquet(tmp_path, [tile(quadkey(SEN, 1))]), tmp_path / "gone.csv", Usage)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("quadkey,ref_area\n0333,SEN\n0333,MLI\n", Invalid, "gives one tile twice"),
        ("quadkey,ref_area\n03,SEN\n0330,GHA\n0333,MLI\n", Invalid, "gives one tile twice"),
        ("quadkey,ref_area,urbanisation\n0333,SEN,U\n0333,SEN,R\n", Invalid, "gives one tile twice"),
        ("quadkey,ref_area\n", Empty, "holds no row"),
        ("quadkey,country\n0333,SEN\n", Changed, "lacks the columns ref_area"),
        ("quadkey,ref_area\n333333333333333333333,SEN\n", Invalid, "cannot be"),
        ("quadkey,ref_area\n0334,SEN\n", Invalid, "cannot be"),
        ("quadkey,ref_area\n0333,\n", Invalid, "cannot be"),
        ("quadkey,ref_area,urbanisation\n0333,SEN,town\n", Invalid, "cannot be"),
        ("quadkey,ref_area\n222,FRA\n", Empty, "counts in an economy"),
    ],
)
def test_a_lookup_that_cannot_be(tmp_path, text, kind, words):
    path = parquet(tmp_path, [tile(quadkey(SEN, 1))])
    assert words in _refused(path, lookup(tmp_path, text), kind).what


def test_every_tile_that_does_not_count_is_told_with_the_reason(tmp_path):
    good, again, doubtful = quadkey(SEN, 1), quadkey(SEN, 2), quadkey(SEN, 3)
    rows = [
        tile(good, tests=5),
        tile(again, tests=7),
        tile(again, tests=7),
        tile(doubtful, tests=2),
        tile(doubtful, tests=3),
        tile(quadkey("222", 1), tests=11),
        tile(good[:15]),
        tile("x" * 16),
        tile(quadkey(SEN, 4), tests=0),
        tile(quadkey(SEN, 5), download=-1),
        tile(quadkey(SEN, 6), upload=10_000_001),
        tile(quadkey(SEN, 7), latency=60_001),
        tile(quadkey(SEN, 8), devices=-1),
        {**tile(quadkey(SEN, 9)), "avg_u_kbps": None},
        {**tile(good), "quadkey": None},
    ]
    made = _condensed(parquet(tmp_path, rows), lookup(tmp_path, "quadkey,ref_area\n0333,SEN\n"))
    assert made["aside"] == {
        "bad_quadkey": [2, 2],
        "impossible": [4, 4],
        "no_economy": [1, 11],
        "no_tests": [1, 0],
        "no_value": [2, 2],
        "repeated": [3, 12],
    }
    (download,) = (row for row in made["figures"] if row["measure"] == "download")
    assert (download["tiles"], download["tests"]) == (2, 12)
    assert download["tiles"] + sum(count for count, _ in made["aside"].values()) == made["tiles"] == len(rows)


def test_means_and_quantiles_are_those_of_tile_averages_weighted_by_tests(tmp_path):
    speeds = [(1_000, 1), (5_000, 3), (10_000, 4), (80_000, 2)]  # of 10 tests
    rows = [tile(quadkey(f"{SEN}0", at), speed, tests=tests, devices=1) for at, (speed, tests) in enumerate(speeds)]
    made = _condensed(parquet(tmp_path, rows), lookup(tmp_path))
    (download,) = (row for row in made["figures"] if row["measure"] == "download" and row["urbanisation"] == "_T")
    assert (download["p10"], download["p50"], download["p90"]) == (1_000, 10_000, 80_000)
    assert download["weighted"] / download["tests"] == 21_600
    assert (download["tests"], download["devices"], download["tiles"], download["tests_below"]) == (10, 4, 4, 4)


def test_the_kind_of_place_is_told_where_the_lookup_gives_it(tmp_path):
    rows = [tile(quadkey(f"{SEN}0", 1)), tile(quadkey(f"{SEN}1", 1), 4_000, tests=3), tile(quadkey(MLI, 1))]
    made = _condensed(parquet(tmp_path, rows), lookup(tmp_path))
    found = {
        (row["ref_area"], row["urbanisation"]): row["tests"] for row in made["figures"] if row["measure"] == "upload"
    }
    assert found == {("SEN", "_T"): 4, ("SEN", "U"): 1, ("SEN", "R"): 3, ("MLI", "_T"): 1}


def test_the_same_file_and_lookup_give_the_same_bytes(tmp_path):
    rows = [tile(quadkey(SEN, at), 1000 + at * 7919 % 90_000, tests=1 + at % 9) for at in range(20_000)]
    path, areas = parquet(tmp_path, rows), lookup(tmp_path)
    assert condense(path, areas, on_duckdb.run) == condense(path, areas, on_duckdb.run)
