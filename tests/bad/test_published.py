"""Each rule of the third gate catches its violation and passes its near miss; no rule is without both."""

import pyarrow as pa
import pytest

from benchmarks.stage import Stage
from schemas.observation import OBSERVATION
from schemas.rules import published
from tests.bad.cases import CASES
from tests.conftest import observation

ELSEWHERE = {"published_latest_is_newest", "published_preferred_unique"}
"""Rules that no observation can break, because a model would have to: tested below with a model that is wrong."""


@pytest.fixture(scope="module")
def stage():
    return Stage()


def _table(rows):
    return pa.Table.from_pylist([{**observation(**row), **_year(row)} for row in rows], schema=OBSERVATION)


def _year(row):
    return {"year": row["year"]} if "year" in row else {}


def _broken(stage, rows, tables, after):
    former = None if after is None else _table(after)
    return stage.put(_table(rows), former, **tables).broken()


def test_every_rule_has_a_violation_and_a_near_miss():
    assert set(published()) == set(CASES) | ELSEWHERE


@pytest.mark.parametrize("name", CASES)
def test_a_rule_catches_its_violation_and_names_the_row(stage, name):
    case = CASES[name]
    found = _broken(stage, case.catches, case.catches_in, case.catches_after)
    assert name in found
    assert found[name].failing_keys[0]
    assert found[name].examples


@pytest.mark.parametrize("name", CASES)
def test_a_rule_passes_its_near_miss(stage, name):
    case = CASES[name]
    assert name not in _broken(stage, case.passes, case.passes_in, case.passes_after)


def test_a_table_of_newest_figures_that_stands_still_is_caught(stage):
    stage.put(_table([{"time_period": "2019"}, {"time_period": "2020"}]))
    assert "published_latest_is_newest" not in stage.broken()
    stage.con.execute("CREATE OR REPLACE TEMP VIEW latest AS FROM observation_preferred WHERE year < 2020")
    assert "published_latest_is_newest" in stage.broken()


def test_a_preferred_series_that_is_spliced_is_caught(stage):
    stage.put(_table([{"source": "one"}, {"source": "two"}]))
    assert "published_preferred_unique" not in stage.broken()
    stage.con.execute("CREATE OR REPLACE TEMP VIEW observation_preferred AS FROM observation")
    assert "published_preferred_unique" in stage.broken()


def test_good_figures_break_no_rule(stage):
    assert _broken(stage, [{}, {"sex": "F", "value": 48.5}, {"sex": "M", "value": 51.5}], {}, None) == {}


@pytest.mark.parametrize("name", published())
def test_a_rule_says_what_it_means_and_what_to_do(name):
    told = published()[name].check
    assert told.meaning.endswith(".")
    assert told.next_step
    assert told.dimension in {"accuracy", "coherence", "completeness", "timeliness", "accessibility"}
    assert told.table
