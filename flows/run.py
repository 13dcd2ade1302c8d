"""One refresh from beginning to end: watched, as a flow of Prefect, with the report of what happened."""

import logging
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stamina

from flows import arrive, log
from flows.definitions import require_sound_definitions
from flows.engine.running import Engine, started
from flows.plan import Plan
from flows.preload import load_engine
from flows.report import Report
from flows.settings import load
from flows.settle import settle
from flows.sharing import address, share
from flows.steps import read_and_check_once, take_in_once
from flows.watch import Watched, watching
from schemas.errors import IctdevError
from warehouse.home import Home
from warehouse.journal import guard_against_loss
from warehouse.lock import exclusive


def run(plan: Plan) -> Report:
    """Run one refresh, from the lock to the end of Prefect's server. Raises Busy, or an IctdevError."""
    with started(Home(Path(plan.home))) as engine:
        if engine.note:
            log.say(engine.note, level=logging.WARNING)
        return run_with(engine, plan)


def run_with(engine: Engine, plan: Plan) -> Report:
    """Run one refresh, watched, on an engine that was started for its home; the report comes before the engine ends."""
    require_sound_definitions()
    home = Home(Path(plan.home))
    settings = load(home=plan.home)
    began = time.monotonic()
    stamina.instrumentation.set_on_retry_hooks([])  # what came of the tries is told at the end, in one block
    with watching(home, settings, plan.sources) as watched, work_folder(home) as work:
        _ask(engine, watched)
        storage = address(settings)
        guard_against_loss(home)
        with _quiet_shutdown():
            report = _as_flow(engine, plan, work)
        report.unshared = share(home, storage)
        report.seconds = time.monotonic() - began
        watched.report = report
    return report


def _ask(engine: Engine, watched: Watched) -> None:
    try:
        engine.named_answers()
    except IctdevError:
        watched.emits = False  # events would wait for it, too
        raise


def _as_flow(engine: Engine, plan: Plan, work: Path) -> Report:
    """Run the flow; what it raises comes out of it."""
    sources = arrive.sources(plan)
    plan_path = work / "plan.json"
    plan.save(plan_path)
    with engine.connected():
        from flows.engine import stored  # noqa: PLC0415 - Prefect reads its environment when it is imported
        from flows.refresh import refresh, task_runs  # noqa: PLC0415

        load_engine(Home(Path(plan.home)))  # while our server starts
        engine.ours_answers()
        state = refresh(str(plan_path), sources, return_state=True)
        flow_run = state.state_details.flow_run_id
        if flow_run:
            engine.at_end = lambda api: stored.wait(api, flow_run, task_runs(sources) if state.is_completed() else 0)
        return Report.load(Path(state.result()))


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


@contextmanager
def _quiet_shutdown() -> Iterator[None]:
    """Keep the temporary server's farewells off the screen: they are logged after the work is done."""
    for name in ("prefect", "httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    sys.stderr.flush()
