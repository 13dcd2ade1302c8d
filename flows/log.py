"""The log of runs: one line per source and one per run, for people as text and for machines as JSON.

Each line names run, source and vintage, so that a log that gathers many runs can be taken apart again.
"""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from flows.report import Report

LOGGER = logging.getLogger("ictdev")
LOGGER.addHandler(logging.NullHandler())
LOGGER.propagate = False  # a refresh that a person started tells on its own screen, and Prefect would tell it again
_STATES = {"good": logging.INFO, "partial": logging.WARNING}


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        note: dict[str, Any] = getattr(record, "ictdev", {})
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "run": "",
            "source": "",
            "vintage": "",
            **note,
        }
        return orjson.dumps(line, default=str).decode()


def configure(*, as_json: bool) -> None:
    """Send the log to stderr, in one of its two forms."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_AsJson() if as_json else logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    handler.set_name("ictdev")
    LOGGER.handlers = [one for one in LOGGER.handlers if one.get_name() != "ictdev"]
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)


def say(text: str, *, level: int = logging.INFO, **note: Any) -> None:
    """Log one line with what it is about."""
    LOGGER.log(level, text, extra={"ictdev": note})


def tell(run: str, report: Report) -> None:
    """Log how a run went: one line per source, then one for all of it."""
    for level, text, note in _lines(report):
        say(text, level=level, run=run, vintage=report.vintage, **note)


def _lines(report: Report) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for one in report.sources:
        counts = {name: getattr(one, name) for name in ("observations", "added", "revised", "removed", "rejected")}
        reason = _reason(list(dict.fromkeys(trouble["what"] for trouble in one.troubles)))
        text = f"{one.source} {one.state}: " + (reason or ", ".join(f"{n:,} {name}" for name, n in counts.items()))
        note = {"source": one.source, "state": one.state, "edition": one.edition, **counts, "reason": reason}
        yield _STATES.get(one.state, logging.ERROR), text, note
    for event in report.events:
        yield logging.INFO, f"target {event}", {"event": "target"}
    if report.unshared:
        yield logging.WARNING, f"shared storage: {'; '.join(report.unshared.values())}", {"event": "unshared"}
    level = {0: logging.INFO, 3: logging.WARNING}.get(report.exit_status, logging.ERROR)
    fate = f"release {report.vintage} " + ("published" if report.changed else "stands")
    note = {"exit_status": report.exit_status, "seconds": round(report.seconds, 3), "changed": report.changed}
    yield level, f"run ended in {report.seconds:.1f} s with status {report.exit_status}: {fate}", note


def _reason(whats: list[str]) -> str:
    """Give what befell a source in one line: the first trouble, and how many more there were."""
    more = f" (and {len(whats) - 1} more)" if len(whats) > 1 else ""
    return whats[0] + more if whats else ""
