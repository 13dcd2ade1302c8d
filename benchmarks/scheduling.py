"""What Prefect costs a scheduled run, and what it leaves there: the flow against the same steps without it."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flows import own_server, runbook
from flows import plan as planning
from flows.engine.environment import quiet_prefect
from flows.run import run_plain
from tests.conftest import write_bundle
from warehouse.home import Home

ROUNDS = 5
_TICK = """
import sys, time
from flows.engine.environment import quiet_prefect
from warehouse.home import Home
quiet_prefect(Home(__import__('pathlib').Path(sys.argv[1])))
from flows.scheduled import scheduled
scheduled(home=sys.argv[1], sources=['world_bank'], return_state=True)
taken = []
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    scheduled(home=sys.argv[1], sources=['world_bank'], return_state=True)
    taken.append(time.perf_counter() - began)
print('TAKEN', sorted(taken)[len(taken) // 2])
"""
_REFRESH = """
import sys, time
from pathlib import Path
from flows import plan
from flows.engine.environment import quiet_prefect
from flows.run import work_folder
from warehouse.home import Home
home = Home(Path(sys.argv[1]))
quiet_prefect(home)
from flows.refresh import refresh
asked = plan.make(home=home.root, bundle=Path(sys.argv[2]), files=[], sources=[], base_url={}, parquet=False)
taken = []
for _ in range(1 + int(sys.argv[3])):
    with work_folder(home) as work:
        asked.save(work / 'plan.json')
        began = time.perf_counter()
        refresh(str(work / 'plan.json'), ['made_up'])
        taken.append(time.perf_counter() - began)
taken = taken[1:]
print('TAKEN', sorted(taken)[len(taken) // 2])
"""


def lines() -> Iterator[str]:
    """Measure an unchanged refresh with and without Prefect, a tick that finds nothing due, and the artifacts."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        bundle = write_bundle(Path(folder) / "bundle", [{"value": 50}])
        plan = planning.make(home=home.root, bundle=bundle, files=[], sources=[], base_url={}, parquet=False)
        run_plain(plan)
        plain = statistics.median(_timed(plan) for _ in range(ROUNDS))
        yield f"unchanged refresh, plain  {plain:6.2f} s   the yardstick: the same steps without Prefect"
        quiet_prefect(home)
        with own_server.serving(home) as server:
            api = server.api
            with_flow = _in_process(_REFRESH, api, str(home.root), str(bundle), str(ROUNDS))
            yield f"unchanged refresh, flow   {with_flow:6.2f} s   {with_flow - plain:.2f} s of Prefect per run"
            yield f"a tick with nothing due   {_nothing_due(home, api):6.2f} s   of which the floor of a flow is 1.07 s"
        yield from _artifacts(Path(folder))


def _timed(plan: planning.Plan) -> float:
    began = time.perf_counter()
    run_plain(plan)
    return time.perf_counter() - began


def _nothing_due(home: Home, api: str) -> float:
    book = runbook.load(home)
    book.asked["world_bank"] = runbook.Asked(datetime.now(UTC), "good")
    book.save(home)
    return _in_process(_TICK, api, str(home.root), str(ROUNDS))


def _in_process(code: str, api: str, *words: str) -> float:
    command = [sys.executable, "-c", code, *words]
    environment = {**os.environ, "PREFECT_API_URL": api}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(done.stdout.rpartition("TAKEN ")[2])


def _artifacts(folder: Path) -> Iterator[str]:
    """Give the size of each artifact of a refresh of the bundled figures."""
    from flows.artifacts import texts

    home = Home(folder / "bundled")
    report = run_plain(
        planning.make(home=home.root, bundle=planning.bundled(), files=[], sources=[], base_url={}, parquet=False)
    )
    for key, text in texts(report, str(home.root)):
        yield f"artifact {key:<17}{len(text.encode()):6,d} bytes"


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
