"""Gini and Theil against other ways to the same number, and against cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.inequality import gini, theil, variation

ECONOMIES = st.lists(
    st.tuples(st.just(0.0) | st.floats(0.001, 100), st.floats(0.01, 1e4), st.integers(0, 3)), min_size=2, max_size=25
).filter(lambda rows: sum(y * w for y, w, _ in rows) > 1e-3)


def _columns(rows):
    return (np.array(column, dtype="float64") for column in zip(*rows, strict=True))


@given(ECONOMIES)
def test_gini_is_half_the_mean_absolute_difference_over_the_mean(rows):
    y, w, _ = _columns(rows)
    p = w / w.sum()
    pairs = np.abs(y[:, None] - y[None, :]) * p[:, None] * p[None, :]
    assert gini(y, w) == pytest.approx(pairs.sum() / (2 * (p @ y)), abs=1e-9)


@given(ECONOMIES)
def test_gini_is_the_area_that_the_lorenz_curve_leaves(rows):
    y, w, _ = _columns(rows)
    order = np.argsort(y)
    people = np.concatenate([[0], np.cumsum(w[order]) / w.sum()])
    having = np.concatenate([[0], np.cumsum((w * y)[order]) / (w @ y)])
    assert gini(y, w) == pytest.approx(1 - 2 * np.trapezoid(having, people), abs=1e-9)


@given(st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 20)), min_size=2, max_size=8))
def test_a_weight_is_so_many_people_counted_one_by_one(rows):
    y, w = _columns(rows)
    each = np.repeat(y, w.astype(int))
    ones = np.ones_like(each)
    for measure in (gini, theil, variation):
        assert measure(y, w) == pytest.approx(measure(each, ones), abs=1e-9)
    assert variation(y, w) == pytest.approx(each.std() / each.mean(), abs=1e-9)


@given(ECONOMIES)
def test_theil_is_what_lies_between_the_groups_and_what_lies_within(rows):
    y, w, group = _columns(rows)
    mean, between, within = (w @ y) / w.sum(), 0.0, 0.0
    for one in set(group.tolist()):
        inside = group == one
        share, own = w[inside].sum() / w.sum(), (w[inside] @ y[inside]) / w[inside].sum()
        if own > 0:
            between += share * own / mean * np.log(own / mean)
            within += share * own / mean * theil(y[inside], w[inside])
    assert theil(y, w) == pytest.approx(between + within, abs=1e-9)


def test_by_hand():
    """Half of the people have everything: Gini ½, Theil ln 2, variation 1; and 10 and 20 against 90 and 80."""
    half, two = np.array([0.0, 1.0]), np.array([1.0, 1.0])
    assert (gini(half, two), theil(half, two), variation(half, two)) == pytest.approx((0.5, np.log(2), 1))
    assert gini(np.array([10.0, 20.0]), two) == pytest.approx(1 / 6)
    assert gini(np.array([90.0, 80.0]), two) == pytest.approx(1 / 34)
