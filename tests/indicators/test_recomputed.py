"""A publisher's groups against ours: the difference is split, and what nothing explains is said to be so."""

from datetime import date

import pyarrow as pa
import pytest

from indicators.recomputed import compared

MEMBERS = pa.table(
    {
        "group_code": ["G", "G", "G"],
        "ref_area": ["AAA", "BBB", "CCC"],
        "valid_from": pa.array([None, None, None], pa.date32()),
        "valid_to": pa.array([None, None, date(2022, 1, 1)], pa.date32()),
    }
)


def _compared(published, **rates):
    values = [
        {
            "indicator": "x", "time_period": "2020", "year": 2020, "sex": "_T", "age": "_T", "urbanisation": "_T",
            "breakdown": "_T", "ref_area": area, "value": float(rate), "source": "s", "obs_status": "A",
        }
        for area, rate in rates.items()
    ]  # fmt: skip
    people = [
        {"ref_area": area, "year": 2020, "sex": "_T", "weight": weight}
        for area, weight in (("AAA", 60.0), ("BBB", 40.0), ("CCC", 100.0))
    ]
    given = pa.table({"group_code": ["G"], "year": [2020], "value": [float(published)]})
    (row,) = compared(given, pa.Table.from_pylist(values), MEMBERS, pa.Table.from_pylist(people), "x").to_dict(
        "records"
    )
    return row


def test_a_publisher_that_groups_by_todays_members_is_explained_by_membership():
    found = _compared(26, AAA=20, BBB=35, CCC=80)
    assert (found["ours"], found["today"]) == (pytest.approx(53), pytest.approx(26))
    assert (found["difference"], found["membership"], found["rest"]) == (
        pytest.approx(-27),
        pytest.approx(-27),
        pytest.approx(0),
    )
    assert found["why"] == "membership"


def test_an_economy_without_a_figure_explains_what_its_figure_can():
    found = _compared(30, AAA=20, CCC=20)
    assert found["needed"] == pytest.approx(45)  # 0.6 · 20 + 0.4 · 45 = 30
    assert found["why"] == "economies without a figure"


def test_what_no_possible_figure_explains_is_not_explained():
    found = _compared(80, AAA=20, CCC=20)
    assert found["needed"] > 100
    assert found["why"] == "not explained"
    assert (found["largest"], found["largest_needed"]) == ("AAA", pytest.approx(80))


def test_a_difference_within_a_point_needs_no_explanation():
    assert _compared(53.9, AAA=20, BBB=35, CCC=80)["why"] == ""
