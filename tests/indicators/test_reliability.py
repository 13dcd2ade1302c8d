import itertools

import numpy as np
import pyarrow as pa
import pytest

from indicators import backtest
from indicators.reliability import LEVELS, brier, outcomes, reliability
from indicators.trend import SHARE

ROW = {
    "indicator": "internet_users", "sex": "_T", "age": "_T", "urbanisation": "_T", "breakdown": "_T",
    "source": "made_up", "edition": "",
}  # fmt: skip


def _cases(count=40, seed=9) -> backtest.Cases:
    rng = np.random.default_rng(seed)
    rows = [
        {**ROW, "ref_area": f"A{number:02d}", "year": 2000 + at, "value": float(value)}
        for number in range(count)
        for at, value in enumerate(np.clip(rng.uniform(5, 60) + np.cumsum(rng.normal(2, 2, 18)), 0, 100))
    ]
    return backtest.cases(pa.Table.from_pylist(rows), SHARE)


def test_targets_that_were_met_already_are_not_asked_about():
    found = _cases()
    frame = outcomes(found, backtest.outlook_of(found, SHARE))
    assert len(frame) == sum(int((found.lines.last < target).sum()) for target in LEVELS)
    assert set(frame["target"]) <= set(LEVELS)


def test_probability_and_outcome_are_of_the_same_case():
    found = _cases()
    outlook = backtest.outlook_of(found, SHARE)
    frame = outcomes(found, outlook)
    open_ = found.lines.last < 50
    part = frame[frame["target"] == 50]
    assert part["probability"].to_numpy() == pytest.approx(1 - outlook.below(50)[open_])
    assert part["met"].tolist() == (found.actual[open_] >= 50).astype(float).tolist()


def test_classes_take_in_every_case_once_and_hold_their_mean():
    found = _cases()
    outlook = backtest.outlook_of(found, SHARE)
    rows = reliability(found, outlook).to_pylist()
    assert sum(row["cases"] for row in rows) == len(outcomes(found, outlook))
    assert all(row["lower"] <= row["expected"] <= row["upper"] for row in rows)
    assert all(before["upper"] <= later["lower"] for before, later in itertools.pairwise(rows))


def test_what_knows_the_series_beats_what_knows_only_how_often():
    found = _cases()
    ours, usual = brier(found, backtest.outlook_of(found, SHARE))
    assert 0 < ours < usual < 0.26
