"""Measurement Lab is asked for each economy; one without statistics does not lose the others."""

import json

import pytest

from flows.plan import wanted
from schemas.sources import mlab_stats
from tests.flows.fault_server import http, serving
from warehouse.query import open_release


def _days(day: str) -> bytes:
    told = dict.fromkeys(("download_MED", "download_AVG", "upload_MED", "upload_AVG", "download_minRTT_MED"), 10.5)
    counts = {"dl_samples_day": 100, "ul_samples_day": 80}
    return json.dumps([{"date": day, "bucket_min": at, **told, **counts} for at in range(8)]).encode()


def test_every_economy_is_asked_for_under_its_continent():
    found = mlab_stats.continents()
    assert len(found) > 200
    assert {found[code] for code in ("SN", "KE")} == {"AF"}
    assert [found[code] for code in ("US", "BR", "CY", "CN", "TL", "NZ")] == ["NA", "SA", "EU", "AS", "OC", "OC"]
    requests = list(mlab_stats.plan(mlab_stats.SOURCE, wanted("mlab_stats")))
    assert len(requests) == len(found)
    assert len({request.name for request in requests}) == len(found)
    assert all(request.url.endswith("/histogram_daily_stats.json") for request in requests)


@pytest.mark.usefixtures("light")
def test_economies_without_statistics_do_not_lose_the_others(home, refresh, monkeypatch):
    monkeypatch.setattr(mlab_stats, "continents", lambda: {"SN": "AF", "GH": "AF", "KE": "AF"})

    def answer(path: str, asked: dict[str, str]) -> bytes:
        _, _, continent, code, year, name = path.split("/")
        assert (continent, name) == ("AF", "histogram_daily_stats.json")
        if code == "GH":
            return http(b"<html>404</html>", status="404 Not Found")
        return http(b"[]" if code == "KE" else _days(f"{year}-03-01"))

    with serving(answer) as (host, _):
        report = refresh(sources=["mlab_stats"], base_url={"mlab_stats": f"http://{host}/v0"})
    assert (report.exit_status, report.sources[0].added) == (3, 7)
    troubles = json.dumps(report.sources[0].troubles)
    assert "status 404" in troubles
    assert "empty list" in troubles
    with open_release(home.root) as session:
        found = session.rows("SELECT DISTINCT ref_area, licence_open FROM observation JOIN source ON id = source")
    assert found == [{"ref_area": "SEN", "licence_open": True}]
