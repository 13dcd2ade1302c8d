"""The command as a newcomer runs it: a fresh home directory, another folder, no network, no environment."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from great_expectations.core import ExpectationSuiteValidationResult

from flows import plan as planning
from tests.conftest import write_bundle
from tests.exchanges import OUTAGE
from tests.flows.engine.records import artifacts, flow_runs, task_runs
from tests.flows.fault_server import http, serving

pytestmark = pytest.mark.slow
ICTDEV = Path(sys.executable).parent / "ictdev"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("newcomer")


def _environment(place: Path) -> dict[str, str]:
    """A bare environment; every way out of the machine leads nowhere."""
    return {
        "HOME": str(place),
        "PATH": f"{ICTDEV.parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }


def _run(place: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**_environment(place), **more}
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=place, env=environment, timeout=300)


@pytest.fixture(scope="module")
def first(place):
    return _run(place, "ictdev", "refresh", "--bundled")


def test_the_first_refresh_answers_and_makes_no_noise(first):
    assert first.returncode == 0, first.stderr
    assert first.stderr == "refreshing · bundled figures\n"
    assert "E/RES/2017/21: where its promises stand" in first.stdout
    assert "24.1 % (2020)" in first.stdout


def test_prefect_keeps_its_state_in_the_home_and_nothing_is_left_elsewhere(first, place):
    assert (place / "data" / "prefect").is_dir()
    assert sorted(path.name for path in place.iterdir()) == ["data"]


def test_prefect_and_the_engine_of_checks_keep_their_own_record(first, place):
    home = place / "data"
    flow_run, state = flow_runs(home)[0]
    found = task_runs(home, flow_run)
    assert state == "COMPLETED"
    assert Counter(one.task for one in found) == {"take_in": 3, "read_and_check": 3, "publish": 1}
    assert {(one.state, one.run_count, *one.states) for one in found} == {
        ("COMPLETED", 1, "Pending", "Running", "Completed")
    }
    assert artifacts(home, flow_run) == {"ictdev-summary", "ictdev-changes", "ictdev-checks", "ictdev-release"}
    results = [json.loads(path.read_bytes()) for path in home.glob("releases/*/quality_engine/*.json")]
    assert len(results) > 3
    for result in results:
        checked = ExpectationSuiteValidationResult(**result)  # what the engine itself reads
        assert checked.statistics["evaluated_expectations"] == len(checked.results) > 0


def test_every_printed_next_step_works_as_typed(first, place):
    steps = re.findall(r"^(?:Next)?\s+(ictdev .+?)  ", first.stdout, re.MULTILINE)
    assert len(steps) == 4
    for step in steps:
        if step == "ictdev refresh":
            continue  # asks the publishers: there is no network here
        done = _run(place, *shlex.split(step))
        assert done.returncode == 0, (step, done.stderr)
        assert done.stdout


def test_asking_publishers_without_a_network_keeps_the_last_release(first, place):
    before = (place / "data" / "latest.json").read_bytes()
    done = _run(place, "ictdev", "refresh", ICTDEV_ATTEMPTS="1", ICTDEV_RETRY_WAIT="0")
    assert done.returncode == 4
    asked = planning.asked([])
    assert done.stderr.count("source unavailable") == len(asked) > 5  # one block per publisher
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) < 8 * len(asked)
    assert (place / "data" / "latest.json").read_bytes() == before


def test_a_second_refresh_changes_nothing(first, place):
    before = sorted((place / "data" / "releases").iterdir())
    done = _run(place, "ictdev", "--json-log", "refresh", "--bundled")
    assert done.returncode == 0
    assert json.loads(done.stdout)["changed"] is False
    assert sorted((place / "data" / "releases").iterdir()) == before


def test_a_publisher_that_misbehaves_leaves_the_release(first, place):
    """Under Prefect as in the plain functions, to which tests/flows/test_faults.py shows every fault."""
    answer, title = http(OUTAGE), "source changed its format"
    before = (place / "data" / "latest.json").read_bytes()
    with serving(lambda path, params: answer) as (host, _):
        words = ("ictdev", "refresh", "--source", "world_bank", "--base-url", f"world_bank=http://{host}/v2")
        done = _run(place, *words, ICTDEV_ATTEMPTS="1")
    assert done.returncode == 4
    assert title in done.stderr
    assert "Traceback" not in done.stderr
    assert "stands" in done.stdout
    assert (place / "data" / "latest.json").read_bytes() == before


def test_a_refresh_that_is_killed_is_made_good_by_the_next(tmp_path):
    """The whole command dies with Prefect's server; few figures do, because the crash campaign has many steps."""
    areas = ("SEN", "GHA", "MLI")
    bundle = write_bundle(tmp_path / "bundle", [{"ref_area": area} for area in areas])
    words = ("ictdev", "refresh", "--bundle", str(bundle), "--no-site", "--no-parquet")
    started = subprocess.Popen(
        words, cwd=tmp_path, env=_environment(tmp_path), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (tmp_path / "data" / "history.duckdb").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert not (tmp_path / "data" / "latest.json").exists()
    done = _run(tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "data" / "releases").glob(".building-*"))
    query = "SELECT count(*) AS n FROM observation WHERE source = 'made_up'"
    asked = _run(tmp_path, "ictdev", "sql", query, "--format", "json")
    assert json.loads(asked.stdout) == [{"n": len(areas)}]
