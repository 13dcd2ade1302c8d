"""Fitted lines against statsmodels, and what the backtest on real figures found."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from flows import backtest as page
from indicators import backtest, pair_backtest, reliability
from indicators.pair import TOGETHER
from indicators.projection import figures_of
from indicators.trend import GAP, SHARE, Method, ahead, fit, from_scale, to_scale
from tests.payloads import ROOT, payload

PLAIN = {scale: Method(scale, from_last=False) for scale in ("logit", "linear")}


@pytest.fixture(scope="module")
def shares():
    return page.shares()


@pytest.mark.parametrize("scale", ["logit", "linear"])
def test_lines_and_prediction_intervals_are_those_of_statsmodels(shares, scale):
    figures, keys = figures_of(shares)
    method = PLAIN[scale]
    lines = fit(figures, method)
    outlook = ahead(lines, 2030.0)
    lower, upper = outlook.interval(0.8)
    tried = [at for at in range(0, len(keys), 37) if lines.usable[at] and lines.scatter[at] > 0]
    assert len(tried) > 15
    for at in tried:
        mine = (figures.series == at) & (figures.year > lines.newest[at] - 10)
        year, z = figures.year[mine].astype("float64"), to_scale(figures.value[mine], method)
        found = sm.OLS(z, sm.add_constant(year - 2000)).fit()
        told = found.get_prediction(np.array([[1.0, 30.0]])).summary_frame(alpha=0.2).iloc[0]
        assert lines.slope[at] == pytest.approx(found.params[1], rel=1e-7, abs=1e-10)
        assert lines.scatter[at] ** 2 == pytest.approx(found.mse_resid, rel=1e-6)
        assert outlook.centre[at] == pytest.approx(told["mean"], rel=1e-6, abs=1e-8)
        both = from_scale(told[["obs_ci_lower", "obs_ci_upper"]].to_numpy(), method)
        assert [lower[at], upper[at]] == pytest.approx(both.tolist(), rel=1e-6, abs=1e-7)


def _ours(points, method, by=("indicator", "breakdown")):
    rows = backtest.backtest(points, method, by=by).to_pylist()
    return {row["breakdown"]: row for row in rows if row["method"] == "ours" and row["forecasts"] >= 90}


def _held_out(points, method):
    found = backtest.backtest(points, method).to_pylist()
    rows = [row for row in found if (row["method"], row["half"]) == ("ours", backtest.HELD_OUT)]
    return {row["breakdown"]: row for row in rows if row["forecasts"] >= backtest.FEWEST}


@pytest.mark.parametrize("judged", [_ours, _held_out])
def test_eighty_per_cent_intervals_of_shares_hold_75_to_85_per_cent(shares, judged):
    """Internet users and coverage by 2G and 3G, over all economies and over those that took no part in the choice."""
    found = judged(shares, SHARE)
    assert set(found) == {"_T", "2G", "3G"}
    assert [row for row in found.values() if not 0.75 <= row["coverage"] <= 0.85] == []


def test_the_line_as_fitted_holds_far_less_than_it_says(shares):
    rows = backtest.backtest(shares, SHARE).to_pylist()
    fitted = [row for row in rows if row["method"] == "line as fitted" and row["forecasts"] >= 40]
    assert len(fitted) == 6
    assert max(row["coverage"] for row in fitted) < 0.6


def test_the_projection_is_nearer_than_its_rivals_for_internet_users(shares):
    rows = backtest.backtest(shares, SHARE).to_pylist()
    errors = {
        row["method"]: row["error"]
        for row in rows
        if (row["indicator"], row["half"]) == ("internet_users", backtest.HELD_OUT)
    }
    assert min(errors, key=lambda name: errors[name]) == "ours"


def test_the_constants_in_use_are_those_that_the_backtest_chooses(shares):
    assert backtest.choose(shares, SHARE) == SHARE


@pytest.fixture(scope="module")
def pairs():
    payload(page.BY_SEX)
    return page.daily_pairs(ROOT)


@pytest.mark.payloads
@pytest.mark.parametrize("method", ["ours", "line of the gap"])
@pytest.mark.parametrize("by", [("indicator", "breakdown"), backtest.BY_HALF])
def test_eighty_per_cent_intervals_of_gaps_hold_75_to_85_per_cent(pairs, method, by):
    rows = [row for row in pair_backtest.pair_backtest(pairs, by=by).to_pylist() if row["method"] == method]
    assert sum(row["forecasts"] for row in rows) == 396
    assert [row for row in rows if not 0.75 <= row["coverage"] <= 0.85] == []


@pytest.mark.payloads
def test_the_gap_of_two_rates_is_nearer_than_a_line_and_the_rivals(pairs):
    rows = pair_backtest.pair_backtest(pairs).to_pylist()
    errors = {row["method"]: row["error"] for row in rows if row["half"] == backtest.HELD_OUT}
    assert min(errors, key=lambda name: errors[name]) == "ours"


@pytest.mark.payloads
def test_the_constants_of_gaps_are_those_that_the_backtest_chooses(pairs):
    assert backtest.choose(pair_backtest.gaps_of(pairs), GAP) == GAP
    assert pair_backtest.choose_together(pairs) == pytest.approx(TOGETHER)


def test_of_shares_that_were_given_a_probability_about_so_many_were_met(shares):
    cases = backtest.cases(shares, SHARE)
    outlook = backtest.outlook_of(cases, SHARE)
    rows = reliability.reliability(cases, outlook).to_pylist()
    assert len(rows) == 7
    assert [row for row in rows if abs(row["expected"] - row["met"]) > 0.1] == []
    ours, usual = reliability.brier(cases, outlook)
    assert ours < 0.7 * usual


def test_the_page_is_what_the_backtest_says(shares):
    """The table of shares in docs/methods.md is the one that `make backtest` would write now."""
    text = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    cases = backtest.cases(shares, SHARE)
    rows = [
        *page.by_half(backtest.backtest(shares, SHARE)),
        *page.by_probability("shares", cases, backtest.outlook_of(cases, SHARE)),
    ]
    assert len(rows) == 19
    assert [row for row in rows if row not in text] == []
