"""The change of a group, split into data and composition."""

from datetime import date

import pyarrow as pa
import pytest

from indicators.group_change import year_to_year

MEMBERS = pa.table(
    {
        "group_code": ["G", "G", "G"],
        "ref_area": ["AAA", "BBB", "CCC"],
        "valid_from": pa.array([None, None, date(2021, 1, 1)], pa.date32()),
        "valid_to": pa.array([None, None, None], pa.date32()),
    }
)


def _split(values, given=(2020, 2021), weights=1.0):
    rows = [
        {"indicator": "x", "breakdown": "_T", "ref_area": area, "year": year, "value": float(value)}
        for (area, year), value in values.items()
    ]
    people = [
        {"ref_area": area, "year": year, "sex": "_T", "weight": weights}
        for area in ("AAA", "BBB", "CCC")
        for year in (2020, 2021)
    ]
    known = [{"group_code": "G", "indicator": "x", "breakdown": "_T", "year": year} for year in given]
    figures, counted, there = (pa.Table.from_pylist(one) for one in (rows, people, known))
    return year_to_year(figures, MEMBERS, counted, there).to_pylist()


def test_an_economy_that_joins_the_group_is_composition():
    values = {("AAA", 2020): 10, ("BBB", 2020): 30, ("AAA", 2021): 14, ("BBB", 2021): 34, ("CCC", 2020): 90,
              ("CCC", 2021): 90}  # fmt: skip
    (found,) = _split(values)
    assert (found["before"], found["after"]) == (pytest.approx(20), pytest.approx(46))
    assert (found["by_data"], found["by_composition"]) == (pytest.approx(4), pytest.approx(22))
    assert (found["entered"], found["departed"], found["year_before"]) == (1, 0, 2020)


def test_an_economy_that_ceases_to_report_is_composition():
    (found,) = _split({("AAA", 2020): 10, ("BBB", 2020): 30, ("AAA", 2021): 10})
    assert (found["by_data"], found["by_composition"]) == (pytest.approx(0), pytest.approx(-10))
    assert (found["entered"], found["departed"]) == (0, 1)


def test_no_member_in_both_years_leaves_the_parts_empty():
    (found,) = _split({("AAA", 2020): 10, ("BBB", 2021): 30})
    assert (found["before"], found["after"]) == (10, 30)
    assert (found["by_data"], found["by_composition"]) == (None, None)


def test_a_change_from_a_year_that_was_withheld_is_left_out():
    assert _split({("AAA", 2020): 10, ("AAA", 2021): 30}, given=(2021,)) == []


def test_equal_figures_change_nothing_and_no_population_gives_no_row():
    (found,) = _split({("AAA", 2020): 10, ("AAA", 2021): 10})
    assert (found["by_data"], found["by_composition"]) == (0, 0)
    assert _split({("AAA", 2020): 10, ("AAA", 2021): 10}, weights=0.0) == []
