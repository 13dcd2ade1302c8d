"""Guards: each catches what it is for, and lets the near-miss pass."""

from datetime import datetime

import pytest

from schemas.observation import REJECT
from schemas.source import Reading, Scope
from tests.conftest import observations
from warehouse import guards
from warehouse.history import stage
from warehouse.store import Store

FIRST, SECOND = datetime(2026, 1, 1), datetime(2026, 2, 1)
AREAS = [f"A{number:02d}" for number in range(100)]


def _rows(years=range(2010, 2020), areas=AREAS, value=50.0, **more):
    return [{"ref_area": area, "time_period": str(year), "value": value, **more} for area in areas for year in years]


def _series(*codes, **more):
    areas = AREAS[:10]
    return [
        {**row, "series_code": code, "indicator": code.lower(), **more} for code in codes for row in _rows(areas=areas)
    ]


def _moved_on(*codes):
    return [{**row, "time_period": "2020"} for row in _series(*codes) if row["time_period"] == "2019"]


@pytest.fixture
def inspect(home):
    """Stage one answer after another, and give what the guards say of the second."""

    def run(before, after):
        codes = {row.get("series_code", "NET") for row in [*before, *after]}
        scopes = tuple(Scope("made_up", code) for code in codes)
        with Store(home) as store:
            for moment, rows, edition in ((FIRST, before, "2021-01-01"), (SECOND, after, "2022-01-01")):
                table = observations(*({"edition": edition, **row} for row in rows))
                with store.transaction():
                    stage(store.con, Reading(table, REJECT.empty_table(), edition, scopes), moment, "source revised")
            return {one.guard: one.sentence for one in guards.inspect(store.con, "made_up", SECOND)}

    return run


def test_the_same_answer_again_is_nothing_to_speak_of(inspect):
    assert inspect(_rows(), _rows()) == {}


def test_a_first_answer_is_nothing_to_speak_of(inspect):
    assert inspect([], _rows()) == {}


def test_more_than_half_a_per_cent_that_vanish_are_spoken_of(inspect):
    found = inspect(_rows(), _rows()[6:])
    assert set(found) == {"shrinkage"}
    assert "6 of 1,000 figures vanish (0.6%, limit 0.5%)" in found["shrinkage"]
    assert "A00" in found["shrinkage"]


def test_half_a_per_cent_may_vanish(inspect):
    assert inspect(_rows(), _rows()[5:]) == {}


def test_a_year_that_vanishes_is_spoken_of(inspect):
    found = inspect(_rows(), [row for row in _rows() if row["time_period"] != "2012"])
    assert "the year 2012 vanishes (100 figures)" in found["vanished"]


def test_a_year_of_a_few_figures_may_vanish(inspect):
    few = _rows(years=[1999], areas=AREAS[: guards.YEAR_FIGURES - 1])
    assert inspect([*_rows(), *few], _rows()) == {}


def test_an_indicator_that_vanishes_is_spoken_of_however_small(inspect):
    small = _rows(years=[2015], areas=AREAS[:2], indicator="population", unit="persons", series_code="POP")
    found = inspect([*_rows(), *small], _rows())
    assert "population: the whole indicator vanishes (2 figures)" in found["vanished"]


def test_many_large_revisions_are_spoken_of_with_their_factor(inspect):
    after = [*_rows(areas=AREAS[:6], value=500.0), *_rows(areas=AREAS[6:])]
    found = inspect(_rows(), after)
    assert set(found) == {"revision"}
    assert "60 of 1,000 figures are revised by more than 10%" in found["revision"]
    assert "factor 10" in found["revision"]


@pytest.mark.parametrize(("areas", "value"), [(5, 500.0), (100, 55.0)])
def test_few_large_and_many_small_revisions_pass(inspect, areas, value):
    assert inspect(_rows(), [*_rows(areas=AREAS[:areas], value=value), *_rows(areas=AREAS[areas:])]) == {}


def test_a_newest_year_that_falls_back_is_spoken_of(inspect):
    newest = _rows(years=[2020], areas=AREAS[:3])
    found = inspect([*_rows(), *newest], _rows())
    assert found == {"newest_year": "internet_users: the newest year falls back from 2020 to 2019"}


def test_a_series_that_stands_still_while_the_others_move_on_is_spoken_of(inspect):
    before = _series("AA", "BB", "CC", "DD")
    found = inspect(before, [*before, *_moved_on("AA", "BB", "CC")])
    assert set(found) == {"standstill"}
    assert "series DD stands still at 2019, while 75% of" in found["standstill"]


def test_half_of_the_series_may_move_on_first(inspect):
    before = _series("AA", "BB")
    assert inspect(before, [*before, *_moved_on("AA")]) == {}


def test_what_lies_outside_the_answer_s_scope_does_not_vanish(home):
    with Store(home) as store:
        whole = observations(*({"edition": "2021-01-01", **row} for row in _rows()))
        part = observations(*({"edition": "2022-01-01", **row} for row in _rows(areas=AREAS[:12])))
        scope = Scope("made_up", "NET", tuple(AREAS[:12]))
        for moment, table, scopes, edition in (
            (FIRST, whole, (Scope("made_up", "NET"),), "2021-01-01"),
            (SECOND, part, (scope,), "2022-01-01"),
        ):
            with store.transaction():
                stage(store.con, Reading(table, REJECT.empty_table(), edition, scopes), moment, "source revised")
        assert guards.inspect(store.con, "made_up", SECOND) == []
