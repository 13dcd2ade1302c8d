"""Backtest of gaps: the gap of two projected rates against a line through the gap, the last value and the last change.

The same cases as in `indicators/backtest.py`, where all three, women's rate, men's rate and their gap, could have been
forecast. Columns in: `pairs` as `pair.gap_projections`. Out: as of `backtest.backtest`; method `ours` is the gap of the
two rates, `line of the gap` is `trend.GAP`, for gaps that are published without their rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators import backtest
from indicators.backtest import BY_HALF, SET, Cases, Forecast
from indicators.gap import measures
from indicators.pair import TOGETHER, gap_ahead
from indicators.projection import LEVEL
from indicators.trend import GAP, SHARE, Outlook


@dataclass(frozen=True, slots=True)
class PairCases:
    """The same cases three times: of women's rates, of men's rates and of their relative gaps."""

    women: Cases
    men: Cases
    gap: Cases


def gaps_of(pairs: pa.Table) -> pa.Table:
    """Give the relative gap of each pair as `value`."""
    found = measures(pairs["female"].to_numpy(), pairs["male"].to_numpy())["relative_gap_pct"]
    return pairs.append_column("value", pa.array(found))


def pair_cases(pairs: pa.Table) -> PairCases:
    """Find every gap that could have been forecast. Raises Empty without any pair."""
    told = [*(pairs.append_column("value", pairs[name]) for name in ("female", "male")), gaps_of(pairs)]
    found = [backtest.cases(table, method) for table, method in zip(told, (SHARE, SHARE, GAP), strict=True)]
    places = [
        pd.MultiIndex.from_frame(one.keys[["indicator", "breakdown", "ref_area"]].assign(year=one.year))
        for one in found
    ]
    shared = places[2][places[2].isin(places[0]) & places[2].isin(places[1])]
    return PairCases(*(backtest.take(one, at.get_indexer(shared)) for one, at in zip(found, places, strict=True)))


def outlook(found: PairCases, together: float = TOGETHER) -> Outlook:
    """Give what the two rates said of the gap."""
    return gap_ahead(found.women.lines, found.men.lines, found.gap.year.astype("float64"), together)


def of_rates(found: PairCases, together: float = TOGETHER, level: float = LEVEL) -> Forecast:
    """Give the forecasts of the gap of two rates."""
    ahead = outlook(found, together)
    return Forecast(ahead.value, *ahead.interval(level))


def pair_backtest(pairs: pa.Table, level: float = LEVEL, by: Sequence[str] = BY_HALF) -> pa.Table:
    """Try the gap of two rates and what it is held against."""
    found = pair_cases(pairs)
    line = backtest.of_method(found.gap, GAP, level)
    told = {"ours": of_rates(found, level=level), "line of the gap": line, **backtest.others(found.gap, level)}
    return backtest.judged(found.gap, told, by)


def choose_together(pairs: pa.Table, level: float = LEVEL) -> float:
    """Choose the correlation with which the intervals of the half `set` come nearest to the level."""
    found = pair_cases(pairs)
    half = (found.gap.keys["half"] == SET).to_numpy()
    tried = np.arange(900, 1000, 2) / 1000
    off = [abs(backtest.hits(found.gap, of_rates(found, one, level))[half].mean() - level) for one in tried]
    return float(tried[int(np.argmin(off))])
