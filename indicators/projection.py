"""Projections of all series at once, and the chance of each target.

A series is one indicator, area and breakdown of one source and one edition: figures of two editions make no line.
Columns in: `points` SERIES, year, value; and, if known, half_unit (half of the last printed digit), coverage (share of
a group's people with figures, 0 to 1) and estimated_share (share that rests on estimates; 1 for a figure marked E).
Out: see `projections` and `Chance`. The line itself stands in `indicators/trend.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators import catalogue
from indicators.targets import Target
from indicators.trend import GAP, HORIZON, MINIMUM, SHARE, WINDOW, Figures, Lines, Method, Outlook, ahead, fit
from schemas.errors import Invalid

SERIES = ["indicator", "ref_area", "sex", "age", "urbanisation", "breakdown", "source", "edition"]
METHOD, VERSION = "projection", "1"
LEVEL = 0.80
"""Share of outcomes that an interval is meant to hold."""
REACH = 30
"""Years beyond the newest figure within which the year of meeting a target is looked for."""
RESTATED = 5.6
"""Root mean square, in percentage points, of the later restatement of a share that was an estimate of ITU: 660 shares
of internet users of 2012 to 2018, as held in UNSD's edition 2020.Q3 and in the World Bank's of July 2026."""
UNKNOWN = 100 / np.sqrt(12)
"""Standard deviation of a share of which nothing is known: uniform from 0 to 100."""


def methods() -> Mapping[str, Method]:
    """Give the method of each indicator that can be projected: bounded shares, and gaps that can cross zero."""
    found = {}
    for one in catalogue.load().values():
        if one.bounds == (0, 100) and one.unit.startswith("percent"):
            found[one.id] = SHARE
        elif one.derived and one.derived.method == "relative_gap":
            found[one.id] = GAP
    return MappingProxyType(found)


def doubt(coverage: np.ndarray, estimated_share: np.ndarray) -> np.ndarray:
    """Give the standard deviation, in percentage points, of what may shift a whole series of shares.

    People without figures may be anywhere between 0 and 100; the part that rests on estimates is restated later. Both
    arguments are shares, 0 to 1.
    """
    return np.hypot((1 - coverage) * UNKNOWN, estimated_share * RESTATED)


def figures_of(points: pa.Table) -> tuple[Figures, pd.DataFrame]:
    """Number the series of a table: the figures, and one row of SERIES for each number.

    Raises Invalid when a series has a year twice or a value that is no number.
    """
    frame = points.to_pandas()
    keys = frame[SERIES].drop_duplicates().sort_values(SERIES).reset_index(drop=True)
    number = frame.groupby(SERIES, sort=True).ngroup().to_numpy()
    year, value = frame["year"].to_numpy("int64"), frame["value"].to_numpy("float64")
    if pd.Series(number * 10_000 + year).duplicated().any() or not np.isfinite(value).all():
        raise Invalid("a series has a year twice, or a figure that is no number", next_step="give each year once")
    half = _column(frame, "half_unit", 0.0)
    shift = doubt(_column(frame, "coverage", 1.0), _column(frame, "estimated_share", 0.0))
    return Figures(number, year, value, half, shift), keys


def _column(frame: pd.DataFrame, name: str, otherwise: float) -> np.ndarray:
    if name not in frame:
        return np.full(len(frame), otherwise)
    return frame[name].astype("float64").fillna(otherwise).to_numpy()


def projections(points: pa.Table, chosen: Mapping[str, Method], years: int = HORIZON, level: float = LEVEL) -> pa.Table:
    """Project every series for some years beyond its newest figure.

    Columns: SERIES, year, value, lower, upper, level, newest_year, figures (that the line rests on), method, reason.
    A series of which nothing can be said has one row, with a reason and without a year.
    """
    indicator = points["indicator"].to_pandas()
    parts = [_refused(points.to_pandas()[~indicator.isin(list(chosen))][SERIES].drop_duplicates(), _NO_SCALE)]
    for method in sorted(set(chosen.values()), key=repr):
        same = indicator.isin([name for name, one in chosen.items() if one == method])
        if same.any():
            parts += _projected(points.filter(pa.array(same.to_numpy())), method, years, level)
    return _table(pd.concat(parts, ignore_index=True))


_NO_SCALE = "cannot say: neither a bounded share nor a gap"
_TOO_FEW = f"cannot say: fewer than {MINIMUM} figures in {WINDOW} years"
_OUTSIDE = "cannot say: a share outside 0 to 100"


def _projected(points: pa.Table, method: Method, years: int, level: float) -> list[pd.DataFrame]:
    figures, keys = figures_of(points)
    outside = np.zeros(len(keys), dtype=bool)
    if method.scale == "logit":
        outside[figures.series[(figures.value < 0) | (figures.value > 100)]] = True
    with np.errstate(invalid="ignore", divide="ignore"):
        lines = fit(figures, method)
    usable = lines.usable & ~outside
    told = _told(keys, lines, usable, years, level)
    return [told, _refused(keys[outside], _OUTSIDE), _refused(keys[~lines.usable & ~outside], _TOO_FEW)]


def _told(keys: pd.DataFrame, lines: Lines, usable: np.ndarray, years: int, level: float) -> pd.DataFrame:
    when = lines.newest + np.arange(1, years + 1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        outlook = ahead(lines, when)
        lower, upper = outlook.interval(level)
    wide = {"year": when, "value": outlook.value, "lower": lower, "upper": upper}
    flat = {name: part[:, usable].T.ravel() for name, part in wide.items()}
    frame = keys[usable].loc[keys[usable].index.repeat(years)].reset_index(drop=True)
    rests = {"newest_year": lines.newest[usable], "figures": lines.count[usable]}
    long = {name: np.repeat(part, years) for name, part in rests.items()}
    return frame.assign(**flat, **long, level=level, method=f"{lines.method.scale}-{VERSION}", reason="")


def _refused(keys: pd.DataFrame, reason: str) -> pd.DataFrame:
    return keys.assign(reason=reason)


_TYPES: dict[str, pa.DataType] = {
    "year": pa.int32(), "value": pa.float64(), "lower": pa.float64(), "upper": pa.float64(), "level": pa.float64(),
    "newest_year": pa.int32(), "figures": pa.int32(), "method": pa.string(), "reason": pa.string(),
}  # fmt: skip


def _table(frame: pd.DataFrame) -> pa.Table:
    kinds = {**dict.fromkeys(SERIES, pa.string()), **_TYPES}
    frame = frame.reindex(columns=list(kinds)).sort_values([*SERIES, "year"])
    return pa.table({name: pa.array(frame[name], kind, from_pandas=True) for name, kind in kinds.items()})


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a target is met by its deadline. All but `reason` are None where nothing can be said."""

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


def chance(
    points: Sequence[tuple[int, float]],
    target: Target,
    method: Method | None,
    half_unit: float = 0.0,
    shift: float = 0.0,
) -> Chance:
    """Give the chance of a target from the figures (year, value) of one series of one source and edition.

    `method` is that of the target's indicator (None where it has none), `half_unit` half of the last printed digit of
    the figures, `shift` their `doubt`. Whether the deadline has passed is not asked: a figure of it decides then.
    """
    if method is None:
        return Chance(_NO_SCALE)
    if method.scale == "logit" and any(not 0 <= value <= 100 for _, value in points):
        return Chance(_OUTSIDE)
    year, value = (np.array(part) for part in zip(*points, strict=True)) if points else (np.empty(0), np.empty(0))
    same = np.zeros(len(points), dtype="int64")
    lines = fit(
        Figures(same, year.astype("int64"), value, np.full(len(points), half_unit), np.full(len(points), shift)), method
    )
    obstacle = _obstacle(lines, target)
    return Chance(obstacle) if obstacle else _chance(lines, target)


def _obstacle(lines: Lines, target: Target) -> str:
    """Say why nothing can be said; empty where something can."""
    if not len(lines.count) or not lines.usable[0]:
        return _TOO_FEW
    left = target.deadline - int(lines.newest[0])
    if left <= 0:
        return f"the deadline {target.deadline} lies within the figures"
    if left > HORIZON:
        return f"cannot say: {target.deadline} is {left} years beyond the newest figure, more than {HORIZON}"
    return ""


def _chance(lines: Lines, target: Target) -> Chance:
    then = ahead(lines, float(target.deadline))
    lower, upper = then.interval(LEVEL)
    years = int(lines.newest[0]) + np.arange(1, REACH + 1)
    by_year = meeting(ahead(lines, years[:, None].astype("float64")), target)[:, 0]
    marks = [_first(years, by_year >= least) for least in (0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2)]
    return Chance(
        "",
        float(meeting(then, target)[0]),
        float(then.value[0]),
        float(lower[0]),
        float(upper[0]),
        marks[0],
        marks[1],
        marks[2],
    )


def _first(years: np.ndarray, reached: np.ndarray) -> int | None:
    return int(years[int(np.argmax(reached))]) if reached.any() else None


def meeting(outlook: Outlook, target: Target) -> np.ndarray:
    """Give the probability that a figure meets the target."""
    below = outlook.below(target.value)
    if target.comparison == "within":
        return below - outlook.below(-target.value)
    return below if target.comparison == "at_most" else 1 - below
