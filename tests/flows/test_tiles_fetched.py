"""Tiles from the publisher: fetched to disk, condensed, and gone again; what fails publishes nothing by halves."""

from datetime import date

import pytest

from flows import tiles
from flows.settings import load
from schemas.errors import Usage
from schemas.source import Source
from schemas.sources import ookla_tiles
from tests.flows.fault_server import http, serving
from tests.warehouse.tiles.made import SEN, lookup, parquet, quadkey, tile
from warehouse.query import open_release

ROWS = [tile(quadkey(SEN, 1), 9_000), tile(quadkey(SEN, 2), 50_000, tests=3)]
pytestmark = pytest.mark.usefixtures("light")
FIGURES = 16
"""Of one economy, network and quarter: four of each measure, three counts, one share."""


@pytest.fixture
def placed(tmp_path, monkeypatch):
    monkeypatch.setenv("ICTDEV_TILES_LOOKUP", str(lookup(tmp_path, f"quadkey,ref_area\n{SEN},SEN\n")))
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "1")
    monkeypatch.setenv("ICTDEV_TILES_QUARTERS", "2024-Q4")
    return monkeypatch


def test_the_publisher_is_asked_for_a_quarter_of_both_networks(home, refresh, tmp_path, placed):
    body = parquet(tmp_path, ROWS).read_bytes()
    with serving(lambda path, _: http(body, Last_Modified="Mon, 20 Jan 2025 10:00:00 GMT", ETag='"1"')) as (
        host,
        asked,
    ):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert asked == [
        f"/parquet/type={network}/year=2024/quarter=4/2024-10-01_performance_{network}_tiles.parquet"
        for network in ("fixed", "mobile")
    ]
    assert (report.exit_status, report.sources[0].added) == (0, 2 * FIGURES)
    with open_release(home.root) as session:
        assert session.rows("SELECT DISTINCT edition FROM observation") == [{"edition": "2025-01-20"}]
    assert list((home.root / "tiles").iterdir()) == []


def test_a_quarter_that_is_not_published_is_told_and_the_other_taken(home, refresh, tmp_path, placed):
    body = parquet(tmp_path, ROWS).read_bytes()
    gone = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'

    def answer(path: str, _: dict[str, str]) -> bytes:
        return http(gone, status="404 Not Found") if "mobile" in path else http(body)

    with serving(answer) as (host, _):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert (report.exit_status, report.sources[0].added) == (3, FIGURES)
    assert "404" in report.sources[0].troubles[0]["why"]


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"PAR1 cut off"])
def test_an_answer_that_is_no_parquet_publishes_nothing(home, refresh, placed, body):
    with serving(lambda path, _: http(body)) as (host, _):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert report.exit_status == 4
    assert not home.pointer.exists()
    assert list((home.root / "tiles").iterdir()) == []


def test_a_file_larger_than_the_bound_is_given_up(home, refresh, placed):
    placed.setenv("ICTDEV_TILES_BYTES", "100")
    with serving(lambda path, _: http(b"x" * 5_000)) as (host, _):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert "larger than 100 bytes" in report.sources[0].troubles[0]["what"]


def test_what_did_not_change_is_not_fetched_again_unless_the_lookup_changed(home, refresh, tmp_path, placed):
    body = parquet(tmp_path, ROWS).read_bytes()
    given = {"sources": ["ookla_tiles"]}
    state = {"unchanged": False}

    def answer(path: str, _: dict[str, str]) -> bytes:
        return http(status="304 Not Modified") if state["unchanged"] else http(body, ETag='"1"')

    with serving(answer) as (host, _):
        address = {"ookla_tiles": f"http://{host}/parquet"}
        assert refresh(**given, base_url=address).sources[0].added == 2 * FIGURES
        state["unchanged"] = True
        again = refresh(**given, base_url=address)
        assert (again.exit_status, again.changed) == (0, False)
        other = tmp_path / "other"
        other.mkdir()
        placed.setenv("ICTDEV_TILES_LOOKUP", str(lookup(other, f"quadkey,ref_area\n{SEN},GHA\n")))
        state["unchanged"] = False
        assert refresh(**given, base_url=address).sources[0].added == 2 * FIGURES


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        ("2026-01-29", "2025-Q3"),
        ("2026-01-31", "2025-Q4"),
        ("2026-11-25", "2026-Q3"),
        ("2026-04-30", "2025-Q4"),
        ("2026-05-01", "2026-Q1"),
    ],
)
def test_the_newest_quarter_is_one_that_is_surely_published(today, quarter):
    assert tiles.newest_quarter(date.fromisoformat(today)) == quarter


def test_the_address_is_the_publisher_s_layout():
    source: Source = ookla_tiles.SOURCE
    assert ookla_tiles.request(source, "mobile", "2024-Q4").url == (
        "https://ookla-open-data.s3.amazonaws.com/parquet/performance/type=mobile/year=2024/quarter=4/"
        "2024-10-01_performance_mobile_tiles.parquet"
    )


@pytest.mark.parametrize("text", ["2024", "2024-Q5", "2024-Q1,Q2"])
def test_what_is_no_quarter_is_refused(placed, text):
    placed.setenv("ICTDEV_TILES_QUARTERS", text)
    with pytest.raises(Usage, match="is no quarter"):
        load()


def test_without_a_lookup_every_file_says_so(home, refresh, tmp_path, placed):
    placed.delenv("ICTDEV_TILES_LOOKUP")
    body = parquet(tmp_path, ROWS).read_bytes()
    with serving(lambda path, _: http(body)) as (host, asked):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert report.exit_status == 4
    assert "ICTDEV_TILES_LOOKUP" in report.sources[0].troubles[0]["next"]
    assert asked == []
