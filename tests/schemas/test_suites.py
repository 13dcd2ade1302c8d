"""Each check catches what it is there for, and lets good figures pass."""

from dataclasses import replace

import pyarrow as pa
import pytest

from schemas.observation import REJECT
from schemas.rejecting import COVERAGE
from schemas.source import Reading, Scope, Series
from schemas.sources import world_bank
from schemas.suites import received, stored
from tests.conftest import observations

BOUNDS = {"internet_users": (0.0, 100.0), "population": (0.0, None), "internet_gender_gap": (None, 100.0)}


def _failed(*rows):
    return {
        result.check.id: result
        for result in stored.check("made_up", observations(*rows), BOUNDS, 2026)
        if not result.passed
    }


def test_good_figures_pass_every_check():
    assert _failed({}, {"sex": "F"}, {"indicator": "population", "value": 8e9, "unit": "persons"}) == {}


def test_no_figure_at_all_passes():
    assert all(result.passed for result in stored.check("made_up", observations(), BOUNDS, 2026))


CASES: dict[str, list[dict[str, object]]] = {
    "stored_key_unique": [{"value": 50}, {"value": 51}],
    "stored_year_possible": [{"time_period": "2027"}],
    "stored_indicator_known": [{"indicator": "happiness"}],
    "stored_ref_area_known": [{"ref_area": "ZZZ"}],
    "stored_sex_known": [{"sex": "female"}],
    "stored_age_known": [{"age": "15+"}],
    "stored_urbanisation_known": [{"urbanisation": "city"}],
    "stored_breakdown_known": [{"breakdown": "6G"}],
    "stored_unit_known": [{"unit": "%"}],
    "stored_obs_status_known": [{"obs_status": "?"}],
    "stored_count_whole": [{"indicator": "population", "unit": "persons", "value": 310.5}],
    "stored_count_rounded": [{"indicator": "population", "unit": "persons", "value": 2364656.07}],
    "stored_value_not_below_bound": [{"value": -1}],
    "stored_value_not_above_bound": [{"value": 140}],
}


@pytest.mark.parametrize("check", CASES)
def test_each_check_catches_its_case_and_names_the_row(check):
    failed = _failed({"ref_area": "GHA"}, *CASES[check])
    assert set(failed) == {check}
    result = failed[check]
    assert result.holds is (check != "stored_count_rounded")
    assert result.rows_failed == len(CASES[check])
    assert "row:1" in result.examples


def test_a_year_before_all_series_is_a_misread_column():
    assert "stored_year_possible" in _failed({"time_period": "1900"})


def test_columns_that_are_missing_are_found():
    table = observations({}).drop_columns(["note"])
    failed = {result.check.id for result in stored.check("made_up", table, BOUNDS, 2026) if not result.passed}
    assert "stored_columns" in failed


def _reading(rejects: list[dict[str, str]]) -> Reading:
    usual = {"source": "made_up", "snapshot": "0", "record": "row:9", "detail": "x", "series_code": "NET"}
    table = pa.Table.from_pylist([{**usual, **one} for one in rejects], schema=REJECT)
    return Reading(observations({}), table, "2021-01-01")


@pytest.mark.parametrize(
    ("reason", "holds"),
    [
        ("unmapped_area", False),
        ("not_a_number", False),
        ("bad_period", False),
        ("unknown_dimension", False),
        ("unknown_status", False),
        ("unit_mismatch", False),
        ("repeated", False),
        ("left_out", False),
    ],
)
def test_rejects_hold_the_source_or_are_told(reason, holds):
    results = received.check("made_up", _reading([{"reason": reason}]))
    failed = [result for result in results if not result.passed]
    assert [result.check.id for result in failed] == [f"received_{reason}"]
    assert failed[0].holds is holds
    assert "row:9" in failed[0].examples


def _coverage(economies, lost, totals=0, totals_lost=0):
    row = {"series_code": "NET", "economies": economies, "lost": lost, "totals": totals, "totals_lost": totals_lost}
    return replace(_reading([]), coverage=pa.Table.from_pylist([row], schema=COVERAGE))


@pytest.mark.parametrize(
    ("reading", "holds"),
    [
        (_coverage(200, 2), False), (_coverage(200, 40), False), (_coverage(200, 41), True), (_coverage(4, 2), False),
        (_coverage(10, 3), True), (_coverage(2, 2), True), (_coverage(9, 0, 9, 9), True),
        (_coverage(9, 1, 9, 8), False),
    ],
)  # fmt: skip
def test_what_is_not_understood_holds_an_answer_only_where_it_costs_much(reading, holds):
    failed = [result.check.id for result in received.check("made_up", reading) if result.holds]
    assert failed == (["received_cost"] if holds else [])


def test_the_command_that_takes_a_code_in_is_named_as_typed():
    rejects = [{"reason": "unmapped_area", "detail": "ZZZ"}, {"reason": "unknown_code", "detail": "age=30-49"},
               {"reason": "unknown_dimension", "detail": "Disability status=PD"}]  # fmt: skip
    found = {one.check.id: one for one in received.check("unsd_sdg", _reading(rejects)) if not one.passed}
    assert "ictdev map unsd_sdg area ZZZ=OURS --why TEXT" in found["received_unmapped_area"].sentence()
    assert found["received_unknown_code"].check.next_step == "ictdev map unsd_sdg age 30-49=OURS --why TEXT"
    typed = "ictdev map unsd_sdg 'Disability status' PD=_T --why TEXT"
    assert found["received_unknown_dimension"].check.next_step == typed


def test_a_series_that_came_without_figures_holds_the_source():
    asked = [Series("internet_users", "NET", "percent_of_population"), Series("population", "POP", "persons")]
    failed = [result for result in received.check("made_up", _reading([]), asked) if not result.passed]
    assert [result.check.id for result in failed] == ["received_figures_present"]
    assert "POP" in failed[0].examples


def test_a_whole_answer_is_held_against_what_its_publisher_usually_sends():
    contract = replace(world_bank.SOURCE, economies=2, first_year=1990)
    figures = observations({"source": "world_bank", "time_period": "1985"})
    code = figures["series_code"][0].as_py()
    whole = Reading(figures, REJECT.empty_table(), "2026-01-01", (Scope("world_bank", code),))
    failed = {one.check.id: one for one in received.check("world_bank", whole, (), contract) if not one.passed}
    assert set(failed) == {"received_economies_expected", "received_first_year_expected"}
    assert not any(one.holds for one in failed.values())
    part = replace(whole, scopes=(Scope("world_bank", code, ("SEN",)),))
    assert all(one.passed for one in received.check("world_bank", part, (), contract))
    assert all(one.passed for one in received.check("world_bank", whole))


def test_a_suite_is_made_once_for_all_answers():
    first = stored._suite(2026, tuple(sorted(BOUNDS)))
    stored.check("made_up", observations({}), BOUNDS, 2026)
    engine_suite = first.engine_suite
    stored.check("another", observations({"value": 140}), BOUNDS, 2026)
    assert stored._suite(2026, tuple(sorted(BOUNDS))) is first
    assert first.engine_suite is engine_suite
    assert stored._suite(2027, tuple(sorted(BOUNDS))) is not first


def test_one_frame_leaves_nothing_behind_for_the_next():
    assert set(_failed({"value": 140})) == {"stored_value_not_above_bound"}
    assert _failed({}) == {}
    assert set(_failed({"value": -1})) == {"stored_value_not_below_bound"}
