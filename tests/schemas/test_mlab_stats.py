"""Measurement Lab's days become years; what contradicts itself or says nothing is told."""

import json

import pytest

from schemas.errors import Changed, Empty, Invalid, Usage
from schemas.source import Raw, Reading
from schemas.sources import mlab_stats
from tests.flows.fault_server import http, serving
from tests.schemas.samples import asked, ndt_days
from warehouse.query import open_release


def _read(content: bytes, name: str = "SN-2020.json", url: str = "") -> Reading:
    return mlab_stats.read(Raw(content, name, url, received="2026-11-24"), asked("mlab_stats"))


def _figures(reading: Reading) -> dict[str, float]:
    return {row["series_code"]: row["value"] for row in reading.observations.to_pylist()}


def test_medians_of_days_are_averaged_by_their_tests():
    reading = _read(
        ndt_days(
            {},
            {"date": "2020-01-02", "download_MED": 40.0, "dl_samples_day": 200, "upload_MED": 7, "ul_samples_day": 40},
        )
    )
    assert _figures(reading) == {"download": 30.0, "upload": 5.0, "latency": 30.0, "tests": 300.0}
    rows = reading.observations.to_pylist()
    assert {(row["ref_area"], row["time_period"], row["note"]) for row in rows} == {("SEN", "2020", "2 days")}
    assert {row["breakdown"] for row in rows} == {"NDT_DAILY_MEDIAN", "NDT_TESTS"}
    assert {(scope.areas, scope.years) for scope in reading.scopes} == {(("SEN",), (2020, 2020))}


def test_a_day_without_uploads_says_nothing_of_uploads():
    reading = _read(ndt_days({"upload_MED": None, "ul_samples_day": 0}))
    assert set(_figures(reading)) == {"download", "latency", "tests"}


def test_impossible_measures_are_no_measures():
    assert "download" not in _figures(_read(ndt_days({"download_MED": -5})))
    assert "download" not in _figures(_read(ndt_days({"download_MED": "fast"})))


def test_the_address_tells_economy_and_year():
    url = "https://host/v0/AF/SN/2020/histogram_daily_stats.json"
    assert _read(ndt_days(), "SN-2020 page 1", url).observations["ref_area"].to_pylist()[0] == "SEN"


@pytest.mark.parametrize("name", ["histogram_daily_stats.json", "Senegal-2020.json", "SN.json"])
def test_a_name_that_tells_no_economy_is_told(name):
    with pytest.raises(Usage, match="does not say its economy and year"):
        _read(ndt_days(), name)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"<html>Not Found</html>", Changed, "HTML page"),
        (b"", Empty, "is empty"),
        (b"[]", Empty, "empty list"),
        (b'{"date": "2020-01-01"}', Changed, "no list of daily statistics"),
        (b'[{"date": "2020-01-01"}]', Changed, "each needs date"),
        (ndt_days({"date": "2020-02-30"}), Changed, "a day that is none"),
        (ndt_days({"date": "2019-12-31"}), Changed, "tells of 2019-12-31, asked was 2020"),
        (ndt_days({}, {"download_MED": 11.0}), Invalid, "contradict each other"),
        (ndt_days({"dl_samples_day": 0, "ul_samples_day": 0}), Empty, "no figure"),
    ],
)
def test_what_cannot_be_read_is_told(content, kind, words):
    with pytest.raises(kind, match=words):
        _read(content)


def test_an_unknown_economy_is_a_reject():
    reading = mlab_stats.read(Raw(ndt_days(), "QQ-2020.json", received="2026-11-24"), asked("mlab_stats"))
    assert set(reading.rejects["reason"].to_pylist()) == {"unmapped_area"}


def test_every_economy_is_asked_for_under_its_continent():
    found = mlab_stats.continents()
    assert len(found) > 200
    assert {found[code] for code in ("SN", "KE")} == {"AF"}
    assert [found[code] for code in ("US", "BR", "CY", "CN", "TL", "NZ")] == ["NA", "SA", "EU", "AS", "OC", "OC"]
    requests = list(mlab_stats.plan(mlab_stats.SOURCE, asked("mlab_stats")))
    assert len(requests) == len(found)
    assert len({request.name for request in requests}) == len(found)
    assert all(request.url.endswith("/histogram_daily_stats.json") for request in requests)


def test_economies_without_statistics_do_not_lose_the_others(home, refresh, monkeypatch):
    monkeypatch.setattr(mlab_stats, "continents", lambda: {"SN": "AF", "GH": "AF", "KE": "AF"})

    def answer(path: str, asked: dict[str, str]) -> bytes:
        _, _, continent, code, year, name = path.split("/")
        assert (continent, name) == ("AF", "histogram_daily_stats.json")
        if code == "GH":
            return http(b"<html>404</html>", status="404 Not Found")
        return http(b"[]" if code == "KE" else ndt_days({"date": f"{year}-03-01"}))

    with serving(answer) as (host, _):
        report = refresh(sources=["mlab_stats"], base_url={"mlab_stats": f"http://{host}/v0"})
    assert (report.exit_status, report.sources[0].added) == (3, 4)
    troubles = json.dumps(report.sources[0].troubles)
    assert "status 404" in troubles
    assert "empty list" in troubles
    with open_release(home.root) as session:
        found = session.rows("SELECT DISTINCT ref_area, licence_open FROM observation JOIN source ON id = source")
    assert found == [{"ref_area": "SEN", "licence_open": True}]
