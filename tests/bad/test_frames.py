"""Each check of the first two gates and of the targets catches its violation and passes its near miss."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from schemas.observation import REJECT
from schemas.rejecting import COVERAGE
from schemas.source import Reading, Scope, Series
from schemas.sources import world_bank
from schemas.suites import received, resolution, stored
from schemas.suites.resolution import Promise
from tests.conftest import observations

COUNT = {"indicator": "fixed_broadband_subscriptions", "unit": "subscriptions"}
BOUNDS = {"internet_users": (0.0, 100.0), "fixed_broadband_subscriptions": (0.0, None)}
Rows = list[dict[str, Any]]
STORED: dict[str, tuple[Rows, Rows]] = {
    "stored_key_unique": ([{"value": 50}, {"value": 51}], [{"value": 50}, {"value": 51, "sex": "F"}]),
    "stored_year_possible": ([{"time_period": "2027"}], [{"time_period": "2026"}]),
    "stored_indicator_known": ([{"indicator": "internet_user"}], [{"indicator": "internet_users"}]),
    "stored_ref_area_known": ([{"ref_area": "SEM"}], [{"ref_area": "SEN"}]),
    "stored_sex_known": ([{"sex": "f"}], [{"sex": "F"}]),
    "stored_age_known": ([{"age": "Y_GE1"}], [{"age": "Y_GE15"}]),
    "stored_urbanisation_known": ([{"urbanisation": "u"}], [{"urbanisation": "U"}]),
    "stored_breakdown_known": ([{"breakdown": "4g"}], [{"breakdown": "4G"}]),
    "stored_unit_known": ([{"unit": "percents"}], [{"unit": "percent_of_population"}]),
    "stored_obs_status_known": ([{"obs_status": "a"}], [{"obs_status": "A"}]),
    "stored_value_not_below_bound": ([{"value": -0.01}], [{"value": 0}]),
    "stored_value_not_above_bound": ([{"value": 100.01}], [{"value": 100}]),
    "stored_count_whole": ([{**COUNT, "value": 310.5}], [{**COUNT, "value": 310}]),
    "stored_count_rounded": ([{**COUNT, "value": 31_000.5}], [{**COUNT, "value": 31_000}]),
}
REASONS = (
    "unmapped_area",
    "not_a_number",
    "unknown_code",
    "bad_period",
    "repeated",
    "censored",
    "left_out",
    "out_of_bounds",
    "unknown_status",
    "unknown_dimension",
    "unit_mismatch",
    "unknown_action",
    "no_figure",
    "count_with_fraction",
    "impossible_year",
    "unknown_indicator",
)
CONTRACT = replace(world_bank.SOURCE, economies=2, first_year=1990)


def _stored(table):
    return {one.check.id for one in stored.check("made_up", table, BOUNDS, 2026) if not one.passed}


def _reading(rows, *reasons):
    usual = {"source": "made_up", "snapshot": "0", "record": "row:9", "detail": "x", "series_code": "NET"}
    rejects = pa.Table.from_pylist([{**usual, "reason": reason} for reason in reasons], schema=REJECT)
    return Reading(observations(*rows), rejects, "2021-01-01", (Scope("made_up", "NET"),))


def _received(reading, asked=()):
    results = [*received.check("made_up", reading, asked, CONTRACT), *received.check_set_aside("made_up", reading)]
    return {one.check.id for one in results if not one.passed}


def _costing(**given):
    usual = {"series_code": "NET", "economies": 1, "lost": 0, "totals": 1, "totals_lost": 0}
    return pa.Table.from_pylist([{**usual, **given}], schema=COVERAGE)


GOOD = [{"time_period": "1990"}, {"ref_area": "GHA", "time_period": "1990"}]
RECEIVED = {
    "received_figures_present": (_reading(GOOD), [Series("x", "GONE", "persons")], [Series("x", "NET", "persons")]),
    "received_economies_expected": (_reading(GOOD[:1]), [], []),
    "received_first_year_expected": (_reading([*GOOD, {"time_period": "1989"}]), [], []),
    "received_set_aside": (_reading(GOOD, "tile_no_economy", "tile_impossible", "doubtful_day"), [], []),
    "received_cost": (replace(_reading(GOOD), coverage=_costing(lost=1)), [], []),
}


def test_every_check_of_the_frames_has_a_case():
    told = {one.check.id for one in stored.check("made_up", observations({}), BOUNDS, 2026)}
    assert told == set(STORED) | {"stored_columns"}
    results = [*received.check("made_up", _reading(GOOD), (), CONTRACT), *received.check_set_aside("m", _reading(GOOD))]
    assert {one.check.id for one in results} == set(RECEIVED) | {f"received_{reason}" for reason in REASONS}


@pytest.mark.parametrize("name", STORED)
def test_the_second_gate(name):
    bad, good = STORED[name]
    assert _stored(observations(*bad)) == {name}
    assert _stored(observations(*good)) == set()


def test_the_second_gate_wants_the_columns():
    assert "stored_columns" in _stored(observations({}).drop_columns(["note"]))


@pytest.mark.parametrize("reason", REASONS)
def test_the_first_gate_tells_each_reject_by_its_reason(reason):
    assert _received(_reading(GOOD, reason)) == {f"received_{reason}"}
    assert _received(_reading(GOOD)) == set()


@pytest.mark.parametrize("name", RECEIVED)
def test_the_first_gate_on_the_answer_as_a_whole(name):
    reading, asked, met = RECEIVED[name]
    assert name in _received(reading, asked)
    assert name not in _received(_reading(GOOD), met)


def _promise(direction, low, high, *values, **given):
    figures = [(f"A{at} 2020", value) for at, value in enumerate(values)]
    return Promise("x", "8", direction, "It is so.", low, high, figures, **given)


@pytest.mark.parametrize(
    ("direction", "low", "high", "kept", "missed"),
    [
        ("at_least", 95.0, None, 95.0, 94.9),
        ("more_than", 50.0, None, 50.1, 50.0),
        ("at_most", None, 2.0, 2.0, 2.1),
        ("within", 0.98, 1.02, 1.02, 1.03),
    ],
)
def test_a_promise_is_kept_or_not_at_its_very_limit(direction, low, high, kept, missed):
    (result,) = resolution.check([_promise(direction, low, high, kept)])
    assert result.passed
    (result,) = resolution.check([_promise(direction, low, high, missed)])
    assert (result.passed, result.holds, result.failing_keys) == (False, False, ("A0 2020",))
    assert f"{missed:g}" in result.examples


def test_a_promise_of_many_economies_names_those_that_miss_it():
    first, second = _promise("at_least", 95.0, None, 96, 20, 97, 30), _promise("at_least", 95.0, None, 96)
    results = resolution.check([first, replace(second, id="y")])
    assert (results[0].rows_checked, results[0].rows_failed) == (4, 2)
    assert [key.split()[0] for key in results[0].failing_keys] == ["A1", "A3"]
    assert results[1].passed


def test_a_promise_without_a_figure_cannot_be_judged_and_says_why():
    (result,) = resolution.check([_promise("at_least", 95.0, None, reason="too few report")])
    assert (result.passed, result.rows_checked, result.examples) == (True, 0, "cannot say: too few report")


def test_the_engine_s_record_carries_paragraph_target_and_direction():
    kept: list[dict[str, object]] = []
    resolution.check([_promise("at_least", 95.0, None, 96, target=95.0)], kept)
    meta = kept[0]["result"]["results"][0]["expectation_config"]["meta"]  # type: ignore[index]
    assert (meta["paragraph"], meta["target"], meta["direction"], meta["severity"]) == ("8", 95.0, "at_least", "info")
