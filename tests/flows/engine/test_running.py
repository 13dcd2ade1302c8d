"""A run under Prefect: busy before anything is touched, no process left however it ends, and all of it on record."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from flows.engine import running
from schemas.errors import Busy
from tests.conftest import write_bundle
from tests.flows.engine.records import artifacts, flow_runs, task_runs
from tests.flows.fault_server import Answer, http, serving
from tests.flows.publisher import answer
from warehouse.lock import exclusive

ICTDEV = str(Path(sys.executable).parent / "ictdev")
_HOLD = """
import sys, time
from pathlib import Path
from flows.engine.running import started
from warehouse.home import Home
with started(Home(Path(sys.argv[1]))) as engine:
    print(engine.server.process.pid, flush=True)
    time.sleep(120)
"""


def _environment(**more: str) -> dict[str, str]:
    """Give this environment without anything that is set for Prefect."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}, **more}


def _command(place: Path, *words: str, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [ICTDEV, *words],
        cwd=place,
        env=_environment(**more),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _gone(pid: int, within: float = 30) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_run_that_finds_another_one_starts_and_touches_nothing(home):
    with exclusive(home), pytest.raises(Busy), running.started(home):
        raise AssertionError("two runs on one home")
    assert not (home.root / "prefect").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_the_run_that_started_it(tmp_path, number):
    command = [sys.executable, "-c", _HOLD, str(tmp_path / "home")]
    with subprocess.Popen(
        command, env=_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as held:
        assert held.stdout is not None
        server = int(held.stdout.readline())
        held.send_signal(number)
    assert _gone(server)


def test_two_runs_started_in_the_same_second(tmp_path):
    words = (
        "--home",
        "data",
        "refresh",
        "--bundle",
        str(write_bundle(tmp_path / "b", [{}])),
        "--no-site",
        "--no-parquet",
    )
    both = [_command(tmp_path, *words) for _ in range(2)]
    ended = [(*one.communicate(timeout=200), one.returncode) for one in both]
    assert sorted(status for _, _, status in ended) == [0, 5]
    assert next(err for _, err, status in ended if status == 5).startswith("ictdev: another refresh is running")
    assert [state for _, state in flow_runs(tmp_path / "data")] == ["COMPLETED"]


def test_a_task_that_failed_in_passing_is_on_record_with_its_second_try(tmp_path):
    asked: Counter[str] = Counter()

    def behave(path: str, _: dict[str, str]) -> Answer:
        asked[path] += 1
        return http(status="503 Service Unavailable") if asked[path] == 1 else http(answer(path))

    with serving(behave) as (host, _):
        words = ("--home", "data", "refresh", "--source", "world_bank", "--base-url", f"world_bank=http://{host}/v2")
        run = _command(tmp_path, *words, "--no-site", "--no-parquet", ICTDEV_ATTEMPTS="1", ICTDEV_RETRY_WAIT="0")
        _, err = run.communicate(timeout=200)
    assert run.returncode in (0, 3), err
    ((flow_run, state),) = flow_runs(tmp_path / "data")
    assert state == "COMPLETED"
    found = {one.task: one for one in task_runs(tmp_path / "data", flow_run)}
    assert {one.state for one in found.values()} == {"COMPLETED"}
    assert found["take_in"].run_count == 2
    assert "AwaitingRetry" in found["take_in"].states
    assert found["take_in"].states[-1] == "Completed"
    assert artifacts(tmp_path / "data", flow_run) >= {"ictdev-summary", "ictdev-release"}


def test_a_named_api_that_is_away_stops_the_run_before_anything_is_done(tmp_path):
    run = _command(tmp_path, "--home", "data", "refresh", "--bundled", PREFECT_API_URL="http://127.0.0.1:9/api")
    _, err = run.communicate(timeout=200)
    assert run.returncode == 4
    assert "the Prefect API at http://127.0.0.1:9/api does not answer" in err
    assert "PREFECT_API_URL" in err
    assert not (tmp_path / "data" / "history.duckdb").exists()
    assert not list((tmp_path / "data" / "snapshots").rglob("*.*"))
    assert not (tmp_path / "data" / "prefect").exists()
