from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import inequality as unequal

WHO = {
    "indicator": "internet_users", "time_period": "2020", "year": 2020, "sex": "_T", "age": "_T", "urbanisation": "_T",
    "breakdown": "_T",
}  # fmt: skip
SHARES = {"internet_users"}


def _values(**figures: float | None) -> pa.Table:
    return pa.Table.from_pylist([{**WHO, "ref_area": area, "value": value} for area, value in figures.items()])


def _people(**counts: float | None) -> pa.Table:
    return pa.Table.from_pylist(
        [{"ref_area": area, "year": 2020, "sex": "_T", "weight": count} for area, count in counts.items()]
    )


def _members(**groups: str) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"grouping": "income", "group_code": group, "ref_area": area, "year": 2020}
            for area, group in ({"ZZZ": "LIC"} | groups).items()
        ]
    )


def _measured(values: pa.Table, people: pa.Table, members: pa.Table | None = None, of: str = "value") -> dict[str, Any]:
    rows = unequal.inequality(values, people, _members() if members is None else members, SHARES).to_pylist()
    (row,) = [one for one in rows if one["of"] == of]
    return row


MEASURES = ("gini", "theil", "theil_between", "theil_within", "variation")


def test_all_equal_is_no_inequality():
    found = _measured(_values(AAA=40.0, BBB=40.0, CCC=40.0), _people(AAA=1, BBB=5, CCC=9))
    assert [found[name] for name in MEASURES] == pytest.approx([0] * 5, abs=1e-12)
    assert (found["mean"], found["economies"], found["reason"]) == (pytest.approx(40), 3, "")


def test_one_economy_alone_is_no_inequality_between_economies():
    found = _measured(_values(AAA=40.0), _people(AAA=7, BBB=3))
    assert [found[name] for name in MEASURES] == [None] * 5
    assert found["reason"].startswith("cannot say: one economy")
    assert (found["mean"], found["coverage"]) == (pytest.approx(40), pytest.approx(0.7))


def test_an_economy_without_people_is_told_and_not_counted():
    with_it = _measured(_values(AAA=10.0, BBB=90.0, CCC=50.0, DDD=5.0), _people(AAA=1, BBB=3, CCC=0))
    without = _measured(_values(AAA=10.0, BBB=90.0), _people(AAA=1, BBB=3))
    assert [with_it[name] for name in MEASURES] == pytest.approx([without[name] for name in MEASURES])
    assert (with_it["economies"], with_it["weightless"]) == (2, 2)


def test_zero_population_everywhere_says_so():
    found = _measured(_values(AAA=10.0, BBB=90.0), _people(AAA=0, BBB=0))
    assert [found[name] for name in ("mean", *MEASURES)] == [None] * 6
    assert (found["reason"], found["coverage"]) == ("cannot say: no economy has both a figure and people", 0.0)


def test_nobody_online_has_no_shares_and_everybody_offline_is_equal():
    values, people = _values(AAA=0.0, BBB=0.0), _people(AAA=1, BBB=3)
    assert _measured(values, people)["reason"] == "cannot say: the mean is zero"
    complement = _measured(values, people, of="complement")
    assert (complement["gini"], complement["mean"]) == (pytest.approx(0), pytest.approx(100))


def test_everybody_online_is_equal_and_nobody_offline_has_no_shares():
    values, people = _values(AAA=100.0, BBB=100.0), _people(AAA=1, BBB=3)
    assert _measured(values, people)["gini"] == pytest.approx(0)
    assert _measured(values, people, of="complement")["reason"] == "cannot say: the mean is zero"


def test_a_share_above_a_hundred_has_no_complement():
    values, people = _values(AAA=101.0, BBB=50.0), _people(AAA=1, BBB=3)
    assert _measured(values, people)["gini"] > 0
    assert "negative" in _measured(values, people, of="complement")["reason"]


def test_the_complement_is_measured_as_what_it_is():
    values, people = _values(AAA=90.0, BBB=80.0), _people(AAA=1, BBB=1)
    offline = _measured(_values(AAA=10.0, BBB=20.0), people)
    found = _measured(values, people, of="complement")
    assert [found[name] for name in MEASURES] == pytest.approx([offline[name] for name in MEASURES])
    assert found["gini"] > 2 * _measured(values, people)["gini"]


def test_only_shares_have_a_complement():
    values = _values(AAA=10.0, BBB=20.0).set_column(0, "indicator", pa.array(["price", "price"]))
    found = unequal.inequality(values, _people(AAA=1, BBB=1), _members(), SHARES)
    assert found["of"].to_pylist() == ["value"]


def test_coverage_is_the_share_of_all_people():
    found = _measured(_values(AAA=10.0, BBB=90.0, CCC=None), _people(AAA=1, BBB=2, CCC=4, DDD=3))
    assert found["coverage"] == pytest.approx(0.3)


def test_two_groups_of_equals_differ_only_between():
    values, people = _values(AAA=10.0, BBB=10.0, CCC=80.0), _people(AAA=1, BBB=2, CCC=3)
    found = _measured(values, people, _members(AAA="LIC", BBB="LIC", CCC="HIC"))
    assert found["theil_within"] == pytest.approx(0, abs=1e-12)
    assert found["theil_between"] == pytest.approx(found["theil"])
    assert found["theil"] > 0.1


def test_an_economy_that_no_group_names_stays_in_the_split():
    values, people = _values(AAA=10.0, BBB=30.0, CCC=80.0), _people(AAA=1, BBB=2, CCC=3)
    members = _members(AAA="LIC", BBB="LIC")
    parts = unequal.contributions(values, people, members, set()).to_pylist()
    assert [part["group_code"] for part in parts] == ["LIC", "OTHER"]
    found = _measured(values, people, members)
    assert sum(part["between"] + part["within"] for part in parts) == pytest.approx(found["theil"])
    assert sum(part["population_share"] for part in parts) == pytest.approx(1)


def test_an_economy_in_two_groups_of_one_grouping_is_refused():
    members = pa.concat_tables([_members(AAA="LIC"), _members(AAA="HIC").slice(1)])
    with pytest.raises(pd.errors.MergeError):
        unequal.inequality(_values(AAA=10.0, BBB=30.0), _people(AAA=1, BBB=2), members, SHARES)


def test_every_series_is_measured_by_itself():
    first, people = _values(AAA=10.0, BBB=90.0), _people(AAA=1, BBB=1)
    later = [{**row, "year": 2021, "time_period": "2021", "value": 50.0} for row in first.to_pylist()]
    both = pa.Table.from_pylist([*first.to_pylist(), *later])
    known = pa.Table.from_pylist([*people.to_pylist(), *({**row, "year": 2021} for row in people.to_pylist())])
    found = unequal.inequality(both, known, _members(), set()).to_pylist()
    assert [row["gini"] for row in found] == pytest.approx([0.4, 0])
    assert [row["year"] for row in found] == [2020, 2021]


ECONOMIES = st.lists(
    st.tuples(st.floats(0.1, 100), st.floats(0.01, 1e6), st.sampled_from("ABC")), min_size=2, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(ECONOMIES)
def test_the_table_agrees_with_the_single_measures_and_the_split_adds_up(economies):
    names = [f"E{number:02d}" for number in range(len(economies))]
    values = _values(**{name: one[0] for name, one in zip(names, economies, strict=True)})
    people = _people(**{name: one[1] for name, one in zip(names, economies, strict=True)})
    members = _members(**{name: one[2] for name, one in zip(names, economies, strict=True)})
    found = _measured(values, people, members)
    y, w = np.array([one[0] for one in economies]), np.array([one[1] for one in economies])
    assert found["gini"] == pytest.approx(unequal.gini(y, w), abs=1e-9)
    assert found["theil"] == pytest.approx(unequal.theil(y, w), abs=1e-9)
    assert found["variation"] == pytest.approx(unequal.variation(y, w), abs=1e-9)
    assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"], abs=1e-9)
    assert -1e-9 <= found["theil_between"] <= found["theil"] + 1e-9


@pytest.mark.parametrize("measure", [unequal.gini, unequal.theil, unequal.variation])
def test_a_measure_does_not_ask_how_large_the_world_is_nor_in_which_unit(measure):
    y, w = np.array([3.0, 7.0, 50.0]), np.array([5.0, 1.0, 2.0])
    assert measure(y, w) == pytest.approx(measure(y * 10, w * 1000))
    assert measure(y, w) > 0
    assert np.isnan(measure(np.zeros(3), w))


def test_no_figures_no_rows_and_no_groups_one_group_of_all():
    assert unequal.inequality(_values(AAA=1.0).slice(0, 0), _people(AAA=1), _members(), SHARES).num_rows == 0
    found = _measured(_values(AAA=1.0, BBB=3.0), _people(AAA=1, BBB=2), _members().slice(0, 0))
    assert (found["grouping"], found["theil_between"]) == ("OTHER", pytest.approx(0, abs=1e-12))
    assert found["theil_within"] == pytest.approx(found["theil"])


def test_people_by_sex_are_not_counted_again():
    whole = _people(AAA=1, BBB=2, CCC=1)
    halves = [{**row, "sex": sex, "weight": row["weight"] / 2} for row in whole.to_pylist() for sex in ("F", "M")]
    both = pa.Table.from_pylist([*whole.to_pylist(), *halves])
    values = _values(AAA=10.0, BBB=90.0)
    assert _measured(values, both) == _measured(values, whole)
    assert _measured(values, both)["coverage"] == pytest.approx(0.75)
