"""Files of tiles: what cannot be read is refused in words, what cannot be is counted, and the rest is exact."""

import json
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import Changed, Empty, IctdevError, Invalid, Usage
from tests import tiles
from tests.tiles import TILE, key, write, write_lookup
from warehouse.tiles.condense import condense
from warehouse.tiles.file import Told, require_tiles, told_by_name
from warehouse.tiles.lookup import load
from warehouse.tiles.on_duckdb import DuckDB

AREAS = {"0": ("SEN", ""), "01": ("GHA", "U"), "012": ("GHA", "R"), "1": ("KEN", "U")}
"""Senegal with an exception that is Ghana, towns of it, and in these the country."""


@pytest.fixture
def lookup(tmp_path):
    return load(write_lookup(tmp_path, *[(prefix, *place) for prefix, place in AREAS.items()]))


@pytest.fixture
def engine(tmp_path):
    return DuckDB(400_000_000, tmp_path / "spill")


def _rows(account: bytes) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["ref_area"], row["urbanisation"], row["measure"]): row for row in json.loads(account)["rows"]}


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", Empty, "is empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", Changed, "HTML page"),
        (
            b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code></Error>',
            Changed,
            "the store says NoSuchKey",
        ),
        (b"quadkey,tests\n0123,1\n", Changed, "not a Parquet file"),
        (b"PAR1 and nothing behind it", Invalid, "damaged"),
    ],
)
def test_what_is_no_parquet_is_told(tmp_path, content, kind, words):
    path = tmp_path / tiles.NAME
    path.write_bytes(content)
    with pytest.raises(kind, match=words):
        require_tiles(path)


def test_a_file_that_was_cut_off_is_told(tmp_path, lookup, engine):
    path = write(tmp_path, {})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Invalid, match="damaged"):
        condense(path, lookup, engine)


def test_a_file_that_is_damaged_inside_is_told(tmp_path, lookup, engine):
    path = write(tmp_path, *[{"quadkey": key("0", at), "avg_d_kbps": at} for at in range(5_000)])
    content = bytearray(path.read_bytes())
    content[100:2_000] = b"\xff" * 1_900
    path.write_bytes(bytes(content))
    with pytest.raises(IctdevError) as caught:
        condense(path, lookup, engine)
    assert path.name in caught.value.what


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (TILE.remove(2), "lacks the columns avg_d_kbps"),
        (TILE.set(2, pa.field("avg_d_kbps", pa.float64())), "avg_d_kbps is double"),
        (TILE.set(5, pa.field("tests", pa.string())), "tests is string"),
    ],
)
def test_other_columns_and_types_are_told(tmp_path, schema, words):
    row = {"tests": "4"} if schema.field("tests").type == pa.string() else {}
    with pytest.raises(Changed, match=words):
        require_tiles(write(tmp_path, row, schema=schema))


def test_a_quadkey_that_is_a_number_is_told(tmp_path):
    with pytest.raises(Changed, match="quadkey is int64"):
        require_tiles(write(tmp_path, {"quadkey": 1}, schema=TILE.set(0, pa.field("quadkey", pa.int64()))))


def test_a_quarter_without_tiles_is_empty(tmp_path, lookup, engine):
    with pytest.raises(Empty, match="holds no tile"):
        condense(write(tmp_path), lookup, engine)


@pytest.mark.parametrize(
    "name",
    ["tiles.parquet", "2024-11-01_performance_fixed_tiles.parquet", "2024-10-01_performance_satellite_tiles.parquet"],
)
def test_a_name_that_says_no_quarter_or_network_is_told(tmp_path, name):
    with pytest.raises(Usage, match="does not say network and quarter"):
        told_by_name(tmp_path / name)


def test_the_name_tells_network_and_quarter(tmp_path):
    assert told_by_name(tmp_path / tiles.NAME) == Told("fixed", "2024-Q4")
    inside = tmp_path / "type=fixed" / "year=2024" / "quarter=4" / tiles.NAME
    assert told_by_name(inside) == Told("fixed", "2024-Q4")
    with pytest.raises(Usage, match="another network or quarter"):
        told_by_name(tmp_path / "type=mobile" / "year=2024" / "quarter=4" / tiles.NAME)


FAULTS: dict[str, list[dict[str, Any]]] = {
    "quadkey": [{"quadkey": "01230123"}, {"quadkey": "0123012301230124"}, {"quadkey": None}, {"quadkey": ""}],
    "tests": [{"tests": 0}, {"tests": -3}, {"tests": None}, {"tests": 2 * 10**9}],
    "devices": [{"devices": -1}, {"devices": None}],
    "download": [{"avg_d_kbps": -1}, {"avg_d_kbps": 10**9}, {"avg_d_kbps": None}],
    "upload": [{"avg_u_kbps": -1}, {"avg_u_kbps": 10**9}, {"avg_u_kbps": None}],
    "latency": [{"avg_lat_ms": -1}, {"avg_lat_ms": 10**6}, {"avg_lat_ms": None}],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_single_impossible_tiles_are_counted_and_left_out(tmp_path, lookup, engine, fault):
    bad: list[dict[str, Any]] = [{"quadkey": key("02", at), **row} for at, row in enumerate(FAULTS[fault])]
    good: list[dict[str, Any]] = [{"quadkey": key("03", at)} for at in range(500)]
    found = _rows(condense(write(tmp_path, *bad, *good), lookup, engine))
    assert found[f"!{fault}", "_T", "download"]["tiles"] == len(bad)
    assert found["SEN", "_T", "download"]["tiles"] == 500
    assert {area for area, _, _ in found} == {"SEN", f"!{fault}"}


@pytest.mark.parametrize("fault", FAULTS)
def test_many_impossible_tiles_are_another_unit(tmp_path, lookup, engine, fault):
    rows = [{"quadkey": key("03", at)} for at in range(50)]
    with pytest.raises(Invalid, match=r"1 of 51 tiles .* cannot be"):
        condense(write(tmp_path, FAULTS[fault][0], *rows), lookup, engine)


def test_a_tile_that_stands_twice_alike_counts_once(tmp_path, lookup, engine):
    rows = [{"quadkey": key("0")}, {"quadkey": key("0")}, {"quadkey": key("0", 1)}]
    account = condense(write(tmp_path, *rows), lookup, engine)
    assert json.loads(account)["repeated"] == 1
    assert _rows(account)["SEN", "_T", "download"]["tests"] == 8


def test_a_tile_that_stands_twice_with_other_content_is_refused(tmp_path, lookup, engine):
    rows: list[dict[str, Any]] = [{"quadkey": key("0")}, {"quadkey": key("0"), "tests": 5}]
    with pytest.raises(Invalid, match=f"different things of 1 tiles, as of {key('0')}"):
        condense(write(tmp_path, *rows), lookup, engine)


def test_tiles_outside_every_economy_are_counted(tmp_path, lookup, engine):
    rows: list[dict[str, Any]] = [{"quadkey": key("0")}, {"quadkey": key("3"), "tests": 12}]
    found = _rows(condense(write(tmp_path, *rows), lookup, engine))
    assert (found["!unplaced", "_T", "download"]["tiles"], found["!unplaced", "_T", "download"]["tests"]) == (1, 12)


def test_no_tile_in_any_economy_is_empty(tmp_path, lookup, engine):
    with pytest.raises(Empty, match=r"no tile of .* lies in an economy"):
        condense(write(tmp_path, {"quadkey": key("3")}), lookup, engine)


def test_memory_that_does_not_suffice_is_told(tmp_path, lookup):
    path = write(tmp_path, *[{"quadkey": key("0", at), "avg_d_kbps": at} for at in range(200_000)])
    with pytest.raises(IctdevError, match="did not fit into memory and disk"):
        condense(path, lookup, DuckDB(2_000_000, tmp_path / "spill"))


def test_the_longest_prefix_decides_on_economy_and_class(tmp_path, lookup, engine):
    rows = [{"quadkey": key(prefix, at)} for at, prefix in enumerate(("00", "010", "012", "013", "1"))]
    found = _rows(condense(write(tmp_path, *rows), lookup, engine))
    tiles_of = {(area, place): row["tiles"] for (area, place, measure), row in found.items() if measure == "upload"}
    assert tiles_of == {
        ("SEN", "_T"): 1, ("GHA", "_T"): 3, ("GHA", "U"): 2, ("GHA", "R"): 1, ("KEN", "_T"): 1, ("KEN", "U"): 1,
    }  # fmt: skip


def test_a_quantile_is_the_average_up_to_which_that_share_of_the_tests_lies(tmp_path, lookup, engine):
    rows = [
        {"quadkey": key("0", at), "avg_d_kbps": speed, "tests": tests}
        for at, (speed, tests) in enumerate([(9_999, 1), (10_000, 1), (20_000, 2), (100_000, 6)])
    ]
    found = _rows(condense(write(tmp_path, *rows), lookup, engine))["SEN", "_T", "download"]
    assert [found[name] for name in ("p10", "p25", "p50", "p75", "p90")] == [9_999, 20_000, 100_000, 100_000, 100_000]
    assert (found["tests_below_10000"], found["average_times_tests"]) == (1, 659_999)


_TILES = st.lists(
    st.tuples(
        st.sampled_from(["00", "010", "012", "013", "1", "2"]),
        st.integers(0, 30_000),
        st.integers(0, 5_000),
        st.integers(0, 900),
        st.integers(1, 40),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=_TILES)
def test_the_figures_are_those_of_plain_pandas(tmp_path, lookup, engine, told):
    columns = ("avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
    rows: list[dict[str, Any]] = [
        {"quadkey": key(prefix, at), **dict(zip(columns, numbers, strict=True))}
        for at, (prefix, *numbers) in enumerate(told)
    ]
    expected = tiles.plainly(pd.DataFrame(rows), AREAS)
    if not expected:
        with pytest.raises(Empty):
            condense(write(tmp_path, *rows), lookup, engine)
        return
    told_by_sql = _rows(condense(write(tmp_path, *rows), lookup, engine))
    found = {place: row for place, row in told_by_sql.items() if place[0] != "!unplaced"}
    assert set(found) == set(expected)
    for place, figures in expected.items():
        row = found[place]
        assert row["average_times_tests"] / row["tests"] == pytest.approx(figures.pop("mean"), rel=1e-12)
        assert {name: row[name] for name in figures} == figures
