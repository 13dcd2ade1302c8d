import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.gap import at_parity, gender_gaps, headcounts, measures, rounding_interval

USUAL = {
    "source": "made_up", "indicator": "internet_users", "ref_area": "SEN", "time_period": "2019", "year": 2019,
    "age": "_T", "urbanisation": "_T", "breakdown": "_T", "female": 38.0, "male": 46.0, "note_female": "",
    "note_male": "", "status_female": "A", "status_male": "A", "edition_female": "e1", "edition_male": "e1",
}  # fmt: skip


def _gap(**given):
    return gender_gaps(pa.Table.from_pylist([{**USUAL, **given}])).to_pylist()[0]


def test_the_three_measures_of_one_pair():
    found = _gap()
    assert found["relative_gap_pct"] == pytest.approx((46 - 38) / 46 * 100)
    assert found["parity"] == pytest.approx(38 / 46)
    assert found["gap_points"] == pytest.approx(8)
    assert (found["comparable"], found["at_parity"], found["reason"]) == (True, False, "")


def test_a_gap_in_favour_of_women_stays_negative():
    assert _gap(female=60.0, male=50.0)["relative_gap_pct"] == pytest.approx(-20)


@pytest.mark.parametrize(("parity", "inside"), [(0.98, True), (1.02, True), (0.9799, False), (1.0201, False)])
def test_parity_includes_the_ends_of_its_band(parity, inside):
    assert bool(at_parity(np.array([parity]))[0]) is inside


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"female": None}, "no figure for women"),
        ({"male": None}, "no figure for men"),
        ({"female": None, "male": None}, "no figure for women and men"),
        ({"male": 0.0}, "share of zero"),
        ({"edition_male": "e2"}, "different editions"),
        ({"note_male": "Population 15+"}, "different bases: “” for women, “Population 15+” for men"),
    ],
)
def test_what_cannot_be_compared_says_why_and_has_no_gap(given, words):
    found = _gap(**given)
    assert words in found["reason"]
    assert not found["comparable"]
    assert not found["at_parity"]
    assert [found[name] for name in ("relative_gap_pct", "parity", "gap_points")] == [None, None, None]


def test_no_pair_is_dropped():
    table = pa.Table.from_pylist([USUAL, {**USUAL, "female": None}, {**USUAL, "male": 0.0}])
    assert gender_gaps(table).num_rows == 3


SHARE = st.floats(1, 100)


@given(SHARE, SHARE)
def test_measures_agree_with_each_other(female, male):
    found = measures(np.array([female]), np.array([male]))
    assert found["relative_gap_pct"][0] == pytest.approx((1 - found["parity"][0]) * 100, abs=1e-9)
    assert found["gap_points"][0] == pytest.approx(found["relative_gap_pct"][0] * male / 100, abs=1e-9)


@given(st.integers(1, 99), st.integers(1, 99), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_the_interval_holds_every_pair_that_rounds_to_the_printed_one(female, male, off_female, off_male):
    lower, upper = rounding_interval(female, male, 0.5)
    true = (1 - (female + off_female) / (male + off_male)) * 100
    assert lower - 1e-9 <= true <= upper + 1e-9


def test_rounded_shares_of_2024_allow_parity_from_0915_to_0942():
    lower, upper = rounding_interval(65, 70, 0.5)
    assert (1 - upper / 100, 1 - lower / 100) == pytest.approx((64.5 / 70.5, 65.5 / 69.5))
    assert (round(1 - upper / 100, 3), round(1 - lower / 100, 3)) == (0.915, 0.942)


def test_a_mens_share_that_may_be_zero_has_no_interval():
    with pytest.raises(ValueError, match="zero"):
        rounding_interval(0, 0.5, 0.5)


def _headcount(people, **given):
    gaps = gender_gaps(pa.Table.from_pylist([{**USUAL, **given}]))
    schema = pa.schema(
        [("ref_area", pa.string()), ("year", pa.int64()), ("sex", pa.string()), ("weight", pa.float64())]
    )
    rows = [{"ref_area": "SEN", "year": 2019, "sex": sex, "weight": count} for sex, count in people.items()]
    return headcounts(gaps, pa.Table.from_pylist(rows, schema=schema)).to_pylist()[0]


def test_the_head_count_is_women_without_less_men_without():
    # 62 % of 1,000 women and 54 % of 900 men are offline
    assert _headcount({"F": 1000.0, "M": 900.0}) == pytest.approx(620 - 486)
    assert _headcount({"F": 900.0, "M": 1000.0}, female=60.0, male=50.0) == pytest.approx(360 - 500)


@pytest.mark.parametrize(
    ("people", "given"),
    [
        ({}, {}),
        ({"F": 1000.0}, {}),
        ({"_T": 1900.0}, {}),
        ({"F": 1000.0, "M": 900.0}, {"female": None}),
        ({"F": 1000.0, "M": 900.0}, {"age": "Y_GE15"}),
        ({"F": 1000.0, "M": 900.0}, {"urbanisation": "U"}),
        ({"F": 1000.0, "M": 900.0}, {"note_male": "other survey"}),
    ],
)
def test_without_both_populations_or_comparable_rates_there_is_no_head_count(people, given):
    assert _headcount(people, **given) is None
