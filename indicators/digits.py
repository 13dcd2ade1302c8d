"""How exactly figures are printed: half of the last digit, from the figures themselves.

A figure does not say whether 40 means 40 or 40.0. The figures of one series are printed alike, so the one with the most
decimals tells for all of them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

EXACT = 6
"""Decimals from which a figure counts as not rounded."""


def decimals(value: float) -> int:
    """Count the decimals of a figure, up to EXACT."""
    return len(f"{value:.{EXACT}f}".partition(".")[2].rstrip("0"))


def half_units(values: Sequence[float] | np.ndarray, series: Sequence[object] | np.ndarray) -> np.ndarray:
    """Give half of the last printed digit of each figure; `series` says which figures are printed alike."""
    counted = pd.Series([decimals(float(value)) for value in values], dtype="float64")
    most = counted.groupby(pd.Series(list(series), dtype=object), sort=False).transform("max").to_numpy()
    return np.where(most < EXACT, 0.5 * 10.0 ** -np.asarray(most, dtype="float64"), 0.0)
