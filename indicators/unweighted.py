"""From economies to groups where each economy counts once: medians (prices, as ITU gives them) and plain means (IDI).

Weighing prices or scores by population would give a figure that no publisher gives and that describes nobody's bill.
How much of the group's population the reporting economies hold is told all the same, and decides whether there is a
figure.
"""

import numpy as np
import pandas as pd

MEDIAN, MEAN = "median", "unweighted_mean"
VERSION = "1"
FORMULAS = {
    MEDIAN: "middle figure of the economies that report, half-way between the middle two of an even number",
    MEAN: "Σ figure / n, over the n economies that report",
}


def by_rule(means: pd.Series, asked: pd.Series, values: np.ndarray, number: np.ndarray) -> pd.Series:
    """Put median or plain mean in place of the weighted mean of those rows that ask for it.

    `means` and `asked` (the rule) row by row; `values` and `number` pair by pair, a pair's number being its row. What
    asks for another rule stays as it is.
    """
    for rule, name in ((MEDIAN, "median"), (MEAN, "mean")):
        wanted = (asked == rule).to_numpy()
        if wanted.any():
            pairs = wanted[number]
            found = pd.Series(values[pairs]).groupby(number[pairs]).agg(name)
            means = means.where(~wanted, found.reindex(means.index))
    return means
