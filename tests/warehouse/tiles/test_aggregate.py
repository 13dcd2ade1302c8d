"""The aggregation against the plainest computation there is: write each tile's average down once per test, and look."""

import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schemas.errors import Empty
from tests.warehouse.tiles.made import MLI, SEN, lookup, parquet, quadkey, tile
from warehouse.tiles import lookup as lookups
from warehouse.tiles import on_duckdb
from warehouse.tiles.aggregate import MEASURES

_PREFIXES = {f"{SEN}0": ("SEN", "U"), f"{SEN}1": ("SEN", "R"), MLI: ("MLI", "")}
_COLUMNS = dict(zip(MEASURES, ("avg_d_kbps", "avg_u_kbps", "avg_lat_ms"), strict=True))
_TILES = st.lists(
    st.builds(
        lambda prefix, at, *numbers: tile(quadkey(prefix, at), *numbers),
        st.sampled_from([*_PREFIXES, "222"]),
        st.integers(0, 40),
        st.integers(-1, 12) | st.integers(9_990, 10_010) | st.integers(9_999_990, 10_000_010),
        st.integers(0, 30_000),
        st.integers(0, 5) | st.integers(59_999, 60_002),
        st.integers(0, 30),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=60,
)


def _plain(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Work the figures out in pandas, test by test."""
    frame = pd.DataFrame(rows)
    speeds = frame[["avg_d_kbps", "avg_u_kbps"]]
    frame = frame[(frame["tests"] > 0) & (speeds >= 0).all(axis=1) & (speeds <= 10_000_000).all(axis=1)]
    frame = frame[frame["avg_lat_ms"] <= 60_000].drop_duplicates()
    frame = frame[~frame["quadkey"].duplicated(keep=False)]
    found = [
        next((area for prefix, area in _PREFIXES.items() if key.startswith(prefix)), ("", ""))
        for key in frame["quadkey"]
    ]
    frame = frame.assign(ref_area=[area for area, _ in found], kind=[kind for _, kind in found])
    frame = frame[frame["ref_area"] != ""]
    kinds = pd.concat([frame.assign(kind="_T"), frame[frame["kind"] != ""]], ignore_index=True)
    return kinds.loc[kinds.index.repeat(kinds["tests"])].reset_index(drop=True)


def _figure(every_test: pd.DataFrame, measure: str) -> dict[str, float]:
    averages = sorted(every_test[_COLUMNS[measure]])
    count = len(averages)
    return {
        "tests": count,
        "tiles": every_test["quadkey"].nunique(),
        "devices": every_test.drop_duplicates("quadkey")["devices"].sum(),
        "weighted": sum(averages),
        "tests_below": sum(average < 10_000 for average in averages),
        "p10": averages[(count + 9) // 10 - 1],
        "p50": averages[(count + 1) // 2 - 1],
        "p90": averages[(9 * count + 9) // 10 - 1],
    }


@pytest.fixture(scope="module")
def areas(tmp_path_factory):
    return lookups.read(lookup(tmp_path_factory.mktemp("areas")))


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(rows=_TILES)
def test_the_figures_are_those_of_a_plain_computation(areas, rows):
    with tempfile.TemporaryDirectory() as folder:
        found = on_duckdb.run(parquet(Path(folder), rows), areas)
    every = _plain(rows)
    expected = {
        (measure, *place): _figure(tests, measure)
        for measure in MEASURES
        for place, tests in every.groupby(["ref_area", "kind"])
    }
    keys = ("measure", "ref_area", "urbanisation")
    assert {
        tuple(row[key] for key in keys): {k: v for k, v in row.items() if k not in keys} for row in found.figures
    } == expected
    placed = sum(row["tiles"] for row in found.figures if row["measure"] == "upload" and row["urbanisation"] == "_T")
    assert placed + sum(tiles for tiles, _ in found.aside.values()) == found.tiles == len(rows)


def test_little_memory_is_enough_because_the_rest_goes_to_disk(tmp_path, areas):
    rows = [tile(quadkey(SEN, at), at * 7919 % 90_000, at * 104_729 % 9_000, tests=1 + at % 9) for at in range(60_000)]
    path = parquet(tmp_path, rows)
    assert on_duckdb.run(path, areas, 200_000_000) == on_duckdb.run(path, areas, 2_000_000_000)


@pytest.mark.parametrize("short", ["known", "found out"])
def test_where_room_is_short_each_measure_is_read_by_itself_and_nothing_changes(tmp_path, areas, monkeypatch, short):
    path = parquet(tmp_path, [tile(quadkey(SEN, at), at * 7919 % 90_000, tests=1 + at % 9) for at in range(500)])
    whole = on_duckdb.run(path, areas)
    asked, rows = [], on_duckdb.OnDuckDB.rows

    def counted(engine, query):
        asked.append(query)
        if query == "SELECT * FROM tile_figure":
            raise duckdb.OutOfMemoryException("full")
        return rows(engine, query)

    monkeypatch.setattr(on_duckdb.OnDuckDB, "rows", counted)
    if short == "known":
        monkeypatch.setattr(on_duckdb, "_MEMORY_PER_TILE", 10_000_000)
    assert on_duckdb.run(path, areas) == whole
    assert [query.partition("WHERE ")[2] for query in asked if "tile_figure" in query] == [
        *([""] if short == "found out" else []),
        "measure = 1",
        "measure = 2",
        "measure = 3",
    ]


def test_no_disk_and_no_memory_is_an_error_that_says_what_to_do(tmp_path, areas):
    from schemas.errors import IctdevError  # noqa: PLC0415

    rows = [tile(quadkey(SEN, at), at * 7919 % 90_000) for at in range(60_000)]
    with pytest.raises(IctdevError, match="tiles_memory") as caught:
        on_duckdb.run(parquet(tmp_path, rows), areas, 1_000_000)
    assert not isinstance(caught.value, Empty)
