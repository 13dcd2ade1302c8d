from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.aggregate import group_gaps, weighted

MEMBERS = pa.table(
    {
        "group_code": ["G", "G", "G", "LEFT"],
        "ref_area": ["AAA", "BBB", "CCC", "AAA"],
        "valid_from": pa.array([None, None, date(2020, 7, 2), None], pa.date32()),
        "valid_to": pa.array([None, None, None, date(2020, 7, 1)], pa.date32()),
    }
)
ALL_IN = {"internet_users": 0.0}


def _people(**counts: float) -> pa.Table:
    areas = list(counts)
    rows = [
        {"ref_area": area, "year": year, "sex": "_T", "weight": float(counts[area])}
        for area in areas
        for year in (2020, 2021)
    ]
    return pa.Table.from_pylist(rows)


def _values(**rates: float) -> pa.Table:
    rows = [
        {
            "indicator": "internet_users", "time_period": "2020", "year": 2020, "sex": "_T", "age": "_T",
            "urbanisation": "_T", "breakdown": "_T", "ref_area": area, "value": float(rate), "source": "made_up",
            "obs_status": "A",
        }
        for area, rate in rates.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _one(table: pa.Table, group: str = "G") -> dict[str, Any]:
    rows = [row for row in table.to_pylist() if row["group_code"] == group]
    assert len(rows) == 1
    return rows[0]


def test_rates_are_weighted_by_population_and_not_averaged():
    found = _one(weighted(_values(AAA=10, BBB=90), MEMBERS, _people(AAA=900, BBB=100), ALL_IN))
    assert found["value"] == pytest.approx(18)
    assert (found["coverage"], found["reporting"], found["members"]) == (1.0, 2, 2)
    assert (found["areas"], found["sources"]) == (["AAA", "BBB"], ["made_up"])


def test_membership_is_judged_on_the_first_of_july():
    found = weighted(_values(AAA=10, CCC=90), MEMBERS, _people(AAA=1, CCC=1), ALL_IN)
    assert _one(found)["reporting"] == 1
    assert [row for row in found.to_pylist() if row["group_code"] == "LEFT"] == []


def test_too_little_coverage_is_withheld_and_says_how_much_there_is():
    found = _one(weighted(_values(AAA=10), MEMBERS, _people(AAA=300, BBB=700), {"internet_users": 0.5}))
    assert found["value"] is None
    assert found["coverage"] == pytest.approx(0.3)
    assert found["reason"] == "cannot say: figures cover 30% of the group's population, at least 50% is needed"


def test_a_member_without_population_is_counted_and_carries_no_weight():
    found = _one(weighted(_values(AAA=10, BBB=90), MEMBERS, _people(AAA=5), ALL_IN))
    assert (found["value"], found["reporting"], found["members"], found["weightless"]) == (10.0, 1, 2, 1)


def test_estimates_are_told_as_a_share_of_the_weight():
    values = _values(AAA=10, BBB=20).set_column(10, "obs_status", pa.array(["E", "A"]))
    found = _one(weighted(values, MEMBERS, _people(AAA=1, BBB=3), ALL_IN))
    assert found["estimated_share"] == pytest.approx(0.25)


def test_without_a_member_that_reports_there_is_no_row():
    assert weighted(_values(ZZZ=1), MEMBERS, _people(AAA=1), ALL_IN).num_rows == 0


RATES = st.dictionaries(st.sampled_from(["AAA", "BBB"]), st.floats(0, 100), min_size=1)


@settings(max_examples=60, deadline=None)
@given(RATES, st.floats(1, 1e9), st.floats(1, 1e9))
def test_a_mean_lies_between_the_least_and_the_most(rates, first, second):
    found = _one(weighted(_values(**rates), MEMBERS, _people(AAA=first, BBB=second), ALL_IN))
    assert min(rates.values()) - 1e-6 <= found["value"] <= max(rates.values()) + 1e-6


def _pairs(**rates: tuple[float, float]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "indicator": "internet_users", "time_period": "2020", "year": 2020, "ref_area": area,
                "female": float(female), "male": float(male), "source": "made_up",
            }
            for area, (female, male) in rates.items()
        ]
    )  # fmt: skip


def test_a_groups_gap_comes_from_its_rates_and_not_from_a_mean_of_gaps():
    found = _one(group_gaps(_pairs(AAA=(10, 20), BBB=(80, 80)), MEMBERS, _people(AAA=1, BBB=1)))
    assert (found["female"], found["male"]) == (45.0, 50.0)
    assert found["relative_gap_pct"] == pytest.approx(10)
    assert found["weight_basis"] == "total population"


def test_each_sex_is_weighted_by_its_own_population_where_that_is_held():
    people = pa.concat_tables(
        [
            _people(AAA=100, BBB=100),
            pa.Table.from_pylist(
                [
                    {"ref_area": area, "year": 2020, "sex": sex, "weight": weight}
                    for area, sex, weight in [
                        ("AAA", "F", 75.0),
                        ("AAA", "M", 25.0),
                        ("BBB", "F", 25.0),
                        ("BBB", "M", 75.0),
                    ]
                ]
            ),
        ]
    )
    found = _one(group_gaps(_pairs(AAA=(40, 40), BBB=(80, 80)), MEMBERS, people))
    assert (found["female"], found["male"]) == pytest.approx((50, 70))
    assert found["weight_basis"] == "population of that sex"


def test_a_groups_gap_is_withheld_when_too_few_report_both_sexes():
    found = _one(group_gaps(_pairs(AAA=(10, 20)), MEMBERS, _people(AAA=1, BBB=9)))
    assert (found["relative_gap_pct"], found["female"]) == (None, None)
    assert "10% of the group's population" in found["reason"]


@pytest.mark.parametrize(("rule", "value"), [("median", 20.0), ("unweighted_mean", 40.0)])
def test_prices_and_scores_count_each_economy_once(rule, value):
    people = _people(AAA=900, BBB=50, CCC=50)
    members = MEMBERS.filter(pa.array([True, True, False, False]))
    members = pa.concat_tables([members, members.slice(0, 1).set_column(1, "ref_area", [["CCC"]])])
    values = _values(AAA=10, BBB=20, CCC=90)
    found = _one(weighted(values, members, people, ALL_IN, {"internet_users": rule}))
    assert (found["value"], found["method"]) == (pytest.approx(value), rule)
    assert (found["coverage"], found["weight_basis"]) == (1.0, "each economy once")


def test_the_rule_of_one_indicator_leaves_the_others_weighted():
    values = _values(AAA=10, BBB=90)
    other = values.set_column(0, "indicator", pa.array(["price", "price"]))
    found = weighted(
        pa.concat_tables([values, other]), MEMBERS, _people(AAA=900, BBB=100), {"price": 0.0}, {"price": "median"}
    )
    told = {row["indicator"]: row for row in found.to_pylist() if row["group_code"] == "G"}
    assert (told["internet_users"]["value"], told["price"]["value"]) == (pytest.approx(18), pytest.approx(50))


def test_a_frozen_group_says_the_day_of_its_composition():
    members = MEMBERS.slice(0, 1).set_column(0, "group_code", [["LDC_2017"]])
    (found,) = weighted(_values(AAA=10), members, _people(AAA=1), ALL_IN).to_pylist()
    assert found["composition"] == "2017-07-06"
    assert _one(weighted(_values(AAA=10), MEMBERS, _people(AAA=1), ALL_IN))["composition"] == "year"


def test_an_economy_that_changed_groups_counts_in_each_for_its_years():
    members = pa.table(
        {
            "group_code": ["LOW", "HIGH"], "ref_area": ["AAA", "AAA"],
            "valid_from": pa.array([None, date(2020, 7, 1)], pa.date32()),
            "valid_to": pa.array([date(2020, 7, 1), None], pa.date32()),
        }
    )  # fmt: skip
    later = _values(AAA=30)
    later = later.set_column(2, "year", pa.array([2019])).set_column(1, "time_period", pa.array(["2019"]))
    people = pa.Table.from_pylist(
        [{"ref_area": "AAA", "year": year, "sex": "_T", "weight": 1.0} for year in (2019, 2020)]
    )
    found = weighted(pa.concat_tables([_values(AAA=40), later]), members, people, ALL_IN)
    assert {(row["group_code"], row["year"], row["value"]) for row in found.to_pylist()} == {
        ("LOW", 2019, 30.0),
        ("HIGH", 2020, 40.0),
    }
