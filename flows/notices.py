"""What the people who answer for an installation are told: something was held, went stale, was met or missed, failed.

Pure: what was before and what is now, to notices. `flows/sending.py` brings them to their receivers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.freshness import Freshness
from flows.report import Report
from flows.runbook import Run
from schemas.errors import Guarded, Held

Kind = Literal["held", "stale", "target", "failed", "test"]
KINDS: tuple[Kind, ...] = ("held", "stale", "target", "failed")
_HELD = {Held.title, Guarded.title}
_TURNED = re.compile(r" → (met|missed) \(")


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told, once."""

    kind: Kind
    subject: str
    """One line."""
    text: str
    """What happened, why, and what to do next."""
    about: str
    """The source, the target or the run that it is about."""
    run: str = ""
    vintage: str = ""

    @property
    def key(self) -> str:
        """Name of the condition, the same as long as it lasts."""
        return f"{self.kind}:{self.about}"


def held(before: Sequence[Freshness], report: Report, run: Run) -> Iterator[Notice]:
    """Give the sources that this run holds and that were not held before."""
    former = {one.source: one.state for one in before}
    for one in report.sources:
        troubles = [trouble for trouble in one.troubles if trouble["title"] in _HELD]
        if one.state in {"held", "partial"} and troubles and former.get(one.source) not in {"held", one.state}:
            part = "" if one.state == "held" else f" in part: {len(troubles)} of its answers"
            lines = [troubles[0]["what"], troubles[0]["why"], troubles[0]["next"] or "ictdev status   tells more"]
            text = "\n".join([*(line for line in lines if line), "The last good figures stay published."])
            yield Notice("held", f"{one.source} is held{part}", text, one.source, run.run, run.vintage)


def turned(report: Report, run: Run) -> Iterator[Notice]:
    """Give the targets that are newly met or newly missed."""
    for event in report.events:
        if found := _TURNED.search(event):
            name = event.partition(":")[0]
            yield Notice("target", f"target {found[1]}: {name}", event, name, run.run, run.vintage)


def failed(run: Run) -> Iterator[Notice]:
    """Give the run itself where nothing could be published."""
    if run.exit_status == 4:
        standing = f"The last release stands: {run.vintage or 'there is none yet'}."
        text = f"{run.error or 'nothing could be taken in'}\n{standing}"
        yield Notice("failed", "a refresh failed", text, run.run, run.run, run.vintage)


def cut_short(begun: tuple[str, datetime] | None) -> Iterator[Notice]:
    """Give the run before, where it was stopped before its end and could tell nothing itself."""
    if begun is not None:
        name, started = begun
        text = (
            f"The refresh that began at {started:%Y-%m-%d %H:%M} UTC was stopped before its end: killed, or the "
            "machine went down.\nThe last release stands, and this run does its work again."
        )
        yield Notice("failed", "a refresh was cut short", text, name, name)


def stale(now: Sequence[Freshness], told: Mapping[str, str]) -> Iterator[Notice]:
    """Give the sources beyond their cadence that were not told of yet."""
    for one in now:
        notice = Notice("stale", f"{one.source} is stale", _stale_text(one), one.source)
        if one.stale and notice.key not in told:
            yield notice


def _stale_text(one: Freshness) -> str:
    when = f"last good on {one.last_good:%Y-%m-%d}" if one.last_good else "never came in whole or in part"
    first = f"{one.source}: {when}; its publisher renews {one.cadence}; overdue by {one.overdue_days} days."
    return "\n".join(line for line in (first, one.reason, one.next_step or "ictdev status   tells more") if line)


def still_told(now: Sequence[Freshness], told: Mapping[str, str]) -> dict[str, str]:
    """Give what was told and still lasts; what ended is forgotten, so that it is told when it comes again."""
    lasting = {f"stale:{one.source}" for one in now if one.stale}
    return {key: day for key, day in told.items() if key in lasting}
