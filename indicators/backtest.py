"""Backtest: what the projections would have said LEAD years ago, held against what came.

For every figure of year t, a line is fitted to what was known up to t − LEAD; it needs as many figures as any
projection, the newest not older than SLACK years by then; a series that had not moved at all is left out, because every
method is right about it. Rivals that know nothing of trends: the last value stays (a
random walk), the last change goes on (its change a random walk). Their errors grow from their own past steps: yearly
changes d, or changes of the change c, make a variance of h · mean d² or h (h + 1)(2h + 1) / 6 · mean c² in h years.

Economies are put into two halves by turns of their codes. The constants of `trend.SHARE` and `trend.GAP` are chosen on
the half `set` by `choose` and judged on the half `held out`, which took no part in the choice.

Columns in: `points` as `projection.projections`. Out: see `backtest`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.projection import LEVEL, figures_of
from indicators.trend import WINDOW, Figures, Lines, Method, Outlook, ahead, fit
from schemas.errors import Empty

LEAD = 5
SLACK = 1
SET, HELD_OUT = "set", "held out"
ERAS = ("2009 and before", "2010 to 2017", "2018 and after")
_ERA_ENDS = (2009, 2017)
FEWEST = 40
"""Forecasts from which a coverage is worth a line."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one method said of many figures."""

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, slots=True)
class Cases:
    """Figures that came, one element each, with the lines that were known LEAD years before."""

    keys: pd.DataFrame
    """indicator, breakdown, ref_area, half, era."""
    year: np.ndarray
    actual: np.ndarray
    lines: Lines
    last_change: np.ndarray
    """Yearly change before the newest figure then known."""
    step: np.ndarray
    """Mean squared yearly change."""
    bend: np.ndarray
    """Mean squared change of the yearly change."""


def cases(points: pa.Table, method: Method) -> Cases:
    """Find every figure that could have been forecast LEAD years before. Raises Empty without any figure."""
    if points.num_rows == 0:
        raise Empty("there is no figure to try the projections on")
    figures, keys = figures_of(points)
    areas = {area: HELD_OUT if at % 2 else SET for at, area in enumerate(sorted(set(keys["ref_area"])))}
    keys = keys.assign(half=keys["ref_area"].map(areas))
    parts = [_of_year(figures, method, year) for year in sorted(set(figures.year.tolist()))]
    series = np.concatenate([part[0] for part in parts])
    lines = _join([part[3] for part in parts])
    year, actual = (np.concatenate([part[at] for part in parts]) for at in (1, 2))
    steps = [np.concatenate([part[4][at] for part in parts]) for at in range(3)]
    told = keys.iloc[series][["indicator", "breakdown", "ref_area", "half"]].reset_index(drop=True)
    told = told.assign(era=np.array(ERAS)[np.searchsorted(_ERA_ENDS, year)])
    return Cases(told, year, actual, lines, *steps)


Part = tuple[np.ndarray, np.ndarray, np.ndarray, Lines, tuple[np.ndarray, np.ndarray, np.ndarray]]


def _of_year(figures: Figures, method: Method, year: int) -> Part:
    """Give the cases of one year of outcome."""
    came = figures.year == year
    series, actual = figures.series[came], figures.value[came]
    until = np.full(int(figures.series.max()) + 1, float(year - LEAD))
    with np.errstate(invalid="ignore", divide="ignore"):
        lines = fit(figures, method, until)
    steps = _steps(figures, lines, year - LEAD)
    fresh = lines.usable & (lines.newest >= year - LEAD - SLACK) & (steps[1] > 0)
    chosen = fresh[series]
    series, actual = series[chosen], actual[chosen]
    last, step, bend = (part[series] for part in steps)
    return series, np.full(len(series), year), actual, _pick(lines, series), (last, step, bend)


_ARRAYS = ("count", "mean_year", "level", "slope", "scatter", "spread", "newest", "last", "doubt")


def _pick(lines: Lines, at: np.ndarray) -> Lines:
    return Lines(lines.method, *(getattr(lines, name)[at] for name in _ARRAYS))


def take(found: Cases, at: np.ndarray) -> Cases:
    """Give some of the cases, by their places."""
    arrays = (getattr(found, name)[at] for name in ("last_change", "step", "bend"))
    keys = found.keys.iloc[at].reset_index(drop=True)
    return Cases(keys, found.year[at], found.actual[at], _pick(found.lines, at), *arrays)


def _join(parts: list[Lines]) -> Lines:
    return Lines(parts[0].method, *(np.concatenate([getattr(one, name) for one in parts]) for name in _ARRAYS))


def _steps(figures: Figures, lines: Lines, until: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the last yearly change, the mean squared yearly change and the mean squared change of it, per series."""
    inside = (figures.year <= until) & (figures.year > lines.newest[figures.series] - WINDOW)
    order = np.lexsort((figures.year[inside], figures.series[inside]))
    series, year, value = (part[inside][order] for part in (figures.series, figures.year, figures.value))
    pair = series[1:] == series[:-1]
    change = np.diff(value)[pair] / np.diff(year)[pair]
    at, many = series[1:][pair], len(lines.count)
    twin = at[1:] == at[:-1]
    last = np.full(many, np.nan)
    last[at] = change
    return last, _mean_square(at, change, many), _mean_square(at[1:][twin], np.diff(change)[twin], many)


def _mean_square(at: np.ndarray, terms: np.ndarray, many: int) -> np.ndarray:
    count = np.bincount(at, minlength=many)
    return np.bincount(at, weights=terms**2, minlength=many) / np.maximum(count, 1)


def of_method(found: Cases, method: Method, level: float = LEVEL) -> Forecast:
    """Give what the lines said when continued by a method of the same scale."""
    outlook = outlook_of(found, method)
    return Forecast(outlook.value, *outlook.interval(level))


def outlook_of(found: Cases, method: Method) -> Outlook:
    """Give the outlook of the lines when continued by a method of the same scale."""
    return ahead(replace(found.lines, method=method), found.year.astype("float64"))


def rivals(found: Cases, level: float = LEVEL) -> dict[str, Forecast]:
    """Give what the last value and the last change would have said, shares kept between 0 and 100."""
    h = found.year - found.lines.newest
    last, plain = found.lines.last, Method("linear")
    ways = {
        "last value": (last, np.sqrt(found.step * h)),
        "last change": (last + found.last_change * h, np.sqrt(found.bend * h * (h + 1) * (2 * h + 1) / 6)),
    }
    most = (0.0, 100.0) if found.lines.method.scale == "logit" else (-np.inf, np.inf)
    told = {}
    for name, (centre, error) in ways.items():
        outlook = Outlook(plain, centre, error, np.maximum(found.lines.count - 2, 1))
        told[name] = Forecast(*(np.clip(part, *most) for part in (outlook.value, *outlook.interval(level))))
    return told


BY_HALF = ("indicator", "breakdown", "half")
BY_ERA = ("indicator", "breakdown", "era")


def backtest(points: pa.Table, method: Method, level: float = LEVEL, by: Sequence[str] = BY_HALF) -> pa.Table:
    """Try the method and its rivals on every figure that could have been forecast.

    Columns: those of `by`, method, forecasts, economies, coverage (share of outcomes in the interval), bias (mean of
    forecast − outcome), error (mean of its size), width (median of the intervals). `half` is set or held out, `era`
    the years of the outcomes.
    """
    found = cases(points, method)
    return judged(found, {"ours": of_method(found, method, level), **others(found, level)}, by)


def others(found: Cases, level: float = LEVEL) -> dict[str, Forecast]:
    """Give what the method is held against: the line as it was fitted, and the rivals."""
    plain = Method(found.lines.method.scale, from_last=False)
    return {"line as fitted": of_method(found, plain, level), **rivals(found, level)}


def judged(found: Cases, told: Mapping[str, Forecast], by: Sequence[str]) -> pa.Table:
    """Hold what methods said against what came; columns as of `backtest`."""
    rows = [_judged(found, forecast, name, list(by)) for name, forecast in told.items()]
    table = pd.concat(rows, ignore_index=True).sort_values(list(by), kind="stable")
    return pa.Table.from_pandas(table, preserve_index=False)


def hits(found: Cases, forecast: Forecast) -> np.ndarray:
    """Tell which outcomes lie in the interval, ends included."""
    return (found.actual >= forecast.lower - 1e-9) & (found.actual <= forecast.upper + 1e-9)


def _judged(found: Cases, forecast: Forecast, name: str, by: list[str]) -> pd.DataFrame:
    off = forecast.value - found.actual
    frame = found.keys.assign(
        hit=hits(found, forecast), off=off, size=np.abs(off), width=forecast.upper - forecast.lower
    )
    table = frame.groupby(by, sort=True).agg(
        forecasts=("hit", "size"), economies=("ref_area", "nunique"), coverage=("hit", "mean"), bias=("off", "mean"),
        error=("size", "mean"), width=("width", "median"),
    ).reset_index()  # fmt: skip
    table.insert(len(by), "method", name)
    return table


_GRID: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "logit": (tuple(np.arange(10, 21) / 10), tuple(np.arange(0, 16) / 100)),
    "linear": (tuple(np.arange(5, 21) / 10), (0.0,)),
}
"""Widenings and turns that are tried."""


def choose(points: pa.Table, method: Method, level: float = LEVEL) -> Method:
    """Choose the constants of a method on the half `set`.

    First `kept`, with the least bias, because a probability from a biased centre is biased; then the widening and turn
    with which the coverages of the indicators come nearest to the level.
    """
    found = cases(points, method)
    half = (found.keys["half"] == SET).to_numpy()
    label = (found.keys["indicator"] + found.keys["breakdown"]).to_numpy()[half]
    kept = [replace(method, kept=part / 10) for part in range(11)]
    biases = [abs((of_method(found, one).value - found.actual)[half].mean()) for one in kept]
    best = kept[int(np.argmin(biases))]
    tried = [replace(best, widening=float(w), turn=float(t)) for w, t in product(*_GRID[method.scale])]
    distances = [_distance(hits(found, of_method(found, one, level))[half], label, level) for one in tried]
    return tried[int(np.argmin(distances))]


def _distance(hit: np.ndarray, label: np.ndarray, level: float) -> float:
    """Give how far the coverages of the indicators are from the level: squares, each counted by its forecasts."""
    found = pd.Series(hit).groupby(label).agg(["mean", "size"])
    return float(((found["mean"] - level) ** 2 * found["size"]).sum())
