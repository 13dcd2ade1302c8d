"""`/health` and `/metrics`: well, or not well with the reason; in a form that collectors read."""

import shutil
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from flows import runbook
from flows.runbook import Asked, Run, Runbook
from flows.serving import application
from tests.conftest import write_bundle
from warehouse import lock
from warehouse.pointer import newest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def client(light, home, refresh, tmp_path):
    refresh(bundle=write_bundle(tmp_path / "bundle", [{"value": 50, "source": "world_bank"}], source="world_bank"))
    return TestClient(application(home))


def _change(home, **more: object) -> None:
    rows = orjson.loads(home.state.read_bytes())["sources"]
    home.state.write_bytes(orjson.dumps({"sources": [{**row, **more} for row in rows]}))


def test_a_fresh_home_is_well(client, home):
    Runbook(last=Run("r", NOW, 2.5, 0, newest(home).vintage), asked={"world_bank": Asked(NOW, "good")}).save(home)
    answer = client.get("/health")
    assert answer.status_code == 200, answer.text
    note = answer.json()
    assert (note["healthy"], note["reasons"], note["last_run"]["seconds"]) == (True, [], 2.5)
    assert note["sources"][0]["fresh"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"last_good": (NOW - timedelta(days=33)).isoformat()[:19]}, "world_bank: monthly, overdue by 2 days"),
        ({"last_good": None, "state": "unavailable"}, "world_bank: never came in whole or in part"),
    ],
)
def test_a_source_beyond_its_cadence_is_told(client, home, changed, reason):
    _change(home, **changed)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["reasons"]) == (503, [reason])
    assert "ictdev_healthy 0.0" in client.get("/metrics").text


def test_a_release_that_lost_a_file_or_a_byte_is_told(client, home):
    database = newest(home).database
    with database.open("ab") as stream:
        stream.write(b"x")
    assert "another size" in client.get("/health").json()["reasons"][0]
    database.unlink()
    assert "lacks its file ictdev.duckdb" in client.get("/health").json()["reasons"][0]


def test_a_home_without_release_or_with_a_broken_pointer_is_told(client, home):
    shutil.rmtree(home.releases)
    assert client.get("/health").status_code == 503
    home.pointer.unlink()
    assert client.get("/health").json()["reasons"] == ["nothing has been published yet"]
    assert "ictdev_release_whole 0.0" in client.get("/metrics").text


def test_a_run_that_goes_on_is_no_run_that_was_cut_short(client, home):
    Runbook(begun=("r", NOW)).save(home)
    assert client.get("/health").json()["cut_short"] == "r"
    with lock.exclusive(home):
        note = client.get("/health").json()
    assert (note["running"], note["cut_short"]) == (True, None)


def test_looking_whether_a_refresh_runs_keeps_none_from_beginning(home):
    home.create()
    for _ in range(50):
        assert not lock.held(home)
        with lock.exclusive(home):
            assert lock.held(home)


def test_the_metrics_are_what_a_collector_reads(client, home):
    book = Runbook(last=Run("r", NOW, 2.5, 3, "v"), asked={"world_bank": Asked(NOW, "good")})
    book.save(home)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {family.name: family for family in text_string_to_metric_families(answer.text)}
    values = {name: {str(one.labels): one.value for one in family.samples} for name, family in found.items()}
    assert values["ictdev_source_fresh"] == {"{'source': 'world_bank'}": 1.0}
    assert values["ictdev_source_held"] == {"{'source': 'world_bank'}": 0.0}
    assert values["ictdev_last_run_duration_seconds"] == {"{}": 2.5}
    assert values["ictdev_last_run_exit_status"] == {"{}": 3.0}
    assert values["ictdev_release_rows"]["{'table': 'observation_history'}"] > 0
    assert all(family.documentation for family in found.values())
    assert runbook.load(home) == book
