"""Divides: what can be compared is, what cannot is a row with its reason."""

import math

import pandas as pd
import pyarrow as pa
import pytest

from indicators import divide

USUAL = {
    "source": "made_up", "indicator": "internet_users", "time_period": "2020", "year": 2020, "sex": "_T", "age": "_T",
    "urbanisation": "_T", "breakdown": "_T", "ref_area": "LDC", "value": 20.125, "unit": "percent_of_population",
    "edition": "e1", "note": "", "coverage": 0.8, "reason": "",
}  # fmt: skip
WORLD = {"ref_area": "WLD", "value": 60.25, "coverage": 0.9}


def _groups(*rows):
    return divide.divides(divide.group_pairs(_table(rows))).to_pylist()


def _table(rows):
    return pa.Table.from_pandas(pd.DataFrame([{**USUAL, **row} for row in rows]), preserve_index=False)


def test_a_group_is_held_against_the_world_by_three_measures():
    (found,) = _groups({}, WORLD)
    assert (found["kind"], found["ref_area"], found["compared_with"]) == ("group", "LDC", "WLD")
    assert found["difference"] == pytest.approx(40.125)
    assert found["ratio"] == pytest.approx(20.125 / 60.25)
    assert found["relative_gap_pct"] == pytest.approx(40.125 / 60.25 * 100)
    assert (found["coverage"], found["compared_coverage"], found["comparable"]) == (0.8, 0.9, True)


def test_a_negative_divide_stays_negative():
    (found,) = _groups({"ref_area": "HIC", "value": 90.125}, WORLD)
    assert found["difference"] == pytest.approx(-29.875)
    assert found["relative_gap_pct"] < 0


@pytest.mark.parametrize(
    ("group", "world", "reason"),
    [
        ({"value": math.nan, "reason": "cannot say: figures cover 31%"}, {}, "LDC: figures cover 31%"),
        ({}, {"value": math.nan}, "WLD: no figure"),
        ({"edition": "e2"}, {}, "the figures come from different editions"),
        ({"unit": "percent"}, {}, "the units differ: percent, percent_of_population"),
        ({"note": "16 to 74 years"}, {}, "the figures rest on different bases: “16 to 74 years” and “”"),
        ({}, {"value": 0.0}, "the figure compared with is zero: there is no ratio to it"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_a_row_with_its_reason(group, world, reason):
    (found,) = _groups(group, {**WORLD, **world})
    assert (found["comparable"], found["reason"]) == (False, reason)
    assert (found["difference"], found["ratio"], found["ratio_upper"]) == (None, None, None)


def test_a_year_without_one_side_is_a_row_and_a_group_the_source_never_gives_is_not():
    found = _groups({}, {"time_period": "2021", "year": 2021}, WORLD)
    assert [(row["year"], row["comparable"]) for row in found] == [(2020, True), (2021, False)]
    assert _groups({}) == []


def test_rounded_figures_give_no_ratio_but_its_bounds():
    (found,) = _groups({"value": 31.0}, {**WORLD, "value": 71.0})
    assert (found["ratio"], found["relative_gap_pct"]) == (None, None)
    assert found["ratio_lower"] == pytest.approx(30.5 / 71.5)
    assert found["ratio_upper"] == pytest.approx(31.5 / 70.5)
    assert found["difference"] == pytest.approx(40)


def test_one_decimal_counts_as_rounded_and_two_do_not():
    frame = pd.DataFrame({"source": list("aabb"), "indicator": "x", "value": [1.0, 2.5, 1.0, 2.25]})
    assert divide.half_units(frame).tolist() == [0.05, 0.05, 0.0, 0.0]


def test_rural_is_held_against_urban():
    given = (("SEN", "R", 20.125), ("SEN", "U", 60.25), ("MLI", "R", 5.0))
    rows = [{"ref_area": area, "urbanisation": code, "value": value} for area, code, value in given]
    found = divide.divides(divide.residence_pairs(_table(rows))).to_pylist()
    assert [(row["ref_area"], row["part"], row["reason"]) for row in found] == [
        ("MLI", "R", "U: no figure"),
        ("SEN", "R", ""),
    ]


def test_older_bands_are_held_against_the_youth_and_surveys_totals_are_not():
    given = {"Y16T24": 90.25, "Y25T54": 60.0, "Y_GE75": 5.5, "Y16T74": 55.0, "Y_LT15": 40.0}
    rows = [{"ref_area": "SEN", "age": age, "value": value} for age, value in given.items()]
    found = divide.divides(divide.age_pairs(_table(rows))).to_pylist()
    assert [(row["part"], row["compared_with"]) for row in found] == [("Y25T54", "Y16T24"), ("Y_GE75", "Y16T24")]
    assert found[0]["difference"] == pytest.approx(30.25)


@pytest.mark.parametrize(("code", "bounds"), [("Y15T24", (15, 24)), ("Y_GE75", (75, math.inf)), ("Y_LT15", (0, 14))])
def test_bounds_of_age_codes(code, bounds):
    assert divide.age_bounds(code) == bounds
    assert math.isnan(divide.age_bounds("_T")[0])


def test_nothing_in_is_nothing_out():
    empty = _table([{}]).slice(0, 0)
    for pairs in (divide.group_pairs, divide.residence_pairs, divide.age_pairs):
        assert divide.divides(pairs(empty)).num_rows == 0
