"""History: what each reading changes, on both clocks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.observation import REJECT
from schemas.rejecting import UNREAD
from schemas.source import Reading, Scope
from tests.conftest import observations
from warehouse.history import Changes, stage
from warehouse.home import Home
from warehouse.query import fetch_rows
from warehouse.store import Store

START = datetime(2026, 1, 1)
ALL = (Scope("made_up", "NET"),)


def _reading(*rows, edition="2021-01-01", scopes=ALL) -> Reading:
    table = observations(*({"edition": edition, **row} for row in rows))
    return Reading(table, REJECT.empty_table(), edition, scopes)


@pytest.fixture
def store(home):
    with Store(home) as opened:
        yield opened


class Clock:
    """Stages one reading after another, each at a later vintage."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.vintage = START

    def take(self, reading: Reading) -> Changes:
        self.vintage += timedelta(days=1)
        with self.store.transaction():
            return stage(self.store.con, reading, self.vintage, "source revised")

    def held(self, moment: datetime | None = None) -> list[tuple[str, float]]:
        """Give (area, value) of what was current at a moment."""
        at = moment or self.vintage
        rows = fetch_rows(
            self.store.con,
            "SELECT ref_area, value FROM store.history WHERE vintage_from <= ? "
            "AND (vintage_to IS NULL OR vintage_to > ?) ORDER BY ALL",
            [at, at],
        )
        return [(row["ref_area"], row["value"]) for row in rows]

    def versions(self) -> list[dict[str, Any]]:
        return fetch_rows(self.store.con, "SELECT * FROM store.history ORDER BY edition_date, vintage_from, value")


@pytest.fixture
def clock(store):
    return Clock(store)


def test_new_figures_open(clock):
    assert clock.take(_reading({}, {"ref_area": "GHA"})) == Changes(added=2)
    assert clock.versions()[0]["cause_from"] == "source added"


def test_the_same_reading_again_writes_nothing(clock):
    reading = _reading({}, {"ref_area": "GHA"})
    clock.take(reading)
    before = clock.versions()
    again = clock.take(reading)
    assert again == Changes(unchanged=2)
    assert not again.any
    assert clock.versions() == before


def test_a_newer_edition_with_another_value_is_a_revision(clock):
    clock.take(_reading({"value": 49.72}))
    assert clock.take(_reading({"value": 46.3}, edition="2022-01-01")) == Changes(revised=1)
    old, new = clock.versions()
    assert (old["value"], old["vintage_to"], old["cause_to"]) == (49.72, clock.vintage, "source revised")
    assert (new["value"], new["vintage_from"], new["vintage_to"]) == (46.3, clock.vintage, None)


def test_a_newer_edition_that_repeats_a_figure_is_noted_on_it(clock):
    clock.take(_reading({}))
    change = clock.take(_reading({}, edition="2022-01-01"))
    assert change == Changes(confirmed=1)
    assert change.any
    (row,) = clock.versions()
    assert (row["edition"], row["edition_seen"]) == ("2021-01-01", "2022-01-01")


def test_a_figure_that_a_whole_answer_left_out_is_closed(clock):
    clock.take(_reading({}, {"ref_area": "GHA"}))
    assert clock.take(_reading({}, edition="2022-01-01")).removed == 1
    assert clock.held() == [("SEN", 50.0)]
    closed = [row for row in clock.versions() if row["vintage_to"]]
    assert [(row["ref_area"], row["cause_to"]) for row in closed] == [("GHA", "source removed")]


@pytest.mark.parametrize(
    "scope",
    [
        Scope("made_up", "NET", areas=("SEN",)),
        Scope("made_up", "NET", years=(2021, 2024)),
        Scope("made_up", "OTHER"),
        Scope("another", "NET"),
    ],
)
def test_what_an_answer_does_not_speak_of_stays(clock, scope):
    clock.take(_reading({}, {"ref_area": "GHA"}))
    change = clock.take(_reading({"value": 51}, edition="2022-01-01", scopes=(scope,)))
    assert (change.revised, change.removed) == (1, 0)
    assert clock.held() == [("GHA", 50.0), ("SEN", 51.0)]


def test_a_figure_that_comes_back_opens_anew(clock):
    clock.take(_reading({}, {"ref_area": "GHA"}))
    clock.take(_reading({}, edition="2022-01-01"))
    assert clock.take(_reading({}, {"ref_area": "GHA"}, edition="2023-01-01")).added == 1
    assert clock.held() == [("GHA", 50.0), ("SEN", 50.0)]


def test_an_older_edition_taken_in_later_never_becomes_current(clock):
    clock.take(_reading({"value": 46.3}, edition="2026-07-13"))
    believed = clock.vintage
    change = clock.take(_reading({"value": 49.72}, edition="2020-03-18"))
    assert change == Changes(older=1)
    assert clock.held() == clock.held(believed) == [("SEN", 46.3)]
    old = clock.versions()[0]
    assert (old["value"], old["vintage_from"] == old["vintage_to"]) == (49.72, True)
    assert clock.take(_reading({"value": 49.72}, edition="2020-03-18")) == Changes()


def test_an_older_edition_does_not_bring_back_what_the_newer_one_dropped(clock):
    clock.take(_reading({}, edition="2026-07-13"))
    change = clock.take(_reading({}, {"ref_area": "GHA"}, edition="2020-03-18"))
    assert (change.added, change.older) == (0, 1)
    assert clock.held() == [("SEN", 50.0)]


def test_an_older_edition_that_said_the_same_is_the_first_to_have_said_it(clock):
    clock.take(_reading({}, edition="2026-07-13"))
    clock.take(_reading({}, edition="2020-03-18"))
    (row,) = clock.versions()
    assert (row["edition"], row["edition_seen"]) == ("2020-03-18", "2026-07-13")


def test_digits_lost_in_print_are_no_revision(clock):
    clock.take(_reading({"value": 56.8283004812345}))
    assert clock.take(_reading({"value": 56.82830048}, edition="2022-01-01")) == Changes(confirmed=1)


@pytest.mark.parametrize("change", [{"obs_status": "E"}, {"note": "new survey"}, {"value": 50.01}])
def test_another_status_note_or_value_is_a_revision(clock, change):
    clock.take(_reading({}))
    assert clock.take(_reading(change, edition="2022-01-01")).revised == 1


def test_a_correction_within_one_edition_is_a_revision(clock):
    clock.take(_reading({}))
    assert clock.take(_reading({"value": 51})).revised == 1


def test_an_empty_reading_that_speaks_of_nothing_changes_nothing(clock):
    clock.take(_reading({}))
    assert clock.take(_reading(scopes=())) == Changes()
    assert clock.held() == [("SEN", 50.0)]


def test_an_empty_reading_that_speaks_of_everything_closes_it(clock):
    clock.take(_reading({}))
    assert clock.take(_reading()) == Changes(removed=1)
    assert clock.held() == []


def test_a_failure_in_the_middle_leaves_history_as_it_was(clock):
    clock.take(_reading({}))
    before = clock.versions()
    revision = _reading({"value": 99}, edition="2022-01-01")

    def break_off():
        with clock.store.transaction():
            stage(clock.store.con, revision, datetime(2027, 1, 1), "source revised")
            raise RuntimeError("the machine lost power")

    with pytest.raises(RuntimeError):
        break_off()
    assert clock.versions() == before


STEP = st.tuples(
    st.integers(2015, 2024),
    st.dictionaries(st.sampled_from(["SEN", "GHA", "MLI"]), st.integers(1, 5).map(float), min_size=1),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=5))
def test_what_was_held_then_is_what_is_told_now(tmp_path_factory, steps):
    """However editions arrive: yesterday's belief never changes, and the newest edition is what stands."""
    with Store(Home(tmp_path_factory.mktemp("home"))) as store:
        clock = Clock(store)
        beliefs = []
        for year, figures in steps:
            rows = [{"ref_area": area, "value": value} for area, value in figures.items()]
            clock.take(_reading(*rows, edition=f"{year}-01-01"))
            beliefs.append((clock.vintage, clock.held()))
            assert beliefs == [(moment, clock.held(moment)) for moment, _ in beliefs]
        newest = max(year for year, _ in steps)
        last = next(figures for year, figures in reversed(steps) if year == newest)
        assert clock.held() == sorted(last.items())


WITHDRAWN = (Scope("made_up", "NET", ("SEN",), (2020, 2020), ("2020", "_T", "_T", "_T", "_T")),)


def test_a_withdrawal_by_name_removes_that_figure_only(clock):
    clock.take(_reading({}, {"sex": "F", "value": 45.0}, {"ref_area": "GHA", "value": 40.0}, scopes=()))
    later = replace(_reading(edition="2022-01-01", scopes=()), withdrawn=WITHDRAWN)
    assert clock.take(later).removed == 1
    assert clock.held() == [("GHA", 40.0), ("SEN", 45.0)]
    assert [one["cause_to"] for one in clock.versions() if one["vintage_to"]] == ["source removed"]
    assert not clock.take(later).any


def test_an_older_edition_does_not_bring_back_what_a_newer_one_withdrew(clock):
    clock.take(replace(_reading(edition="2022-01-01", scopes=()), withdrawn=WITHDRAWN))
    clock.take(_reading({}, {"sex": "F", "value": 45.0}, scopes=()))
    assert clock.held() == [("SEN", 45.0)]


def test_a_figure_whose_record_was_set_aside_is_not_proved_to_be_gone(clock):
    clock.take(_reading({}, {"ref_area": "GHA", "value": 40.0}, {"ref_area": "MLI", "value": 30.0}))
    place = {"series_code": "NET", "ref_area": "GHA", "time_period": "2020"}
    unread = pa.Table.from_pylist([place], schema=UNREAD)
    clock.take(replace(_reading({}, edition="2022-01-01"), unread=unread))
    assert clock.held() == [("GHA", 40.0), ("SEN", 50.0)]
