"""The two clocks against a simple model: whatever came in whatever order, every past moment is told as it was."""

import hashlib
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas import source
from schemas.observation import REJECT
from schemas.source import Reading
from tests.conftest import observations
from tests.warehouse.two_clocks import AREAS, PLACES, YEARS, Answer, Figures, Model, Scope, day, figures
from warehouse import asking, models, releases
from warehouse.history import stage
from warehouse.home import Home
from warehouse.query import fetch_rows
from warehouse.store import Store

VALUES = st.integers(1, 2).map(float)
SOME = st.dictionaries(st.sampled_from(PLACES), VALUES, max_size=len(PLACES))
SCOPES = st.one_of(
    st.just(Scope()),
    st.builds(Scope, st.lists(st.sampled_from(AREAS), min_size=1, unique=True).map(tuple)),
    st.builds(Scope, years=st.sampled_from(YEARS).map(lambda year: (year, year))),
)


def reading(answer: Answer) -> Reading:
    """Give an answer as `stage` takes it; other bytes have another hash."""
    scope = source.Scope("made_up", "NET", answer.scope.areas, answer.scope.years)
    snapshot = hashlib.sha256(repr(answer).encode()).hexdigest()
    table = observations(*({**row, "snapshot": snapshot} for row in answer.rows()))
    return Reading(table, REJECT.empty_table(), day(answer.edition), (scope,))


class Clocks(RuleBasedStateMachine):
    """Answers of one publisher in any order, at the level of the history."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="two-clocks-"))
        self.store = Store(Home(self.place)).__enter__()
        self.vintage = datetime(2026, 1, 1)
        self.model: Model[datetime] = Model()

    def teardown(self) -> None:
        try:
            self.every_past_moment_is_told_by_a_release()
            self.every_edition_is_told_by_a_release()
        finally:
            self.store.con.close()
            shutil.rmtree(self.place)

    def take(self, answer: Answer) -> None:
        answer = answer.without_what_it_does_not_speak_of()
        self.vintage += timedelta(days=1)
        with self.store.transaction():
            stage(self.store.con, reading(answer), self.vintage, "source revised")
        self.model.take(answer, self.vintage)

    @rule(said=SOME, scope=SCOPES, later=st.integers(1, 3))
    def a_newer_edition_comes(self, said: Figures, scope: Scope, later: int) -> None:
        self.take(Answer(self.model.newest + later, said, scope))

    @precondition(lambda self: self.model.current())
    @rule(later=st.integers(1, 3))
    def a_newer_edition_repeats_everything(self, later: int) -> None:
        self.take(Answer(self.model.newest + later, self.model.current()))

    @precondition(lambda self: self.model.current())
    @rule(place=st.sampled_from(PLACES), value=VALUES)
    def a_newer_edition_revises_one_figure(self, place: tuple[str, int], value: float) -> None:
        self.take(Answer(self.model.newest + 1, {**self.model.current(), place: value}))

    @precondition(lambda self: self.model.current())
    @rule(chance=st.randoms(use_true_random=False))
    def a_newer_edition_leaves_one_out(self, chance) -> None:
        standing = self.model.current()
        del standing[chance.choice(sorted(standing))]
        self.take(Answer(self.model.newest + 1, standing))

    @precondition(lambda self: self.model.answers)
    @rule(said=SOME, scope=SCOPES)
    def the_publisher_corrects_the_newest_edition(self, said: Figures, scope: Scope) -> None:
        self.take(Answer(self.model.newest, said, scope))

    @precondition(lambda self: self.model.unused_before_newest())
    @rule(said=SOME, scope=SCOPES, chance=st.randoms(use_true_random=False))
    def an_older_edition_comes_later(self, said: Figures, scope: Scope, chance) -> None:
        self.take(Answer(chance.choice(self.model.unused_before_newest()), said, scope))

    @precondition(lambda self: self.model.answers)
    @rule(chance=st.randoms(use_true_random=False))
    def the_same_bytes_come_again(self, chance) -> None:
        before = self.held(self.vintage)
        self.take(chance.choice(self.model.last_words()))
        assert self.held(self.vintage) == before

    @rule(said=SOME)
    def the_machine_stops_in_the_middle(self, said: Figures) -> None:
        with pytest.raises(ZeroDivisionError):
            self.stop_in_the_middle(Answer(self.model.newest + 1, said))

    def stop_in_the_middle(self, answer: Answer) -> None:
        with self.store.transaction():
            stage(self.store.con, reading(answer), self.vintage + timedelta(days=1), "source revised")
            raise ZeroDivisionError

    @invariant()
    def what_is_current_is_what_the_model_says(self) -> None:
        rows = fetch_rows(self.store.con, "SELECT * FROM store.history WHERE vintage_to IS NULL")
        assert len(rows) == len(self.model.current())
        assert figures(rows) == self.model.current()

    def held(self, moment: datetime) -> Figures:
        """Give what the history says was held."""
        query = "FROM store.history WHERE vintage_from <= ? AND (vintage_to IS NULL OR vintage_to > ?)"
        return figures(fetch_rows(self.store.con, query, [moment, moment]))

    def release(self) -> duckdb.DuckDBPyConnection:
        """Give a release of the history, without its file: the table, the view and the macro that readers ask."""
        history = self.store.con.execute("FROM store.history").to_arrow_table()
        con = duckdb.connect()
        con.register("rows_in", history)
        con.execute("CREATE TABLE observation_history AS FROM rows_in")
        con.execute(f"CREATE VIEW observation AS {models.text('observation')}")
        con.execute(releases.AS_OF)
        return con

    def every_past_moment_is_told_by_a_release(self) -> None:
        with self.release() as con:
            for moment, believed in self.model.beliefs.items():
                asking.set_clock(con, moment.isoformat(), None)
                assert figures(fetch_rows(con, "FROM observation")) == believed, moment

    def every_edition_is_told_by_a_release(self) -> None:
        with self.release() as con:
            for edition in range(1, self.model.newest + 2):
                asking.set_clock(con, None, day(edition))
                assert figures(fetch_rows(con, "FROM observation")) == self.model.said_by(edition), day(edition)


TestClocks = Clocks.TestCase
TestClocks.settings = settings(
    max_examples=50,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
