"""The change of a group, split into data and composition."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from indicators.composition import decompose
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


def test_the_split_of_all_at_once_is_that_of_one_by_one():
    rng = np.random.default_rng(5)
    areas, years = [f"A{at:02d}" for at in range(20)], range(2010, 2020)
    figures = pd.DataFrame(
        [("x", "_T", area, year, rng.uniform(0, 100)) for area in areas for year in years if rng.random() < 0.7],
        columns=["indicator", "breakdown", "ref_area", "year", "value"],
    )
    people = pd.DataFrame(
        [(area, year, "_T", rng.uniform(1, 9)) for area in areas for year in years],
        columns=["ref_area", "year", "sex", "weight"],
    )
    members = pa.table(
        {
            "group_code": ["G"] * 20, "ref_area": areas, "valid_to": pa.array([None] * 20, pa.date32()),
            "valid_from": pa.array([date(2005 + at, 1, 1) for at in range(20)], pa.date32()),
        }
    )  # fmt: skip
    given = pd.DataFrame({"group_code": "G", "indicator": "x", "breakdown": "_T", "year": list(years)})
    tables = [pa.Table.from_pandas(one, preserve_index=False) for one in (figures, people, given)]
    found = year_to_year(tables[0], members, tables[1], tables[2]).to_pandas()
    joined = figures.merge(people, on=["ref_area", "year"])
    joined = joined[joined["ref_area"].str[1:].astype(int) + 2005 <= joined["year"]]
    frames = [joined.assign(year=joined["year"] + ahead)[["year", "ref_area", "value", "weight"]] for ahead in (1, 0)]
    before, after = (pa.Table.from_pandas(one, preserve_index=False) for one in frames)
    told = decompose(before, after, ["year"]).to_pandas()
    columns = ["before", "after", "by_data", "by_composition", "entered"]
    assert found["year"].tolist() == told["year"].tolist() == list(range(2011, 2020))
    assert np.allclose(found[columns].to_numpy(dtype=float), told[columns].to_numpy(dtype=float))
    assert found["departed"].tolist() == told["left"].tolist()
