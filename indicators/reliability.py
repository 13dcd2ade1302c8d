"""Whether probabilities mean what they say: of targets that were given one in four, one in four should have been met.

For the cases of the backtest, targets are made up that were not met when the line was fitted: a share of at least so
many per cent, a gap within a band. Each gets its probability of being met LEAD years later; cases are put together by
probability and compared with how many were met (a reliability table; A. Murphy and R. Winkler, *Applied Statistics* 26,
1977). The Brier score is the mean of (probability − outcome)²; the rival that it is held against knows how often such
targets are met at all, and nothing about the series.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.backtest import Cases
from indicators.trend import Outlook

LEVELS = (25.0, 50.0, 75.0, 95.0)
"""Shares that are made targets: at least so many per cent."""
BANDS = (2.0, 5.0, 10.0)
"""Gaps that are made targets: between − and + so many per cent."""
EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
"""Where one class of probabilities ends and the next begins."""


def outcomes(found: Cases, outlook: Outlook) -> pd.DataFrame:
    """Give probability and outcome of every target that was not met when the lines were fitted.

    `outlook` is what was said of the cases, on the scale of shares (targets LEVELS) or of gaps (BANDS). Columns:
    indicator, breakdown, half, target, probability, met (0 or 1).
    """
    share = outlook.method.scale == "logit"
    parts = []
    for target in LEVELS if share else BANDS:
        below = outlook.below(target)
        likely = 1 - below if share else below - outlook.below(-target)
        met = _met(found.actual, target, share=share).astype("float64")
        told = found.keys[["indicator", "breakdown", "half"]].assign(target=target, probability=likely, met=met)
        parts.append(told[~_met(found.lines.last, target, share=share)])
    return pd.concat(parts, ignore_index=True)


def _met(values: np.ndarray, target: float, *, share: bool) -> np.ndarray:
    return values >= target if share else np.abs(values) <= target


def reliability(found: Cases, outlook: Outlook) -> pa.Table:
    """Compare probabilities with outcomes, class by class.

    Columns: lower and upper (of the class), cases, expected (mean probability), met (share that was met).
    """
    frame = outcomes(found, outlook)
    place = np.clip(np.searchsorted(EDGES, frame["probability"], side="right") - 1, 0, len(EDGES) - 2)
    grouped = frame.groupby(place).agg(cases=("met", "size"), expected=("probability", "mean"), met=("met", "mean"))
    at = grouped.index.to_numpy()
    table = grouped.assign(lower=np.array(EDGES)[at], upper=np.array(EDGES)[at + 1])
    return pa.Table.from_pandas(table[["lower", "upper", "cases", "expected", "met"]], preserve_index=False)


def brier(found: Cases, outlook: Outlook) -> tuple[float, float]:
    """Give the Brier score of the probabilities, and that of the share of each target that was met at all."""
    frame = outcomes(found, outlook)
    usual = frame.groupby(["indicator", "breakdown", "target"])["met"].transform("mean")
    return float(((frame["probability"] - frame["met"]) ** 2).mean()), float(((usual - frame["met"]) ** 2).mean())
