"""The two clocks through whole refreshes that crash, come again and are rebuilt, against the same simple model."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from flows import settle
from flows.rebuild import rebuild
from flows.run import run_plain
from tests.conftest import write_bundle
from tests.flows.dying import plan_of
from tests.light import FEW_TABLES, ungate
from tests.warehouse.two_clocks import PLACES, YEARS, Answer, Figures, Model, Scope, day, figures
from warehouse import releases
from warehouse.exports.content import REFERENCE
from warehouse.exports.forms import export
from warehouse.exports.selection import Asked
from warehouse.home import Home, parse_vintage, vintage_text
from warehouse.journal import Journal
from warehouse.query import Session, open_release

pytestmark = pytest.mark.slow
READABLE = tuple(dict.fromkeys([*FEW_TABLES, "derivation_history", *REFERENCE]))
"""Tables that an export of a moment reads."""
SOME = st.dictionaries(st.sampled_from(PLACES), st.integers(1, 3).map(float), min_size=1)
SCOPES = st.sampled_from([Scope(), Scope(years=(YEARS[0], YEARS[0]))])


class Crash(Exception):
    """The machine stops here."""


def _before(target: Any, name: str) -> AbstractContextManager[Any]:
    return mock.patch.object(target, name, side_effect=Crash)


def _after(target: Any, name: str) -> AbstractContextManager[Any]:
    real = getattr(target, name)

    def then_stop(*given: Any, **named: Any) -> None:
        real(*given, **named)
        raise Crash

    return mock.patch.object(target, name, then_stop)


CRASHES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "before the journal": lambda: _before(Journal, "write"),
    "before the commit": lambda: _after(Journal, "write"),
    "before the release": lambda: _before(releases, "publish"),
    "before the pointer": lambda: _before(releases, "_point"),
    "before state.json": lambda: _before(settle, "write_atomically"),
}
UNCOMMITTED = ("before the journal", "before the commit")


class Survival(RuleBasedStateMachine):
    """Whole refreshes of one home."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="survival-"))
        self.home = Home(self.place / "home")
        self.model: Model[str] = Model()
        self.light = pytest.MonkeyPatch()
        ungate(self.light.setattr)
        self.light.setattr(settle, "TABLES", READABLE)

    def teardown(self) -> None:
        try:
            if self.model.answers:
                self.everything_is_told_in_every_way()
        finally:
            self.light.undo()
            shutil.rmtree(self.place)

    def refresh(self, answer: Answer) -> None:
        """Refresh with an answer; the model learns of it if the history did."""
        scopes = [{"series_code": "NET", "whole": True, "years": answer.scope.years}]
        folder = self.place / f"{day(answer.edition)}-{len(self.model.answers)}"
        before = self.last_run()
        try:
            run_plain(plan_of(self.home.root, write_bundle(folder, answer.rows(), scopes=scopes), keep=0))
        finally:
            if self.last_run() != before:
                self.model.take(answer, self.last_run())

    def last_run(self) -> str:
        """Give the vintage of the newest run in the history, empty before the first."""
        if not self.home.history.exists():
            return ""
        with duckdb.connect(str(self.home.history), read_only=True) as con:
            if not con.execute("FROM duckdb_tables() WHERE table_name = 'run'").fetchall():
                return ""
            last = con.execute("SELECT max(started) FROM run").fetchall()[0][0]
        return vintage_text(last) if last else ""

    def answer(self, edition: int, said: Figures, scope: Scope) -> Answer:
        made = Answer(edition, said, scope).without_what_it_does_not_speak_of()
        return made if made.figures else Answer(edition, said)

    @rule(said=SOME, scope=SCOPES, later=st.integers(1, 2))
    def a_newer_edition_comes(self, said: Figures, scope: Scope, later: int) -> None:
        self.refresh(self.answer(self.model.newest + later, said, scope))
        self.what_stands_is_told()

    @precondition(lambda self: self.model.answers)
    @rule(said=SOME, scope=SCOPES)
    def the_publisher_corrects_the_newest_edition(self, said: Figures, scope: Scope) -> None:
        self.refresh(self.answer(self.model.newest, said, scope))
        self.what_stands_is_told()

    @precondition(lambda self: self.model.unused_before_newest())
    @rule(value=st.integers(1, 3).map(float))
    def an_older_edition_comes_later(self, value: float) -> None:
        self.refresh(Answer(self.model.unused_before_newest()[0], dict.fromkeys(PLACES, value)))
        self.what_stands_is_told()

    @precondition(lambda self: self.model.answers)
    @rule()
    def the_same_bytes_come_again(self) -> None:
        self.refresh(self.model.last_words()[-1])
        self.what_stands_is_told()

    @rule(said=SOME, where=st.sampled_from(sorted(CRASHES)))
    def a_refresh_crashes(self, said: Figures, where: str) -> None:
        before = self.last_run()
        answer = Answer(self.model.newest + 1, said)
        with CRASHES[where]():
            try:
                self.refresh(answer)
            except Crash:
                assert (self.last_run() == before) == (where in UNCOMMITTED)
        if releases.latest(self.home):
            self.what_was_released_is_told()

    @precondition(lambda self: self.model.answers)
    @rule()
    def the_home_is_rebuilt(self) -> None:
        names = [folder.name for folder in releases.folders(self.home)]
        made = rebuild(self.home)
        assert (made.different, made.mended) == ({}, [])
        assert made.same == names or not names

    def what_stands_is_told(self) -> None:
        with open_release(self.home.root) as session:
            assert _current(session) == self.model.current()
        self.what_was_released_is_told()

    def what_was_released_is_told(self) -> None:
        """The release tells every moment up to its own as the model does."""
        with open_release(self.home.root) as session:
            assert _current(session) == self.model.beliefs[session.release.vintage]
            for moment in sorted(self.model.beliefs)[-3:]:
                if moment <= session.release.vintage:
                    self.one_moment_is_told(session, moment)

    def one_moment_is_told(self, session: Session, moment: str) -> None:
        believed = self.model.beliefs[moment]
        at = parse_vintage(moment).isoformat(sep=" ")
        told = {
            "observations": session.observations("internet_users", as_of=moment, source="made_up"),
            "sql": session.sql("FROM observation WHERE source = 'made_up'", as_of=moment),
            "macro": session.sql(f"FROM main.observation_as_of('{at}') WHERE source = 'made_up'"),
        }
        assert {way: figures(rows.to_pylist()) for way, rows in told.items()} == dict.fromkeys(told, believed), moment

    def everything_is_told_in_every_way(self) -> None:
        self.refresh(self.model.last_words()[-1])
        self.the_home_is_rebuilt()
        first = min(self.model.beliefs)
        release = releases.newest(self.home)
        export(release, "parquet", self.place / "out", Asked(as_of=first))
        exported = pq.read_table(self.place / "out" / "observation").to_pylist()
        assert figures(row for row in exported if row["source"] == "made_up") == self.model.beliefs[first]
        for edition in range(1, self.model.newest + 1):
            with open_release(self.home.root) as session:
                said = session.sql("FROM observation WHERE source = 'made_up'", edition_as_of=day(edition))
            assert figures(said.to_pylist()) == self.model.said_by(edition)
        with open_release(self.home.root) as session:
            for moment in self.model.beliefs:
                self.one_moment_is_told(session, moment)


def _current(session: Session) -> Figures:
    return figures(session.rows("FROM observation WHERE source = 'made_up'"))


TestSurvival = Survival.TestCase
TestSurvival.settings = settings(
    max_examples=2,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
