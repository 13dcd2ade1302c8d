"""`/health` and `/metrics` of a served home: whether every source is within its cadence and the release is whole.

Both read what runs leave behind and open no database, so that they can be asked often.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows import freshness, runbook
from flows.freshness import DAY, Freshness
from flows.runbook import Runbook
from schemas.errors import IctdevError
from warehouse import lock, pointer
from warehouse.home import Home, parse_vintage

_ASK_AGAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Health:
    """How a home stands at a moment."""

    at: datetime
    sources: list[Freshness]
    book: Runbook
    release: pointer.Release | None
    broken: str
    """Why the newest release is not whole; empty where it is."""
    running: bool

    def reasons(self) -> Iterator[str]:
        """Give every reason why it is not well."""
        if self.broken:
            yield self.broken
        for one in self.sources:
            if one.stale:
                yield f"{one.source}: {one.words() if one.last_good else 'never came in whole or in part'}"


def examine(home: Home) -> Health:
    """Look how a home stands."""
    now = datetime.now(UTC)
    release, broken = _release(home)
    return Health(now, freshness.of(home, now), runbook.load(home), release, broken, lock.held(home))


def _release(home: Home) -> tuple[pointer.Release | None, str]:
    """Give the newest release and what is wrong with it: files are judged by size, not by hash."""
    try:
        release = pointer.latest(home)
    except IctdevError as error:
        return None, str(error)
    if release is None:
        return None, "nothing has been published yet"
    for name, note in release.manifest["files"].items():
        path = release.folder / name
        if not path.is_file():
            return release, f"release {release.vintage} lacks its file {name}"
        if path.stat().st_size != note["size"]:
            return release, f"the file {name} of release {release.vintage} has another size than its manifest says"
    return release, ""


def routes(home: Home) -> list[Route]:
    """Give the routes for a home."""

    def health(request: Request) -> Response:  # noqa: ARG001
        found = examine(home)
        reasons = list(found.reasons())
        return JSONResponse(_as_note(found, reasons), status_code=503 if reasons else 200, headers=_ASK_AGAIN)

    def metrics(request: Request) -> Response:  # noqa: ARG001
        from flows.metrics import CONTENT_TYPE, text  # noqa: PLC0415 - only who asks for metrics needs the library

        return Response(text(examine(home)), media_type=CONTENT_TYPE, headers=_ASK_AGAIN)

    return [Route("/health", health), Route("/metrics", metrics)]


def _as_note(found: Health, reasons: list[str]) -> dict[str, Any]:
    last, begun = found.book.last, found.book.begun
    return {
        "healthy": not reasons,
        "reasons": reasons,
        "at": _text(found.at),
        "release": found.release.vintage if found.release else None,
        "running": found.running,
        "last_run": None
        if last is None
        else {
            "run": last.run,
            "started": _text(last.started),
            "seconds": last.seconds,
            "exit_status": last.exit_status,
            "vintage": last.vintage,
            "error": last.error,
        },
        "cut_short": begun[0] if begun and not found.running else None,
        "sources": [_source(one, found.book) for one in found.sources],
        "notices_unsent": len(found.book.unsent),
    }


def _source(one: Freshness, book: Runbook) -> dict[str, Any]:
    asked = book.asked.get(one.source)
    return {
        "source": one.source,
        "state": one.state,
        "fresh": not one.stale,
        "cadence": one.cadence,
        "last_good": _text(one.last_good) if one.last_good else None,
        "overdue_days": one.overdue_days,
        "timeliness": one.timeliness,
        "timeliness_reason": one.timeliness_reason,
        "last_asked": _text(asked.at) if asked else None,
        "reason": one.reason,
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def age_seconds(vintage: str, now: datetime) -> float:
    """Give the age of a release in seconds."""
    return (now - parse_vintage(vintage).replace(tzinfo=UTC)).total_seconds()


def fresh_seconds(one: Freshness) -> float | None:
    """Give for how many seconds a source's figures stay fresh; None where it has no rhythm."""
    return None if one.fresh_days is None else float(one.fresh_days * DAY)
