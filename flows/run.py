"""One refresh from beginning to end: the lock, Prefect's quiet environment, the flow, the report of what happened."""

import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stamina

from flows import arrive
from flows.definitions import require_sound_definitions
from flows.plan import Plan
from flows.report import Report
from flows.settings import load
from flows.settle import settle
from flows.sharing import address, share
from flows.steps import read_and_check_once, take_in_once
from flows.watch import watching
from schemas.errors import IctdevError
from warehouse.home import Home
from warehouse.journal import guard_against_loss
from warehouse.lock import exclusive


def run(plan: Plan) -> Report:
    """Run one refresh under the home's lock, watched. Raises Busy, or an IctdevError that says what to do."""
    require_sound_definitions()
    home = Home(Path(plan.home))
    settings = load(home=plan.home)
    started = time.monotonic()
    with exclusive(home), watching(home, settings, plan.sources) as watched, work_folder(home) as work:
        storage = address(settings)
        guard_against_loss(home)
        sources = arrive.sources(plan)
        plan_path = work / "plan.json"
        plan.save(plan_path)
        quiet_prefect(home)
        from flows.refresh import refresh  # noqa: PLC0415 - Prefect reads its environment when it is imported

        with _quiet_shutdown():
            report = Report.load(Path(refresh(str(plan_path), sources)))
        report.unshared = share(home, storage)
        report.seconds = time.monotonic() - started
        watched.report = report
    return report


def run_plain(plan: Plan) -> Report:
    """Run the same steps without Prefect: for tests and for callers that bring their own orchestration."""
    home = Home(Path(plan.home))
    storage = address(load(home=plan.home))
    with exclusive(home), work_folder(home) as work:
        guard_against_loss(home)
        plan_path = work / "plan.json"
        plan.save(plan_path)
        folders = [take_in_once(str(plan_path), source) for source in arrive.sources(plan)]
        for folder in folders:
            read_and_check_once(folder, plan.home)
        report = Report.load(settle(plan, [Path(folder) for folder in folders], work))
        report.unshared = share(home, storage)
    return report


@contextmanager
def work_folder(home: Home) -> Iterator[Path]:
    """Give an empty scratch folder, and clear it afterwards; what a crash left there is cleared at the next run."""
    shutil.rmtree(home.work, ignore_errors=True)
    try:
        home.work.mkdir(parents=True)
    except OSError as error:
        raise IctdevError(f"{home.work} cannot be made", why=str(error), next_step="free some space") from error
    try:
        yield home.work
    finally:
        shutil.rmtree(home.work, ignore_errors=True)


_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_CLI_PROMPT": "false",
}


def quiet_prefect(home: Home) -> None:
    """Set Prefect's environment, leaving what the user has set: state in the home, no telemetry, no noise."""
    os.environ.setdefault("PREFECT_HOME", str((home.root / "prefect").resolve()))
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    _past_the_proxy("127.0.0.1", "localhost")
    stamina.instrumentation.set_on_retry_hooks([])  # what came of the tries is told at the end, in one block


def _past_the_proxy(*hosts: str) -> None:
    """Keep a proxy out of the way between Prefect's parts, which talk over the loopback interface."""
    told = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    named = [host.strip() for host in told.split(",") if host.strip()]
    text = ",".join(named + [host for host in hosts if host not in named])
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = text


@contextmanager
def _quiet_shutdown() -> Iterator[None]:
    """Keep the temporary server's farewells off the screen: they are logged after the work is done."""
    for name in ("prefect", "httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    sys.stderr.flush()
