"""Projection of one series: a line on a suitable scale, and how far the future has been from such lines before.

Scale: a share v of something bounded runs on z = ln((v + ½) / (100 − v + ½)), so that it bends towards 0 and 100 and
shares of exactly 0 or 100 have a place; a gap that can cross zero runs on its own scale. Nothing else is projected:
subscriptions per 100 people have no ceiling to bend to.

With n figures of the last WINDOW years, t̄ their mean year, b the least-squares slope and s² = Σ residual² / (n − 2):
centre     z_last + kept · b · h, h the years from the newest figure to the year asked for
variance   (widening · s)² (1 + 1/n + (t − t̄)² / Σ(t_i − t̄)²) + (turn · h)² + doubt²
interval   centre ± quantile of Student's t with n − 2 degrees of freedom · √variance
With kept = widening = 1, turn = 0 and the line's own value instead of z_last this is the textbook's prediction
interval (N. Draper and H. Smith, *Applied Regression Analysis*), which is far too narrow here: of 80 %
intervals it makes, about one in three holds what came five years later. `kept`, `widening` and `turn` are set by
`indicators/backtest.py` on half of the economies and tried on the other half; docs/methods.md shows both.

Uncertainty of the figures: rounding (half_unit) is a floor under s, half_unit / √3 on the scale; what shifts a whole
series (estimates, missing members of a group) is its `doubt`, a standard deviation in the figures' unit.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, stdtr, stdtrit  # scipy.stats gives the same and takes a second to import

METHOD, VERSION = "trend", "1"
WINDOW = 10
"""Years up to the newest figure that a line is fitted to."""
MINIMUM = 5
"""Figures that a line needs."""
HORIZON = 10
"""Years beyond the newest figure up to which anything is said; the method was tried for 5."""
HALF = 0.5
"""Half a percentage point, put on both ends of a share's scale."""


@dataclass(frozen=True, slots=True)
class Method:
    """How a line is continued; see the module for the letters."""

    scale: Literal["logit", "linear", "ratio"]
    kept: float = 1.0
    widening: float = 1.0
    turn: float = 0.0
    from_last: bool = True
    """Start from the newest figure; else from the line."""


SHARE = Method("logit", kept=0.8, widening=1.4, turn=0.11)
GAP = Method("linear", kept=0.3, widening=0.6)
RATIO = Method("ratio")
"""Scale of a relative gap between two projected rates, −ln(1 − gap / 100); see `indicators/pair.py`."""


def to_scale(values: np.ndarray, method: Method) -> np.ndarray:
    """Put figures on the scale of the line."""
    if method.scale == "linear":
        return np.asarray(values, dtype="float64")
    if method.scale == "ratio":
        return -np.log1p(-np.asarray(values, dtype="float64") / 100)
    return np.log((values + HALF) / (100 - values + HALF))


def from_scale(z: np.ndarray, method: Method) -> np.ndarray:
    """Bring values of the scale back into the figures' unit, shares between 0 and 100."""
    if method.scale == "linear":
        return np.asarray(z, dtype="float64")
    if method.scale == "ratio":
        return -np.expm1(-np.asarray(z, dtype="float64")) * 100
    return np.clip(expit(z) * (100 + 2 * HALF) - HALF, 0.0, 100.0)


def steepness(values: np.ndarray, method: Method) -> np.ndarray:
    """Give how much the scale of a line moves for one unit of the figures at a value."""
    if method.scale == "linear":
        return np.ones_like(values, dtype="float64")
    return 1 / (values + HALF) + 1 / (100 - values + HALF)


@dataclass(frozen=True, slots=True)
class Lines:
    """Fitted lines, one element per series; values on the scale. Where count < MINIMUM a line must not be used."""

    method: Method
    count: np.ndarray
    mean_year: np.ndarray
    level: np.ndarray
    """Value of the line at mean_year."""
    slope: np.ndarray
    scatter: np.ndarray
    """s, with the floor of rounding."""
    spread: np.ndarray
    """Σ (year − mean_year)²."""
    newest: np.ndarray
    """Year of the newest figure."""
    last: np.ndarray
    """Newest figure."""
    doubt: np.ndarray
    """Doubt of the newest figure."""

    @property
    def usable(self) -> np.ndarray:
        """Which lines rest on enough figures."""
        return self.count >= MINIMUM


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of many series, one element per figure, in any order but with each series' years different.

    `series` numbers the series from 0 without gaps. `half_unit` is half of the last printed digit, `doubt` a standard
    deviation common to the whole series; both in the figures' unit.
    """

    series: np.ndarray
    year: np.ndarray
    value: np.ndarray
    half_unit: np.ndarray
    doubt: np.ndarray


def fit(figures: Figures, method: Method, until: np.ndarray | None = None) -> Lines:
    """Fit one line to each series; `until` (one per series) leaves later figures out."""
    count = int(figures.series.max()) + 1 if len(figures.series) else 0
    limit = np.full(count, np.inf) if until is None else until
    newest = np.full(count, -np.inf)
    known = figures.year <= limit[figures.series]
    np.maximum.at(newest, figures.series[known], figures.year[known])
    inside = known & (figures.year > newest[figures.series] - WINDOW)
    return _lines(figures, inside, newest, method)


def _lines(figures: Figures, inside: np.ndarray, newest: np.ndarray, method: Method) -> Lines:
    at, year, value = (part[inside] for part in (figures.series, figures.year.astype("float64"), figures.value))
    many = len(newest)

    def total(terms: np.ndarray) -> np.ndarray:
        return np.bincount(at, weights=terms, minlength=many)

    z, count = to_scale(value, method), np.bincount(at, minlength=many)
    n = np.maximum(count, 1)
    mean_year, level = total(year) / n, total(z) / n
    off = year - mean_year[at]
    spread = total(off**2)
    slope = total(off * (z - level[at])) / np.where(spread > 0, spread, 1.0)
    square = total((z - level[at] - slope[at] * off) ** 2) / np.maximum(count - 2, 1)
    rounding = total((figures.half_unit[inside] * steepness(value, method)) ** 2 / 3) / n
    scatter = np.sqrt(np.maximum(square, rounding))
    last, doubt = np.full(many, np.nan), np.full(many, np.nan)
    is_last = year == newest[at]
    last[at[is_last]], doubt[at[is_last]] = value[is_last], figures.doubt[inside][is_last]
    return Lines(method, count, mean_year, level, slope, scatter, spread, newest, last, doubt)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of each line in a year: centre and standard error on the scale, and degrees of freedom."""

    method: Method
    centre: np.ndarray
    error: np.ndarray
    freedom: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """The centre in the figures' unit."""
        return from_scale(self.centre, self.method)

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Give the prediction interval of a level (0.8 holds four in five) in the figures' unit."""
        reach = stdtrit(self.freedom, (1 + level) / 2) * self.error
        return from_scale(self.centre - reach, self.method), from_scale(self.centre + reach, self.method)

    def below(self, value: float) -> np.ndarray:
        """Give the probability of a figure below a value."""
        at = to_scale(np.array(value), self.method)
        standard = (at - self.centre) / np.where(self.error > 0, self.error, 1.0)
        certain = np.where(np.isnan(self.centre), np.nan, (self.centre < at).astype("float64"))
        return np.where(self.error > 0, stdtr(self.freedom, standard), certain)


def ahead(lines: Lines, year: np.ndarray | float) -> Outlook:
    """Continue each line to a year (one for all or one per line; more axes before the last broadcast).

    NaN where the line is not usable.
    """
    method, known = lines.method, np.where(lines.usable, 1.0, np.nan)
    freedom = np.maximum(lines.count - 2, 1)
    spread = np.where(lines.spread > 0, lines.spread, 1.0)
    years = np.asarray(year, dtype="float64")
    start, since = _start(lines)
    centre = (start + method.kept * lines.slope * (years - since)) * known
    own = (method.widening * lines.scatter) ** 2 * (
        1 + 1 / np.maximum(lines.count, 1) + (years - lines.mean_year) ** 2 / spread
    )
    turned = (method.turn * (years - lines.newest)) ** 2
    doubted = (lines.doubt * steepness(lines.last, method)) ** 2
    return Outlook(method, centre, np.sqrt(own + turned + doubted) * known, freedom)


def _start(lines: Lines) -> tuple[np.ndarray, np.ndarray]:
    """Give the point from which lines go on: the newest figure, or the line's own middle."""
    if lines.method.from_last:
        return to_scale(lines.last, lines.method), lines.newest
    return lines.level, lines.mean_year
