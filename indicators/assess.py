"""Where a target stands: met, missed, on track, off track, no progress, moving away, or cannot say, and why.

Rules, in this order (d: distance to the target in the indicator's own unit, zero or less when met):
1. no figure, or a target that names no number: cannot say.
2. the deadline has passed: judged by the newest figure not after it and at most GRACE years before it; met or missed;
   without such a figure: cannot say.
3. the newest figure meets the target: met.
4. fewer than two figures of one edition: cannot say.
5. pace = (d of the first figure since the base year − d of the newest) / years between, linear; needed = d of the
   newest / years left. pace < −STANDSTILL × |d|: moving away; pace < STANDSTILL × d: no progress; pace ≥ needed: on
   track; else off track.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from indicators.targets import Target

Point = tuple[int, float]
Status = Literal["met", "missed", "on track", "off track", "no progress", "moving away", "cannot say"]
GRACE = 1
"""Years before a deadline from which a figure still speaks for it."""
STANDSTILL = 0.01
"""Share of the remaining distance that must be covered in a year to count as movement."""
METHOD, VERSION = "linear_pace", "1"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A target's status with what it rests on. Paces are in the indicator's unit per year."""

    status: Status
    reason: str
    year: int | None = None
    value: float | None = None
    met_in: int | None = None
    """First year of the series in which the target was met and after which it stayed met."""
    pace: float | None = None
    needed: float | None = None
    former: Point | None = None
    """Figure that the change is told from: of the deadline where that has passed, else first since the base year."""


def assess(points: Sequence[Point], target: Target, as_of_year: int) -> Assessment:
    """Judge a target by the figures (year, value) of one source and edition, up to the year `as_of_year`."""
    known = sorted(point for point in points if point[0] <= as_of_year)
    if not known:
        return Assessment("cannot say", "no figure is held")
    if target.value is None:
        return Assessment("cannot say", "the target names no number", *known[-1])
    if as_of_year > target.deadline:
        return _after_deadline(known, target)
    year, value = known[-1]
    if target.met_by(value):
        since = _met_in(known, target)
        return Assessment("met", f"since {since}", year, value, since)
    return _by_pace(known, target)


def _met_in(known: Sequence[Point], target: Target) -> int | None:
    """Give the year since which the target has been met without a break; None if it is not met now."""
    since = None
    for year, value in reversed(known):
        if not target.met_by(value):
            break
        since = year
    return since


def _after_deadline(known: Sequence[Point], target: Target) -> Assessment:
    since = _met_in(known, target)
    at_deadline = [point for point in known if target.deadline - GRACE <= point[0] <= target.deadline]
    if not at_deadline:
        if since is not None and since < target.deadline:
            return Assessment("met", f"met in {since}", *known[-1], since)
        newest = known[-1][0]
        return Assessment("cannot say", f"no figure of {target.deadline}: the newest is of {newest}", *known[-1], since)
    year, value = at_deadline[-1]
    if target.met_by(value):
        return Assessment("met", f"met by {target.deadline}", *known[-1], since, former=(year, value))
    late = f"; reached in {since}" if since is not None else ""
    words = f"{value:.3g} in {year}, the deadline was {target.deadline}{late}"
    return Assessment("missed", words, *known[-1], since, former=(year, value))


def _by_pace(known: Sequence[Point], target: Target) -> Assessment:
    base_year = target.base_year or known[0][0]
    since_base = [point for point in known if point[0] >= base_year]
    if len(since_base) < 2:
        count = len(since_base)
        reason = f"{count} figure{'' if count == 1 else 's'} since {base_year} in one edition, two are needed"
        return Assessment("cannot say", reason, *known[-1])
    (first_year, first), (year, value) = since_base[0], since_base[-1]
    left = target.distance(value)
    pace = (target.distance(first) - left) / (year - first_year)
    needed = left / max(target.deadline - year, 1)
    span = f"{first_year} to {year}"
    status, reason = _movement(pace, needed, left, span, target.deadline)
    return Assessment(status, reason, year, value, None, pace, needed, (first_year, first))


def _movement(pace: float, needed: float, left: float, span: str, deadline: int) -> tuple[Status, str]:
    """Name the movement that a pace amounts to, by rule 5."""
    if pace < -STANDSTILL * left:
        return "moving away", f"the distance grew by {-pace:.2g} a year, {span}"
    if pace < STANDSTILL * left:
        return "no progress", f"no change from {span}"
    words = f"{pace:.2g} a year from {span}, {needed:.2g} a year needed until {deadline}"
    return ("on track" if pace >= needed else "off track"), words
