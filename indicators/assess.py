"""Where a target stands: met, missed, on track, off track, no progress, moving away, or cannot say, and why.

The rules, their limits and their words stand in `indicators/status.yml`; here the cases are told apart, in that order.
With d the distance to the target in the indicator's own unit, zero or less when it is met:
pace = (d of the first figure since the base year − d of the newest) / years between, linear;
needed = d of the newest / years left until the deadline.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators import status as rules
from indicators.status import Case, Status
from indicators.targets import Target

Point = tuple[int, float]
METHOD, VERSION = rules.load().method, rules.load().version


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
        return Assessment(*rules.load().say("no_figure"))
    if target.value is None:
        return Assessment(*rules.load().say("no_number"), *known[-1])
    if as_of_year > target.deadline:
        return _after_deadline(known, target)
    if target.met_by(known[-1][1]):
        since = _met_in(known, target)
        return Assessment(*rules.load().say("met", since=since), *known[-1], since)
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
    since, grace = _met_in(known, target), rules.load().grace_years
    at_deadline = [point for point in known if target.deadline - grace <= point[0] <= target.deadline]
    if not at_deadline:
        met = since is not None and since < target.deadline
        case: Case = "met_before_deadline" if met else "no_figure_at_deadline"
        told = rules.load().say(case, since=since, deadline=target.deadline, year=known[-1][0])
        return Assessment(*told, *known[-1], since)
    year, value = at_deadline[-1]
    case = "met_by_deadline" if target.met_by(value) else "missed" if since is None else "missed_reached_later"
    told = rules.load().say(case, value=value, year=year, deadline=target.deadline, since=since)
    return Assessment(*told, *known[-1], since, former=(year, value))


def _by_pace(known: Sequence[Point], target: Target) -> Assessment:
    base_year = target.base_year or known[0][0]
    since_base = [point for point in known if point[0] >= base_year]
    if len(since_base) < 2:
        count = f"{len(since_base)} figure{'' if len(since_base) == 1 else 's'}"
        return Assessment(*rules.load().say("too_few", count=count, first_year=base_year), *known[-1])
    (first_year, first), (year, value) = since_base[0], since_base[-1]
    left = target.distance(value)
    pace = (target.distance(first) - left) / (year - first_year)
    needed = left / max(target.deadline - year, 1)
    span = {"first_year": first_year, "year": year, "deadline": target.deadline}
    told = rules.load().say(_movement(pace, needed, left), pace=pace, needed=needed, grown=-pace, **span)
    return Assessment(*told, year, value, None, pace, needed, (first_year, first))


def _movement(pace: float, needed: float, left: float) -> Case:
    """Name the movement that a pace amounts to."""
    still = rules.load().standstill * left
    if pace < -still:
        return "moving_away"
    if pace < still:
        return "no_progress"
    return "on_track" if pace >= needed else "off_track"
