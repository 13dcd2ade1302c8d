"""Tiles from the file to the release: what a person types, and what they get."""

import pytest

from flows import plan
from flows.run import run_plain
from tests.warehouse.tiles.made import NAME, lookup, parquet, quadkey, tile
from warehouse.home import Home
from warehouse.query import open_release

pytestmark = pytest.mark.usefixtures("ungated")


def _refresh(home, *files):
    named = [f"ookla_tiles={path}" for path in files]
    return run_plain(plan.make(home=home, bundle=None, files=named, sources=[], base_url={}, parquet=False))


def _rows(home, query):
    with open_release(Home(home).root) as session:
        return session.rows(query)


@pytest.fixture
def areas(tmp_path, monkeypatch):
    path = lookup(tmp_path)
    monkeypatch.setenv("ICTDEV_TILES_LOOKUP", str(path))
    return path


@pytest.mark.usefixtures("areas")
def test_quarters_and_networks_stand_side_by_side_in_a_release(tmp_path):
    rows = [tile(quadkey("0333", at), 1000 * at, tests=at) for at in range(1, 20)]
    files = [
        parquet(tmp_path, rows),
        parquet(tmp_path, rows[:5], "2024-07-01_performance_fixed_tiles.parquet"),
        parquet(tmp_path, [*rows[:3], tile("12")], "2024-10-01_performance_mobile_tiles.parquet"),
    ]
    home = tmp_path / "home"
    report = _refresh(home, *files)
    assert report.exit_status == 0
    medians = (
        "SELECT time_period, year, breakdown, value FROM observation WHERE indicator = 'broadband_download_speed' "
    )
    medians += "AND breakdown LIKE '%P50' AND urbanisation = '_T' ORDER BY ALL"
    assert [tuple(row.values()) for row in _rows(home, medians)] == [
        ("2024-Q3", 2024, "TILES_FIXED_P50", 4.0),
        ("2024-Q4", 2024, "TILES_FIXED_P50", 14.0),
        ("2024-Q4", 2024, "TILES_MOBILE_P50", 2.0),
    ]
    newest = "SELECT time_period FROM latest WHERE indicator = 'broadband_download_speed' AND urbanisation = '_T' "
    newest += "AND breakdown = 'TILES_FIXED_P50'"
    assert [row["time_period"] for row in _rows(home, newest)] == ["2024-Q4"]
    told = _rows(home, "SELECT reason, detail FROM reject WHERE source = 'ookla_tiles'")
    assert [row["reason"] for row in told] == ["tile_bad_quadkey"]
    again = _refresh(home, *files)
    assert (again.exit_status, again.changed) == (0, False)


def test_without_a_lookup_the_file_is_a_trouble_that_says_what_to_do(tmp_path):
    report = _refresh(tmp_path / "home", parquet(tmp_path, [tile(quadkey("0333", 1))]))
    (source,) = report.sources
    assert source.state == "held"
    assert "ICTDEV_TILES_LOOKUP" in source.troubles[0]["next"]


@pytest.mark.usefixtures("areas")
def test_one_damaged_file_does_not_take_the_other_with_it(tmp_path):
    good = parquet(tmp_path, [tile(quadkey("0333", 1))])
    bad = tmp_path / NAME.replace("fixed", "mobile")
    bad.write_bytes(b"<html>")
    report = _refresh(tmp_path / "home", good, bad)
    (source,) = report.sources
    assert source.state == "partial"
    assert source.observations > 0


@pytest.mark.usefixtures("areas")
def test_an_economy_that_the_code_list_does_not_know_holds_the_file(tmp_path, areas):
    areas.write_text("quadkey,ref_area\n0333,XQX\n", encoding="utf-8")
    report = _refresh(tmp_path / "home", parquet(tmp_path, [tile(quadkey("0333", 1))]))
    assert report.sources[0].state == "held"
    assert "received_unmapped_area" in report.sources[0].troubles[0]["what"] + report.sources[0].troubles[0]["why"]
