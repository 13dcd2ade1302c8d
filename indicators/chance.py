"""The chance of a target: how likely it is met by its deadline, and the year in which it would be.

The probability is that of a figure of the deadline's year which meets the target; a later figure decides, not this.
In: figures of one series as (year, value). Out: `Chance`, to stand beside the status that `indicators/assess.py` gives.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.pair import gap_ahead
from indicators.projection import LEVEL, NO_SCALE, OUTSIDE, TOO_FEW
from indicators.targets import Target
from indicators.trend import HORIZON, SHARE, Figures, Lines, Method, Outlook, ahead, fit

REACH = 30
"""Years beyond the newest figure within which the year of meeting a target is looked for."""
Points = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a target is met by its deadline. All but `reason` are None where nothing can be said.

    A deadline within the figures has no probability any more; the years are told all the same. They lie in the future.
    """

    reason: str
    probability: float | None = None
    value: float | None = None
    """Figure expected in the year of the deadline, with its interval of LEVEL."""
    lower: float | None = None
    upper: float | None = None
    year_met: int | None = None
    """First year in which meeting it is as likely as not; None: not within REACH years."""
    earliest: int | None = None
    """First years in which it is met with a probability of (1 − LEVEL) / 2 and of (1 + LEVEL) / 2."""
    latest: int | None = None


def chance(points: Points, target: Target, method: Method | None, half_unit: float = 0.0, shift: float = 0.0) -> Chance:
    """Give the chance of a target from the figures of one series of one source and edition.

    `method` is that of the target's indicator (None where it has none), `half_unit` half of the last printed digit of
    the figures, `shift` their `projection.doubt`. Whether the deadline has passed is not asked.
    """
    if method is None:
        return Chance(NO_SCALE)
    if method.scale == "logit" and _outside(points):
        return Chance(OUTSIDE)
    lines = _line(points, method, half_unit, shift)
    return _of(lines, lambda year: ahead(lines, year), target)


def gap_chance(women: Points, men: Points, target: Target, half_unit: float = 0.0, shift: float = 0.0) -> Chance:
    """Give the chance of a target on a relative gap from women's and men's rates of the same years.

    Raises ValueError when the years differ.
    """
    if sorted(year for year, _ in women) != sorted(year for year, _ in men):
        raise ValueError("women's and men's rates are not of the same years")
    if _outside(women) or _outside(men):
        return Chance(OUTSIDE)
    f, m = (_line(points, SHARE, half_unit, shift) for points in (women, men))
    return _of(f, lambda year: gap_ahead(f, m, year), target)


def _outside(points: Points) -> bool:
    return any(not 0 <= value <= 100 for _, value in points)


def _line(points: Points, method: Method, half_unit: float, shift: float) -> Lines:
    years = np.array([year for year, _ in points], dtype="int64")
    values = np.array([value for _, value in points], dtype="float64")
    same = np.ones(len(points))
    return fit(Figures(same.astype("int64") - 1, years, values, same * half_unit, same * shift), method)


def _obstacle(lines: Lines, target: Target) -> str:
    """Say why nothing can be said; empty where something can."""
    if not len(lines.count) or not lines.usable[0]:
        return TOO_FEW
    left = target.deadline - int(lines.newest[0])
    if target.value is None:
        return "cannot say: the target names no number"
    if left <= 0:
        return f"the deadline {target.deadline} lies within the figures"
    if left > HORIZON:
        return f"cannot say: {target.deadline} is {left} years beyond the newest figure, more than {HORIZON}"
    return ""


def _of(lines: Lines, go_on: Callable[[np.ndarray], Outlook], target: Target) -> Chance:
    obstacle = _obstacle(lines, target)
    if obstacle.startswith("cannot say"):
        return Chance(obstacle)
    years = int(lines.newest[0]) + np.arange(1, REACH + 1)
    by_year = meeting(go_on(years[:, None].astype("float64")), target)[:, 0]
    met, earliest, latest = (_first(years, by_year >= least) for least in (0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2))
    if obstacle:
        return Chance(obstacle, year_met=met, earliest=earliest, latest=latest)
    then = go_on(np.array([float(target.deadline)]))
    (lower,), (upper,) = then.interval(LEVEL)
    probability, value = float(meeting(then, target)[0]), float(then.value[0])
    return Chance("", probability, value, float(lower), float(upper), met, earliest, latest)


def _first(years: np.ndarray, reached: np.ndarray) -> int | None:
    return int(years[int(np.argmax(reached))]) if reached.any() else None


def meeting(outlook: Outlook, target: Target) -> np.ndarray:
    """Give the probability that a figure meets the target; NaN for one that names no number."""
    asked = math.nan if target.value is None else target.value
    below = outlook.below(asked)
    if target.comparison == "within":
        return below - outlook.below(-asked)
    return below if target.comparison == "at_most" else 1 - below
