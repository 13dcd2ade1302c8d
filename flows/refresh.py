"""The refresh as a Prefect flow: one task per source to take in, one to read and check, one to derive and publish.

The tasks are thin: each calls a plain function of its own module with paths and ids, so that the work can be tested
and run without a server. Set Prefect's environment (`flows.run`) before this module is imported.
"""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows import plan
from flows.artifacts import leave
from flows.settle import settle
from flows.steps import read_and_check_once, take_in_once

RETRIES = 1
RUNNER: Any = ThreadPoolTaskRunner(max_workers=4)


@task(name="take in", retries=RETRIES, retry_delay_seconds=5, cache_policy=NO_CACHE, log_prints=False)
def take_in(plan_path: str, source: str) -> str:
    """Take in what the plan wants of one source; give the path of what arrived."""
    return take_in_once(plan_path, source, last=(task_run.run_count or 1) > RETRIES)


@task(name="read and check", cache_policy=NO_CACHE)
def read_and_check(folder: str, home: str) -> str:
    """Read and check what arrived; give the path of the outcome."""
    return read_and_check_once(folder, home)


@task(name="derive and publish", cache_policy=NO_CACHE)
def publish(plan_path: str, folders: list[str]) -> str:
    """Stage, derive and publish; give the path of the run's report."""
    return str(settle(plan.load(Path(plan_path)), [Path(folder) for folder in folders], Path(plan_path).parent))


@flow(name="refresh", task_runner=RUNNER, validate_parameters=False)
def refresh(plan_path: str, sources: list[str]) -> str:
    """Refresh the figures: take in, read and check, derive and publish. Gives the path of the run's report."""
    return steps(plan_path, sources)


def task_runs(sources: list[str]) -> int:
    """Give how many task runs a whole refresh of these sources has."""
    return 2 * len(sources) + 1


def steps(plan_path: str, sources: list[str]) -> str:
    """Run the tasks of a refresh inside a flow; give the path of the run's report."""
    home = plan.load(Path(plan_path)).home
    arrived = [take_in.submit(plan_path, source) for source in sources]
    checked = [read_and_check(future.result(), home) for future in arrived]  # one at a time: it is work, not waiting
    report = publish(plan_path, checked)
    leave(report, home)
    return report
