"""Ranks and Student's t are those of scipy.stats, which takes too long to import to be used."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from indicators.idi_ranks import ranks
from indicators.trend import GAP, SHARE, Outlook

SHAPES = arrays.array_shapes(min_dims=1, max_dims=3, max_side=12)


@given(arrays.arrays("float64", SHAPES, elements=st.sampled_from([0.0, 1.5, 1.5000000001, 1.6, 99.25])))
def test_ranks_with_ties(totals):
    assert (ranks(totals) == stats.rankdata(-np.round(totals, 9), method="min", axis=-1)).all()


@given(arrays.arrays("float64", SHAPES, elements=st.floats(-1e6, 1e6)))
def test_ranks(totals):
    assert (ranks(totals) == stats.rankdata(-np.round(totals, 9), method="min", axis=-1)).all()


def test_no_scores_have_no_ranks():
    assert ranks(np.empty((3, 0))).shape == (3, 0)


@given(st.integers(1, 40), st.floats(0.01, 0.999), st.floats(-8, 8), st.floats(1e-3, 5), st.floats(0.5, 99.5))
def test_intervals_and_probabilities(freedom, level, centre, error, value):
    line = np.array([centre]), np.array([error]), np.array([freedom])
    reach = stats.t.ppf((1 + level) / 2, freedom) * error
    lower, upper = Outlook(GAP, *line).interval(level)  # a gap's scale is its unit
    np.testing.assert_allclose([lower[0], upper[0]], [centre - reach, centre + reach], rtol=1e-12, atol=1e-12)
    at = np.log((value + 0.5) / (100.5 - value))
    expected = stats.t.cdf((at - centre) / error, freedom)
    np.testing.assert_allclose(Outlook(SHARE, *line).below(value), expected, rtol=1e-12, atol=1e-12)
