"""Quarters stand beside years: checks on the course of a series, `why` and open exports know them."""

import pytest

from flows import plan
from flows.run import run_plain
from schemas.errors import Unanswered
from tests.warehouse.tiles.made import SEN, lookup, parquet, quadkey, tile
from warehouse.exports.forms import export
from warehouse.exports.selection import Asked
from warehouse.home import Home
from warehouse.lineage import why
from warehouse.pointer import newest
from warehouse.query import open_release

_MEDIAN = {"breakdown": "TILES_FIXED_P50"}


@pytest.fixture(scope="module")
def leaping(tmp_path_factory):
    """A small economy where three quarters in a row leap: one person more who tests is enough."""
    folder = tmp_path_factory.mktemp("quarters")
    files = [
        parquet(
            folder,
            [tile(quadkey(SEN, 1), speed, speed, tests=tests)],
            f"2024-{month}-01_performance_fixed_tiles.parquet",
        )
        for month, speed, tests in (("04", 9_000, 2), ("07", 200_000, 400), ("10", 9_000, 2))
    ]
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICTDEV_TILES_LOOKUP", str(lookup(folder, f"quadkey,ref_area\n{SEN},SEN\n")))
        named = [f"ookla_tiles={path}@2025-01-20" for path in files]
        report = run_plain(plan.make(home=home.root, bundle=None, files=named, sources=[], base_url={}, parquet=False))
    return home, report


def test_a_quarter_that_leaps_is_no_slip_of_the_comma(leaping):
    home, report = leaping
    assert (report.exit_status, report.sources[0].state) == (0, "good")
    with open_release(home.root) as session:
        failed = session.rows("SELECT check_id FROM quality_check WHERE NOT passed AND gate = 'published'")
        there = session.rows("SELECT DISTINCT time_period FROM observation ORDER BY 1")
    assert failed == []
    assert [row["time_period"] for row in there] == ["2024-Q2", "2024-Q3", "2024-Q4"]


def test_a_quarter_is_explained_by_its_name(leaping):
    home, _ = leaping
    with open_release(home.root) as session:
        (passport,) = why(session, home, "broadband_download_speed", "SEN", "2024-Q3", _MEDIAN)
    assert passport.figure["value"] == 200


def test_who_asks_for_the_year_is_told_the_quarters(leaping):
    home, _ = leaping
    with open_release(home.root) as session, pytest.raises(Unanswered, match="there are: 2024-Q2, 2024-Q3, 2024-Q4"):
        why(session, home, "broadband_download_speed", "SEN", "2024", _MEDIAN)


def test_an_open_export_holds_no_figure_of_tiles(leaping, tmp_path):
    home, _ = leaping
    export(newest(home), "csv", tmp_path / "all")
    export(newest(home), "csv", tmp_path / "open", Asked(open_only=True))
    assert (tmp_path / "all" / "observation.CC-BY-NC-SA-4.0.csv").exists()
    (free,) = (tmp_path / "open").glob("observation.*csv")
    assert len(free.read_text(encoding="utf-8").splitlines()) == 1
