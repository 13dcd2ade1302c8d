"""The schedule: in the foreground by Prefect, once for whoever brings a timer of their own, or only shown."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flows import due, log, own_server, runbook, screen
from flows import plan as planning
from flows.engine import named
from flows.engine.environment import quiet_prefect
from flows.report import OK, Report
from flows.run import run
from flows.settings import Settings
from flows.watch import look
from warehouse.home import Home
from warehouse.lock import exclusive

if TYPE_CHECKING:
    from prefect.runner import Runner

NAME = "schedule"
"""Of the deployment that `ictdev schedule` serves; prefect.yaml has its own."""


def show(settings: Settings, sources: Sequence[str], count: int) -> None:
    """Print the next firings of each source, soonest first."""
    asked = runbook.load(Home(settings.home)).asked
    found = due.firings(planning.asked(sources), asked, settings.schedule, datetime.now(UTC), count)
    rows = [
        [f"{one.at:%Y-%m-%d %H:%M} UTC", one.source, due.words_of(one.source), one.why]
        for one in sorted(found, key=lambda one: (one.at, one.source))
    ]
    screen.grid(["when", "source", "renewed", "asked"], rows)


def once(settings: Settings, sources: Sequence[str], *, everything: bool) -> Report | None:
    """Refresh what is due now; give the report, or None where nothing is. Raises Busy."""
    home, wanted = Home(settings.home), planning.asked(sources)
    asking = wanted if everything else due.due(wanted, runbook.load(home).asked, datetime.now(UTC))
    if asking:
        return run(planning.for_sources(settings, asking))
    with exclusive(home):
        look(home, settings)
    return None


def next_tick(settings: Settings) -> str:
    """Say when the schedule looks next."""
    return f"{next(due.ticks(settings.schedule, datetime.now(UTC))):%Y-%m-%d %H:%M} UTC"


def serve(settings: Settings, sources: Sequence[str], *, as_json: bool) -> None:
    """Serve the schedule in the foreground until it is stopped; what was missed is caught up at once."""
    home, wanted = Home(settings.home.resolve()), planning.asked(sources)
    home.create()
    tick = next_tick(settings)  # a cron line that is none is told before anything starts
    quiet_prefect(home)
    os.environ["ICTDEV_JSON_LOG"] = str(as_json).lower()  # runs are processes of their own and log like this one
    with _server(home):
        from prefect.deployments import run_deployment  # noqa: PLC0415 - Prefect reads its environment when imported

        runner, deployment = _runner(home, settings, sources)
        missed = due.due(wanted, runbook.load(home).asked, datetime.now(UTC))
        if missed:
            run_deployment(deployment, timeout=0, as_subflow=False)
        log.say(f"serving {len(wanted)} sources; due now: {', '.join(missed) or 'none'}; looks next at {tick}")
        asyncio.run(runner.start())


@contextmanager
def _server(home: Home) -> Iterator[None]:
    """Use the server that the user named, or one of our own."""
    if named.api():
        yield
        return
    with own_server.serving(home) as server:
        if server.note:
            log.say(server.note)
        os.environ["PREFECT_API_URL"] = server.api
        try:
            yield
        finally:
            del os.environ["PREFECT_API_URL"]


def _runner(home: Home, settings: Settings, sources: Sequence[str]) -> "tuple[Runner, UUID]":
    """Register the schedule; runs that were waiting from an earlier start are dropped by that, not made up for."""
    from prefect.deployments.runner import EntrypointType  # type: ignore[attr-defined]  # noqa: PLC0415
    from prefect.runner import Runner  # noqa: PLC0415
    from prefect.schedules import Cron  # noqa: PLC0415

    from flows.scheduled import scheduled  # noqa: PLC0415

    runner = Runner(name=NAME, pause_on_shutdown=False, limit=1)
    deployment = runner.add_flow(
        scheduled,
        name=NAME,
        schedule=Cron(settings.schedule, timezone="UTC"),
        parameters={"home": str(home.root), "sources": list(sources) or None},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return runner, cast("UUID", deployment)


def status_of(report: Report | None) -> int:
    """Give the exit status of a run; having nothing to do is well."""
    return OK if report is None else report.exit_status
