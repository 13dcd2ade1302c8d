"""Projections of all series at once.

A series is one indicator, area and breakdown of one source and one edition: figures of two editions make no line.
Columns in: `points` SERIES, year, value; and, if known, half_unit (half of the last printed digit), coverage (share of
a group's people with figures, 0 to 1) and estimated_share (share that rests on estimates; 1 for a figure marked E).
Out: see `projections`. The line itself stands in `indicators/trend.py`, a target's chance in `indicators/chance.py`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators import catalogue
from indicators.trend import GAP, HORIZON, MINIMUM, SHARE, WINDOW, Figures, Lines, Method, Outlook, ahead, fit
from schemas.errors import Invalid

SERIES = ["indicator", "ref_area", "sex", "age", "urbanisation", "breakdown", "source", "edition"]
METHOD, VERSION = "projection", "1"
LEVEL = 0.80
"""Share of outcomes that an interval is meant to hold."""
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
    parts = [_refused(points.to_pandas()[~indicator.isin(list(chosen))][SERIES].drop_duplicates(), NO_SCALE)]
    for method in sorted(set(chosen.values()), key=repr):
        same = indicator.isin([name for name, one in chosen.items() if one == method])
        if same.any():
            parts += _projected(points.filter(pa.array(same.to_numpy())), method, years, level)
    return table(parts)


NO_SCALE = "cannot say: neither a bounded share nor a gap"
TOO_FEW = f"cannot say: fewer than {MINIMUM} figures in {WINDOW} years"
OUTSIDE = "cannot say: a share outside 0 to 100"


def _projected(points: pa.Table, method: Method, years: int, level: float) -> list[pd.DataFrame]:
    figures, keys = figures_of(points)
    with np.errstate(invalid="ignore", divide="ignore"):
        lines = fit(figures, method)
    outside = impossible(figures, len(keys)) if method.scale == "logit" else np.zeros(len(keys), dtype=bool)
    name = f"{method.scale}-{VERSION}"
    return continued(keys, lines, lambda year: ahead(lines, year), name, outside, years, level)


def impossible(figures: Figures, count: int) -> np.ndarray:
    """Tell which series hold a share below 0 or above 100."""
    found = np.zeros(count, dtype=bool)
    found[figures.series[(figures.value < 0) | (figures.value > 100)]] = True
    return found


def continued(
    keys: pd.DataFrame,
    lines: Lines,
    go_on: Callable[[np.ndarray], Outlook],
    name: str,
    outside: np.ndarray,
    years: int,
    level: float,
) -> list[pd.DataFrame]:
    """Give the rows of series that can be continued, and those of the others with their reason.

    `go_on` takes years (years, series) and gives the outlook; `outside` says which series hold an impossible share.
    """
    usable = lines.usable & ~outside
    when = lines.newest + np.arange(1, years + 1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        outlook = go_on(when)
        lower, upper = outlook.interval(level)
    wide = {"year": when, "value": outlook.value, "lower": lower, "upper": upper}
    flat = {column: part[:, usable].T.ravel() for column, part in wide.items()}
    frame = keys[usable].loc[keys[usable].index.repeat(years)].reset_index(drop=True)
    rests = {"newest_year": lines.newest[usable], "figures": lines.count[usable]}
    long = {column: np.repeat(part, years) for column, part in rests.items()}
    told = frame.assign(**flat, **long, level=level, method=name, reason="")
    return [told, _refused(keys[outside], OUTSIDE), _refused(keys[~lines.usable & ~outside], TOO_FEW)]


def _refused(keys: pd.DataFrame, reason: str) -> pd.DataFrame:
    return keys.assign(reason=reason)


_TYPES: dict[str, pa.DataType] = {
    "year": pa.int32(), "value": pa.float64(), "lower": pa.float64(), "upper": pa.float64(), "level": pa.float64(),
    "newest_year": pa.int32(), "figures": pa.int32(), "method": pa.string(), "reason": pa.string(),
}  # fmt: skip


def table(parts: list[pd.DataFrame]) -> pa.Table:
    """Put rows together into the table of projections, in the order of series and years."""
    kinds = {**dict.fromkeys(SERIES, pa.string()), **_TYPES}
    frame = pd.concat(parts, ignore_index=True).reindex(columns=list(kinds)).sort_values([*SERIES, "year"])
    return pa.table({name: pa.array(frame[name], kind, from_pandas=True) for name, kind in kinds.items()})
