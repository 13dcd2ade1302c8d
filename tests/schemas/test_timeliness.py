"""A source whose edition, years or changes are old never passes as current; one in its rhythm does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cadence import CADENCES
from schemas.timeliness import TimelinessFacts, assess_timeliness

TODAY = date(2026, 11, 26)
DAYS = {name: cadence.fresh_days for name, cadence in CADENCES.items()}


def _facts(cadence, **given_facts):
    usual = {"edition": TODAY - timedelta(days=10), "newest_year": 2025, "changed": TODAY - timedelta(days=10)}
    return TimelinessFacts(cadence, **{**usual, **given_facts})


def _planted():
    """Give 60 sources that are late, stale or frozen, each with the state that is due."""
    for cadence, days in DAYS.items():
        for times, state in (
            (1.6, "late"),
            (2.0, "late"),
            (2.9, "late"),
            (3.1, "stale"),
            (8.0, "stale"),
            (60.0, "stale"),
        ):
            edition = TODAY - timedelta(days=round(times * days))
            yield cadence, {"edition": edition, "changed": edition}, state
        for year, state in ((2023, "late"), (2022, "stale"), (2018, "stale"), (1990, "stale")):
            yield cadence, {"newest_year": year}, state
        for since in (2.1, 3.0, 5.0, 20.0):
            gap = timedelta(days=round(max(since * days, 401)))
            yield cadence, {"changed": TODAY - timedelta(days=10) - gap}, "frozen"
        yield cadence, {"edition": None}, "stale"


PLANTED = list(_planted())


def test_there_are_enough_planted():
    assert len(PLANTED) >= 50


@pytest.mark.parametrize(("cadence", "facts", "state"), PLANTED)
def test_planted_source_is_not_current(cadence, facts, state):
    found, reason = assess_timeliness(_facts(cadence, **facts), TODAY)
    assert found == state
    assert reason


@pytest.mark.parametrize("cadence", DAYS)
def test_source_in_its_rhythm_is_current(cadence):
    assert assess_timeliness(_facts(cadence), TODAY) == ("current", "")
    edge = TODAY - timedelta(days=int(1.5 * DAYS[cadence]))
    assert assess_timeliness(_facts(cadence, edition=edge, changed=edge), TODAY) == ("current", "")


def test_an_edition_of_2020_is_stale_on_the_day_it_arrives():
    found, reason = assess_timeliness(_facts("quarterly", edition=date(2020, 10, 1), newest_year=2019), TODAY)
    assert found == "stale"
    assert "2020-10-01" in reason


def test_without_a_rhythm_nothing_is_said():
    assert assess_timeliness(_facts("as they come", edition=date(1999, 1, 1)), TODAY) == ("no rhythm", "")


def test_a_publisher_asked_more_often_than_it_publishes():
    edition = date(2026, 7, 13)
    facts = _facts("monthly", edition=edition, changed=edition)
    assert assess_timeliness(facts, TODAY)[0] == "stale"
    asked_often = _facts("monthly", edition=edition, changed=edition, edition_days=120)
    assert assess_timeliness(asked_often, TODAY)[0] == "current"


@given(
    st.sampled_from(sorted(DAYS)), st.integers(0, 5000), st.integers(0, 40), st.integers(0, 5000), st.integers(1, 2000)
)
def test_time_only_makes_worse(cadence, age, years, unchanged, later):
    """The same facts seen later are never more timely, except that a frozen series may also become stale."""
    edition = TODAY - timedelta(days=age)
    facts = _facts(cadence, edition=edition, newest_year=2026 - years, changed=edition - timedelta(days=unchanged))
    worse = {"current": 0, "late": 1, "frozen": 2, "stale": 3}
    now, then = (assess_timeliness(facts, day)[0] for day in (TODAY, TODAY + timedelta(days=later)))
    assert worse[then] >= worse[now]
