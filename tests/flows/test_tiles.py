"""Tiles through the whole refresh: by file and from the publisher, with nothing lost silently and no half release."""

import json
from datetime import date

import pytest

from flows import tiles
from schemas.errors import Unanswered
from schemas.source import Source
from schemas.sources import ookla_tiles
from tests.flows.fault_server import http, serving
from tests.tiles import NAME, key, write, write_lookup
from warehouse.exports.forms import export
from warehouse.exports.selection import Asked
from warehouse.lineage import why
from warehouse.pointer import newest
from warehouse.query import open_release

ROWS = [
    {"quadkey": key("0", 0), "avg_d_kbps": 9_000, "tests": 1},
    {"quadkey": key("0", 1), "avg_d_kbps": 50_000, "tests": 3},
    {"quadkey": key("3", 0), "tests": 12},
]


@pytest.fixture
def placed(tmp_path, monkeypatch):
    monkeypatch.setenv("ICTDEV_TILES_LOOKUP", str(write_lookup(tmp_path, ("0", "SEN"))))
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "1")
    monkeypatch.setenv("ICTDEV_TILES_QUARTERS", "2024-Q4")
    return monkeypatch


def _figures(home):
    with open_release(home.root) as session:
        rows = session.rows("SELECT * FROM observation ORDER BY indicator, breakdown")
    return {(row["indicator"], row["breakdown"]): row["value"] for row in rows}, rows


def test_a_file_becomes_figures_of_economies_and_quarters(home, refresh, tmp_path, placed):
    report = refresh(files=[f"ookla_tiles={write(tmp_path, *ROWS)}@2025-01-20"])
    assert report.exit_status == 0
    figures, rows = _figures(home)
    assert figures["measured_download_speed", "FIXED_TILE_MEAN"] == 39.75
    assert figures["measured_download_speed", "FIXED_TILE_P10"] == 9
    assert figures["measured_download_speed", "FIXED_TILE_P50"] == 50
    assert figures["measured_latency", "FIXED_TILE_P50"] == 30
    assert figures["speed_tests", "FIXED_TESTS"] == 4
    assert figures["tested_devices", "FIXED_TESTS"] == 4
    assert figures["tests_in_slow_tiles", "FIXED_TESTS"] == 25
    assert len(figures) == 21
    assert {(row["ref_area"], row["time_period"], row["year"], row["edition"]) for row in rows} == {
        ("SEN", "2024-Q4", 2024, "2025-01-20")
    }


def test_what_lies_in_no_economy_is_told_with_its_share(home, refresh, tmp_path, placed):
    refresh(files=[f"ookla_tiles={write(tmp_path, *ROWS)}"])
    with open_release(home.root) as session:
        (told,) = session.rows("SELECT reason, detail FROM reject")
        (check,) = session.rows("SELECT severity, passed FROM quality_check WHERE check_id = 'received_unplaced_tiles'")
    assert told == {"reason": "unplaced_tiles", "detail": "unplaced: 1 tiles, 75.00% of the tests"}
    assert check == {"severity": "warn", "passed": False}


def test_only_the_account_is_kept_and_a_second_run_writes_nothing(home, refresh, tmp_path, placed):
    path = write(tmp_path, *ROWS)
    refresh(files=[f"ookla_tiles={path}@2025-01-20"])
    kept = [json.loads(content.read_text())["name"] for content in home.snapshots.glob("??/*.json")]
    assert kept == [NAME]
    assert not list(home.root.rglob("*.parquet"))
    assert refresh(files=[f"ookla_tiles={path}@2025-01-20"]).changed is False


def test_an_account_that_was_made_elsewhere_is_taken_too(home, refresh, tmp_path, placed):
    from flows.settings import load  # noqa: PLC0415

    account = tmp_path / "fixed-2024-Q4.json"
    account.write_bytes(tiles.from_file(write(tmp_path, *ROWS), "2025-01-20", load(), home))
    placed.delenv("ICTDEV_TILES_LOOKUP")
    assert refresh(files=[f"ookla_tiles={account}"]).exit_status == 0
    assert _figures(home)[0]["speed_tests", "FIXED_TESTS"] == 4


def test_without_a_lookup_nothing_is_taken_and_the_setting_named(home, refresh, tmp_path, placed):
    placed.delenv("ICTDEV_TILES_LOOKUP")
    report = refresh(files=[f"ookla_tiles={write(tmp_path, *ROWS)}"])
    assert report.exit_status == 4
    assert "tiles_lookup" in report.sources[0].troubles[0]["next"]


def test_one_bad_file_does_not_stop_the_other(home, refresh, tmp_path, placed):
    bad = tmp_path / "2024-07-01_performance_fixed_tiles.parquet"
    bad.write_bytes(b"<html>Sorry</html>")
    report = refresh(files=[f"ookla_tiles={bad}", f"ookla_tiles={write(tmp_path, *ROWS)}"])
    assert report.exit_status == 3
    assert "HTML page" in report.sources[0].troubles[0]["what"]
    assert report.sources[0].added == 21


def test_the_publisher_is_asked_for_a_quarter_of_both_networks(home, refresh, tmp_path, placed):
    body = write(tmp_path, *ROWS).read_bytes()
    with serving(lambda path, _: http(body, Last_Modified="Mon, 20 Jan 2025 10:00:00 GMT", ETag='"1"')) as (
        host,
        asked,
    ):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert asked == [
        f"/parquet/type={network}/year=2024/quarter=4/2024-10-01_performance_{network}_tiles.parquet"
        for network in ("fixed", "mobile")
    ]
    assert (report.exit_status, report.sources[0].added) == (0, 42)
    assert {row["edition"] for row in _figures(home)[1]} == {"2025-01-20"}
    assert list((home.root / "tiles").iterdir()) == []


def test_a_quarter_that_is_not_published_is_told_and_the_other_taken(home, refresh, tmp_path, placed):
    body = write(tmp_path, *ROWS).read_bytes()
    gone = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'

    def answer(path: str, _: dict[str, str]) -> bytes:
        return http(gone, status="404 Not Found") if "mobile" in path else http(body)

    with serving(answer) as (host, _):
        report = refresh(sources=["ookla_tiles"], base_url={"ookla_tiles": f"http://{host}/parquet"})
    assert (report.exit_status, report.sources[0].added) == (3, 21)
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
    body = write(tmp_path, *ROWS).read_bytes()
    given = {"sources": ["ookla_tiles"]}
    state = {"unchanged": False}

    def answer(path: str, _: dict[str, str]) -> bytes:
        return http(status="304 Not Modified") if state["unchanged"] else http(body, ETag='"1"')

    with serving(answer) as (host, _):
        address = {"ookla_tiles": f"http://{host}/parquet"}
        assert refresh(**given, base_url=address).sources[0].added == 42
        state["unchanged"] = True
        again = refresh(**given, base_url=address)
        assert (again.exit_status, again.changed) == (0, False)
        placed.setenv("ICTDEV_TILES_LOOKUP", str(write_lookup(tmp_path, ("0", "GHA"), name="other.csv")))
        state["unchanged"] = False
        assert refresh(**given, base_url=address).sources[0].added == 42


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


def test_a_quarter_that_leaps_is_no_slip_of_the_comma(home, refresh, tmp_path, placed):
    """Checks on the course of a series are for years: in a small economy three people more who test make a leap."""
    names = [f"2024-{month}-01_performance_fixed_tiles.parquet" for month in ("04", "07", "10")]
    files = [
        write(tmp_path, {"quadkey": key("0"), "avg_d_kbps": speed, "tests": tests}, name=name)
        for name, speed, tests in zip(names, (9_000, 200_000, 9_000), (2, 400, 2), strict=True)
    ]
    report = refresh(files=[f"ookla_tiles={path}@2025-01-20" for path in files])
    assert (report.exit_status, report.sources[0].added) == (0, 63)
    with open_release(home.root) as session:
        failed = session.rows("SELECT check_id FROM quality_check WHERE NOT passed AND severity = 'fail'")
        newest = session.rows("SELECT DISTINCT time_period FROM latest")
    assert failed == []
    assert newest == [{"time_period": "2024-Q4"}]


def test_a_quarter_is_asked_for_by_its_name(home, refresh, tmp_path, placed):
    refresh(files=[f"ookla_tiles={write(tmp_path, *ROWS)}@2025-01-20"])
    given = {"breakdown": "FIXED_TILE_P50"}
    with open_release(home.root) as session:
        (passport,) = why(session, home, "measured_download_speed", "SEN", "2024-Q4", given)
        with pytest.raises(Unanswered, match="there are: 2024-Q4"):
            why(session, home, "measured_download_speed", "SEN", "2024", given)
    assert passport.figure["value"] == 50
    assert '"tests":4' in str(passport.raw).replace(" ", "")


def test_an_open_export_holds_no_figure_of_tiles(home, refresh, tmp_path, placed):
    refresh(files=[f"ookla_tiles={write(tmp_path, *ROWS)}@2025-01-20"])
    export(newest(home), "csv", tmp_path / "all")
    export(newest(home), "csv", tmp_path / "open", Asked(open_only=True))
    (whole,) = (tmp_path / "all").glob("observation.*csv")
    assert whole.name == "observation.CC-BY-NC-SA-4.0.csv"
    (free,) = (tmp_path / "open").glob("observation.*csv")
    assert len(free.read_text().splitlines()) == 1
