"""docs/operations.md, command by command, in an empty folder; then what breaks in such an installation, one by one."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import yaml
from pytest_httpserver import HTTPServer

from tests.e2e.machine import ROOT, Machine, free_port, machine
from tests.flows.fault_server import http, serving
from tests.flows.publisher import answer
from warehouse.home import Home
from warehouse.lock import exclusive
from warehouse.pointer import newest

pytestmark = pytest.mark.e2e
BLOCKS = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.DOTALL)
TICK = "17 4 * * *"


class Installation:
    """What the page sets up, with the loopback parts around it."""

    def __init__(self, made: Machine, hook: HTTPServer, asked: list[str], port: int) -> None:
        self.machine, self.hook, self.asked, self.api = made, hook, asked, f"http://127.0.0.1:{port}/api"
        self.home = Home(made.folder / "data")
        self.printed: dict[str, str] = {}
        self.pause = 0.0

    def told(self) -> list[dict[str, str]]:
        return [request.get_json() for request, _ in self.hook.log]

    def flow_runs(self, **only: Any) -> list[dict[str, Any]]:
        body = {"sort": "START_TIME_DESC", "flow_runs": only}
        found: list[dict[str, Any]] = self._post("flow_runs/filter", body)
        return found

    def _post(self, path: str, body: Any) -> Any:
        return httpx.post(f"{self.api}/{path}", json=body, timeout=30, trust_env=False).raise_for_status().json()

    def start(self, name: str) -> str:
        found = httpx.get(f"{self.api}/deployments/name/scheduled refresh/{name}", timeout=30, trust_env=False).json()
        return str(self._post(f"deployments/{found['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})["id"])

    def ended(self, run: str) -> dict[str, Any]:
        """Wait until a run has ended; give it."""

        def look() -> dict[str, Any] | None:
            (found,) = self.flow_runs(id={"any_": [run]})
            return found if found["state"]["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None

        return waited(look)

    def artifacts(self) -> set[str]:
        return {one["key"] for one in self._post("artifacts/filter", {})}

    def worker(self) -> None:
        self.machine.run("prefect worker start --pool ictdev --limit 1 >> worker.log 2>&1 &")


def waited(look: Callable[[], Any], seconds: float = 100) -> Any:
    """Wait until there is something; give it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if found := look():
                return found
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"nothing came in {seconds} s")


def _checkout(made: Machine) -> None:
    """Lay out prefect.yaml with a tick each minute and one publisher."""
    content = yaml.safe_load((ROOT / "prefect.yaml").read_text().replace(TICK, "'* * * * *'"))
    for one in content["deployments"][:2]:
        one["parameters"]["sources"] = ["world_bank"]
    (made.folder / "checkout").mkdir()
    (made.folder / "checkout" / "prefect.yaml").write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def installed() -> Iterator[Installation]:
    ports = {"PREFECT_PORT=4200": free_port(), "POSTGRES_PORT=5433": free_port(), "SITE_PORT=8765": free_port()}
    place: list[Installation] = []

    def behave(path: str, _: dict[str, str]) -> Any:
        whole = http(answer(path))
        return [whole[:20], place[0].pause, whole[20:]]

    with HTTPServer() as hook, serving(behave) as (publisher, asked):
        hook.expect_request("/hook").respond_with_data("")
        with machine(ICTDEV_BASE_URL__world_bank=f"http://{publisher}/v2", ICTDEV_SCHEDULE="* * * * *") as made:
            made.run(f"export ICTDEV_CHECKOUT={made.folder}/checkout")
            _checkout(made)
            found = Installation(made, hook, asked, ports["PREFECT_PORT=4200"])
            place.append(found)
            for block in BLOCKS:
                text = block.replace("https://hooks.example.org/ictdev", hook.url_for("/hook"))
                for told, port in ports.items():
                    text = text.replace(told, f"{told.rstrip('0123456789')}{port}")
                found.printed[block.splitlines()[0]] = made.run(text)
            yield found


def test_every_command_of_the_page_works(installed):
    printed = "".join(installed.printed.values())
    assert "where its promises stand" in printed
    assert "world_bank\tmonthly" in printed
    assert "the webhook receiver took the test notice" in printed
    assert "ictdev: silence" in printed
    assert "scheduled refresh/refresh" in printed
    assert '"healthy":true' in printed
    assert "ictdev_release_whole 1.0" in printed
    assert installed.told()[0]["kind"] == "test"


def test_a_run_fires_on_the_minute_and_leaves_its_artifacts(installed):
    run = waited(lambda: installed.flow_runs(state={"type": {"any_": ["COMPLETED"]}}))[-1]
    assert run["auto_scheduled"]
    assert run["expected_start_time"].split(":")[2].startswith("00")
    assert run["state"]["name"] == "Partly"  # the small answer of the loopback publisher is held by a guard
    assert {"ictdev-summary", "ictdev-checks", "ictdev-release"} <= installed.artifacts()


def test_the_automation_tells_of_the_held_source(installed):
    waited(lambda: [one for one in installed.told() if one["kind"] == "held" and one["about"] == "world_bank"])


def test_a_second_run_finds_the_home_busy_and_that_is_no_failure(installed):
    with exclusive(installed.home):
        assert installed.ended(installed.start("refresh-all"))["state"]["name"] == "Busy"
        installed.machine.run(
            "status=0; ictdev schedule --once-now --all --source world_bank || status=$?; [ $status = 5 ]"
        )


def test_a_worker_killed_in_mid_run_blocks_nothing_and_publishes_nothing(installed):
    before = newest(installed.home).vintage
    installed.pause = 3.0
    count = len(installed.asked)
    installed.start("refresh-all")
    waited(lambda: len(installed.asked) > count)
    assert installed.machine.kill("worker start")
    installed.machine.kill("flow_run")
    installed.machine.kill("prefect.engine")
    installed.pause = 0.0
    assert newest(installed.home).vintage == before
    installed.worker()
    assert installed.ended(installed.start("refresh-all"))["state"]["name"] == "Partly"
    waited(lambda: [one for one in installed.told() if "cut short" in one["subject"]])


def test_the_server_restarts_and_the_worker_goes_on(installed):
    installed.machine.run("prefect server stop")
    installed.machine.run(
        'prefect server start --host 127.0.0.1 --port "$PREFECT_PORT" --background\n'
        'until curl -fsS "$PREFECT_API_URL/health" > /dev/null 2>&1; do sleep 1; done'
    )
    assert installed.ended(installed.start("refresh"))["state"]["type"] == "COMPLETED"


def test_the_database_is_away_for_a_while_and_the_schedule_goes_on(installed):
    before = newest(installed.home).vintage
    installed.machine.run('pg_ctl --pgdata="$PWD/postgres" --mode=fast --wait stop')
    time.sleep(8)
    installed.machine.run(
        'pg_ctl --pgdata="$PWD/postgres" --log="$PWD/postgres/log" --wait '
        '--options="-p $POSTGRES_PORT -k $PWD/postgres -h 127.0.0.1" start'
    )
    run = waited(lambda: installed.start("refresh"), 300)  # the server finds its database again when it can
    assert installed.ended(run)["state"]["type"] == "COMPLETED"
    assert newest(installed.home).vintage == before
    assert json.loads(installed.home.pointer.read_bytes())


def test_without_a_server_the_schedule_runs_one_of_its_own_and_leaves_nothing_behind(installed):
    made = installed.machine
    made.run(
        "(unset PREFECT_API_URL PREFECT_API_DATABASE_CONNECTION_URL PREFECT_HOME; export ICTDEV_NOTIFY_THROUGH=run; "
        "ictdev --home alone --json-log schedule --source world_bank > alone.log 2>&1 &)"
    )
    log = made.folder / "alone.log"
    waited(lambda: log.exists() and "run ended" in log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    ended = [line for line in lines if "run ended" in line["message"]]
    assert ended[0]["run"]
    assert ended[0]["vintage"] == newest(Home(made.folder / "alone")).vintage
    for one in made.processes("schedule --source"):
        one.terminate()
    waited(lambda: not made.processes("schedule --source"), 30)
    waited(lambda: len(made.processes("prefect server start")) <= 1, 30)
