"""Watching a run: it is written down before and after, and who has to know is told, however it was started.

Everything here happens under the home's lock, in the process of the run. Nothing here fails a run.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from flows import freshness, log, notices, runbook, sending
from flows.engine import named
from flows.freshness import Freshness
from flows.notices import Notice
from flows.report import NOTHING, Report
from flows.runbook import Asked, Run, Runbook
from flows.settings import Settings
from schemas.errors import IctdevError
from warehouse import pointer
from warehouse.home import Home

STOPPED = 130


@dataclass
class Watched:
    """A run that is being watched; whoever runs it leaves the report here."""

    home: Home
    settings: Settings
    asking: tuple[str, ...]
    """Publishers that it asks."""
    run: str
    started: datetime
    report: Report | None = None
    emits: bool = True
    """Whether the Prefect server that the user named, if any, hears of it."""
    notices: list[Notice] = field(default_factory=list)
    """What was told of it, once it has ended."""


@contextmanager
def watching(home: Home, settings: Settings, asking: Iterable[str], run: str = "") -> Iterator[Watched]:
    """Watch a run of this home; call it under the lock."""
    book, before = runbook.load(home), freshness.of(home, datetime.now(UTC))
    watched = Watched(home, settings, tuple(asking), run or uuid4().hex[:12], datetime.now(UTC))
    cut, book.begun = book.begun, (watched.run, watched.started)
    _keep(book, home)
    clock = time.monotonic()
    error: BaseException | None = None
    try:
        yield watched
    except BaseException as raised:
        error = raised
        raise
    finally:
        book.begun = None
        book.last = _run(watched, time.monotonic() - clock, error)
        _note_asked(book, watched)
        _log(watched, book.last)
        _tell(book, watched, [*notices.cut_short(cut), *_of_run(before, watched, book.last)])


def look(home: Home, settings: Settings) -> list[Notice]:
    """Look what went stale and what is still owed to a receiver, where there is nothing to run. Under the lock."""
    watched = Watched(home, settings, (), "", datetime.now(UTC))
    book = runbook.load(home)
    cut, book.begun = book.begun, None
    _tell(book, watched, list(notices.cut_short(cut)))
    return watched.notices


def _run(watched: Watched, seconds: float, error: BaseException | None) -> Run:
    report = watched.report
    status, text = _ended(report, error)
    vintage = report.vintage if report else _standing(watched.home)
    return Run(watched.run, watched.started, round(seconds, 3), status, vintage, bool(report and report.changed), text)


def _ended(report: Report | None, error: BaseException | None) -> tuple[int, str]:
    """Give the exit status of a run and, in one line, what kept it from its end."""
    if isinstance(error, IctdevError):
        return error.exit_status, str(error)
    if isinstance(error, Exception):
        return NOTHING, f"{type(error).__name__}: {error}"
    if error is not None or report is None:
        return STOPPED, "stopped by hand"
    why = [report.refused.get("what", ""), *(trouble["what"] for one in report.sources for trouble in one.troubles)]
    return report.exit_status, next((text for text in why if text), "") if report.exit_status == NOTHING else ""


def _standing(home: Home) -> str:
    with suppress(IctdevError):
        release = pointer.latest(home)
        return release.vintage if release else ""
    return ""


def _note_asked(book: Runbook, watched: Watched) -> None:
    if watched.report is not None:
        states = {one.source: one.state for one in watched.report.sources}
        book.asked |= {source: Asked(watched.started, states[source]) for source in watched.asking if source in states}


def _log(watched: Watched, run: Run) -> None:
    if watched.report is not None:
        watched.report.seconds = watched.report.seconds or run.seconds
        log.tell(run.run, watched.report)
    else:
        log.say(f"run failed: {run.error}", level=logging.ERROR, run=run.run, vintage=run.vintage, reason=run.error)


def _of_run(before: list[Freshness], watched: Watched, run: Run) -> Iterator[Notice]:
    if watched.report is not None:
        yield from notices.held(before, watched.report, run)
        yield from notices.turned(watched.report, run)
    yield from notices.failed(run)


def _tell(book: Runbook, watched: Watched, found: list[Notice]) -> None:
    """Add what went stale, send everything, and write down what was told and what is owed."""
    now = datetime.now(UTC)
    standing = freshness.of(watched.home, now)
    book.told = notices.still_told(standing, book.told)
    found += notices.stale(standing, book.told)
    book.told |= {one.key: now.date().isoformat() for one in found if one.kind == "stale"}
    watched.notices = found
    if watched.settings.notify_through == "run":
        book.unsent, failures = sending.send(watched.settings, found, book.unsent)
        for sentence in failures:
            log.say(sentence, level=logging.WARNING, run=watched.run)
    _keep(book, watched.home)
    _emit(watched)


def _keep(book: Runbook, home: Home) -> None:
    with suppress(OSError):  # on a full disk the run has its own say
        book.save(home)


def _emit(watched: Watched) -> None:
    """Emit the notices as events where the user's Prefect server listens: its automations may act on them."""
    if watched.emits and named.api():
        from flows.events import emit  # noqa: PLC0415 - loads Prefect

        emit(watched.run, watched.notices)
