"""A refresh from beginning to end, without Prefect: what it writes, and what a second one leaves alone."""

from pathlib import Path

import duckdb
import pytest

from flows import settle
from flows.fetch import Client
from flows.plan import wanted
from tests.conftest import write_bundle
from tests.exchanges import NET, page, row
from tests.payloads import payload
from warehouse import releases
from warehouse.home import Home
from warehouse.query import open_release

LIGHT = pytest.mark.usefixtures("light")
OLD, NEW = "API_IT.NET.USER.ZS_DS2_en_csv_v2_889089.csv", "API_IT.NET.USER.ZS_DS2_en_csv_v2_33086.csv"


def _rows(home: Home, query: str) -> list[dict[str, object]]:
    with open_release(home.root) as session:
        return session.sql(query).to_pylist()


def _tree(folder: Path) -> set[str]:
    """Name every file but those of the journal, which tells of every run."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {str(path) for path in found if path.parent.name != "journal"}


@LIGHT
def test_a_second_refresh_says_that_nothing_changed_and_writes_no_release(home, refresh, tmp_path):
    folder = write_bundle(tmp_path / "b", [{}, {"sex": "F"}, {"sex": "M", "value": 60}])
    first = refresh(bundle=folder)
    before = _tree(home.root)
    second = refresh(bundle=folder)
    assert (first.changed, second.changed) == (True, False)
    assert second.vintage == first.vintage
    assert second.exit_status == 0
    assert _tree(home.root) == before


@LIGHT
def test_after_figures_that_a_newer_edition_only_repeats_nothing_is_left_to_publish(home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "one", [{}]))
    again = write_bundle(tmp_path / "two", [{"edition": "2023-01-01"}])
    changed = [refresh(bundle=again).changed for _ in range(3)]
    assert changed == [True, False, False]


@LIGHT
def test_the_scratch_folder_is_cleared(home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "b", [{}]))
    assert not home.work.exists()


@LIGHT
@pytest.mark.payloads
@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_both_downloads_of_world_use_in_2017_are_in_the_history(home, refresh, order):
    for name in order:
        refresh(files=[f"world_bank={payload(f'world_bank/ds2_csv/{name}')}"])
    query = (
        "SELECT round(value, 2) AS value, edition FROM {} WHERE indicator = 'internet_users' AND ref_area = 'WLD' "
        "AND year = 2017 AND source = 'world_bank' ORDER BY edition_date"
    )
    versions = _rows(home, query.format("observation_history"))
    assert [(one["value"], one["edition"]) for one in versions] == [(49.72, "2020-03-18"), (46.3, "2026-07-13")]
    (current,) = _rows(home, query.format("observation").removesuffix(" ORDER BY edition_date"))
    assert current["value"] == 46.3


@LIGHT
@pytest.mark.payloads
def test_several_files_of_one_source_are_taken_in_order_of_edition(home, refresh):
    files = [f"world_bank={payload(f'world_bank/ds2_csv/{name}')}" for name in (NEW, OLD)]
    report = refresh(files=files)
    assert (report.exit_status, report.sources[0].edition) == (0, "2026-07-13")
    versions = _rows(
        home,
        "SELECT value FROM observation_history WHERE ref_area = 'WLD' AND year = 2017 AND source = 'world_bank'",
    )
    assert len(versions) == 2


@LIGHT
def test_a_crash_after_the_history_and_before_the_release_is_made_good(home, refresh, tmp_path, monkeypatch):
    folder = write_bundle(tmp_path / "b", [{}])
    with monkeypatch.context() as broken:
        broken.setattr(releases, "publish", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(bundle=folder)
    assert releases.latest(home) is None
    report = refresh(bundle=folder)
    assert report.changed
    assert len(_rows(home, "SELECT * FROM observation WHERE source = 'made_up'")) == 1


@LIGHT
def test_an_upgrade_of_the_rules_publishes_anew_from_the_same_figures(home, refresh, tmp_path, monkeypatch):
    folder = write_bundle(tmp_path / "b", [{}])
    first = refresh(bundle=folder)
    monkeypatch.setattr(settle, "fingerprint", lambda: "other rules")
    second = refresh(bundle=folder)
    assert second.changed
    assert second.vintage > first.vintage
    assert releases.newest(home).manifest["rules"] == "other rules"


@LIGHT
def test_publishers_are_asked_where_the_command_line_says(home, refresh, httpserver, monkeypatch):
    monkeypatch.setattr("flows.arrive.wanted", lambda source: (NET,))
    httpserver.expect_request(f"/v2/country/all/indicator/{NET.code}").respond_with_data(page(row()))
    report = refresh(sources=["world_bank"], base_url={"world_bank": httpserver.url_for("/v2")})
    assert (report.exit_status, report.sources[0].added) == (0, 1)
    (arrival,) = _rows(home, "SELECT route, url FROM snapshot")
    assert arrival["route"] == "fetched"
    assert str(arrival["url"]).startswith(httpserver.url_for("/v2"))


@LIGHT
def test_a_series_that_fails_does_not_take_the_others_with_it(home, refresh, httpserver, monkeypatch):
    monkeypatch.setenv("ICTDEV_RETRY_WAIT", "0")
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "1")
    httpserver.expect_request(f"/v2/country/all/indicator/{NET.code}").respond_with_data(page(row()))
    report = refresh(sources=["world_bank"], base_url={"world_bank": httpserver.url_for("/v2")})
    (source,) = report.sources
    assert (source.state, source.added, report.exit_status) == ("partial", 1, 0 if not source.troubles else 3)
    assert source.troubles
    assert all(trouble["title"] == "source unavailable" for trouble in source.troubles)


@LIGHT
def test_where_nobody_answers_the_other_series_are_not_asked_for(home, refresh, monkeypatch):
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "1")
    asked: list[object] = []
    monkeypatch.setattr("flows.fetch.Client._ask", _counted(asked, Client._ask))
    report = refresh(sources=["world_bank"], base_url={"world_bank": "http://127.0.0.1:9/v2"})
    (source,) = report.sources
    assert (source.state, report.exit_status) == ("unavailable", 4)
    assert len(asked) == 1
    assert [trouble["name"] for trouble in source.troubles] == [series.code for series in wanted("world_bank")]


def _counted(calls, method):
    def counted(self, request):
        calls.append(request)
        return method(self, request)

    return counted


@pytest.mark.usefixtures("ungated")
def test_a_removed_pair_takes_its_gap_with_it(home, refresh, tmp_path):
    pair = [{"sex": "F", "value": 40}, {"sex": "M", "value": 50}]
    refresh(bundle=write_bundle(tmp_path / "one", pair))
    gaps = "SELECT value FROM observation WHERE indicator = 'internet_gender_gap'"
    assert [one["value"] for one in _rows(home, gaps)] == [20.0]
    newer = [{**pair[1], "edition": "2022-01-01"}]
    refresh(bundle=write_bundle(tmp_path / "two", newer))
    assert _rows(home, gaps) == []
    told = _rows(home, "SELECT comparable, reason FROM gender_gap WHERE ref_area = 'SEN'")
    assert told == [{"comparable": False, "reason": "no figure for women"}]


def test_a_load_that_needs_more_memory_than_usual_is_written_all_the_same(home, refresh, tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.memory.LEAST_MEMORY", 2_000_000)
    monkeypatch.setattr("warehouse.memory.MEMORY_PER_BYTE", 0)
    figures = [
        {"ref_area": area, "time_period": str(year)} for area in ("SEN", "GHA", "MLI") for year in range(1990, 2020)
    ]
    report = refresh(bundle=write_bundle(tmp_path / "b", figures))
    assert (report.exit_status, report.sources[0].added) == (0, 90)
    (remark,) = report.remarks
    assert remark.startswith("the work did not fit into 2 MB of memory and was done once more with up to ")
    assert len(_rows(home, "SELECT * FROM observation WHERE source = 'made_up'")) == 90
    assert not refresh(bundle=tmp_path / "b").changed


@LIGHT
def test_memory_that_runs_out_while_publishing_loses_no_count(home, refresh, tmp_path, monkeypatch):
    publish, tries = releases.publish, []

    def once_too_small(*given, **named):
        tries.append(1)
        if len(tries) == 1:
            raise duckdb.OutOfMemoryException("Out of Memory Error: made up")
        return publish(*given, **named)

    monkeypatch.setattr("flows.room.memory_for", lambda _home, _size: 1_000_000_000)  # only the made-up want counts
    monkeypatch.setattr(releases, "publish", once_too_small)
    folder = write_bundle(tmp_path / "b", [{}])
    report = refresh(bundle=folder)
    assert (report.changed, report.sources[0].added) == (True, 1)
    assert not refresh(bundle=folder).changed


def test_when_even_that_is_too_little_nothing_is_half_written(home, refresh, tmp_path, monkeypatch):
    from schemas.errors import IctdevError  # noqa: PLC0415
    from warehouse.store import Store  # noqa: PLC0415

    monkeypatch.setattr("flows.settle.Store", lambda home, _memory: Store(home, 2_000_000))
    with pytest.raises(IctdevError, match="could not be written with the") as caught:
        refresh(bundle=write_bundle(tmp_path / "b", [{}]))
    assert "--source" in caught.value.next_step
    monkeypatch.undo()
    assert releases.latest(home) is None
    assert refresh(bundle=tmp_path / "b").sources[0].added == 1
