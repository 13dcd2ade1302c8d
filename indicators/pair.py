"""A gap projected from the two rates that it is between.

A line through past gaps knows nothing of why they close: as use fills up, both rates bend towards 100 and the gap
between them shrinks, fast where nearly everyone is online and slowly where few are. So the women's and the men's rate
are each continued as the shares that they are (`indicators/trend.py`), and the gap is taken between them:

ratio      r = ln m − ln f, relative gap (1 − e^−r) · 100 per cent of the men's rate
variance   var r = σ_f² + σ_m² − 2 ρ σ_f σ_m, σ the standard error of ln f and of ln m (that of the scale times
           the slope of ln v on it, first order), ρ how far both go wrong together

ρ (`TOGETHER`) is chosen like the constants of the trend, on half of the economies (`indicators/backtest.py`).

Columns in: `pairs` SERIES (of `indicators/projection.py`, sex _T), year, female, male, one row for each comparable pair
as in table gender_gap; and, if known, half_unit, coverage and estimated_share. Out: see `gap_projections`.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.projection import LEVEL, continued, figures_of, impossible, table
from indicators.trend import HORIZON, RATIO, SHARE, Lines, Outlook, ahead, fit, steepness

METHOD, VERSION = "gap_of_two_rates", "1"
TOGETHER = 0.986
"""Correlation of the errors of women's and men's rates."""


def gap_ahead(women: Lines, men: Lines, year: np.ndarray | float, together: float = TOGETHER) -> Outlook:
    """Continue both rates of each pair to a year, and give the relative gap between them.

    `women` and `men` are lines on the scale of shares, pair by pair; `year` as in `trend.ahead`. NaN where a line is
    not usable or a rate has come to nothing.
    """
    ends = [ahead(lines, year) for lines in (women, men)]
    (f, f_error), (m, m_error) = ((one.value, one.error * _slope(one.value)) for one in ends)
    centre = np.log(_positive(m)) - np.log(_positive(f))
    variance = f_error**2 + m_error**2 - 2 * together * f_error * m_error
    return Outlook(RATIO, centre, np.sqrt(np.maximum(variance, 0.0)), ends[0].freedom)


def _positive(rate: np.ndarray) -> np.ndarray:
    return np.where(rate > 0, rate, np.nan)


def _slope(rate: np.ndarray) -> np.ndarray:
    """Give how much ln v moves for one unit of the scale of shares."""
    return 1 / (steepness(rate, SHARE) * _positive(rate))


def lines_of(pairs: pa.Table) -> tuple[pd.DataFrame, Lines, Lines, np.ndarray]:
    """Give the keys of each series of pairs, women's and men's lines, and which series hold an impossible rate."""
    fitted, outside = [], []
    for name in ("female", "male"):
        figures, keys = figures_of(pairs.append_column("value", pairs[name]))
        with np.errstate(invalid="ignore", divide="ignore"):
            fitted.append(fit(figures, SHARE))
        outside.append(impossible(figures, len(keys)))
    return keys, fitted[0], fitted[1], outside[0] | outside[1]


def gap_projections(pairs: pa.Table, years: int = HORIZON, level: float = LEVEL) -> pa.Table:
    """Project the relative gap of every series of pairs; columns and refusals as of `projection.projections`."""
    keys, women, men, outside = lines_of(pairs)
    name = f"{METHOD}-{VERSION}"
    return table(continued(keys, women, lambda year: gap_ahead(women, men, year), name, outside, years, level))
