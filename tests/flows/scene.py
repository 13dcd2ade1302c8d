"""A home in which refreshes die: what stood before, what must still stand afterwards, and the next run."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.plan import Plan
from flows.rebuild import rebuild
from tests.conftest import write_bundle
from tests.flows import dying
from tests.flows.dying import Fate
from warehouse import releases, verify
from warehouse.home import Home
from warehouse.lock import exclusive
from warehouse.query import Session, open_release

AREAS = ("SEN", "GHA", "MLI", "TGO", "BEN", "NER")
_HELD = "SELECT ref_area, sex, value FROM observation_as_of(TIMESTAMP '{}') WHERE source = 'made_up' ORDER BY ALL"
_VERSIONS = (
    "SELECT source, indicator, ref_area, time_period, sex, value, vintage_from "
    "FROM observation_history WHERE source = 'made_up'"
)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Belief:
    """What a release says: every version it holds, and what was held at every moment that it knows."""

    vintage: str
    versions: frozenset[Row]
    held: dict[str, list[Row]]

    @classmethod
    def of(cls, home: Home) -> "Belief":
        """Read the newest release."""
        with open_release(home.root) as session:
            moments = [str(row["moment"]) for row in session.rows(_MOMENTS)]
            versions = frozenset(_rows(session, _VERSIONS))
            held = {moment: _rows(session, _HELD.format(moment)) for moment in moments}
            return cls(session.release.vintage, versions, held)


_MOMENTS = "SELECT DISTINCT vintage_from AS moment FROM observation_history ORDER BY moment DESC LIMIT 12"


def _rows(session: Session, query: str) -> list[Row]:
    return [tuple(row.values()) for row in session.rows(query)]


class Scene:
    """One home and a made-up publisher, whose every edition revises, removes, and brings back some figures."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place = place
        self.home = Home(place / "home")
        self.chance = random.Random(seed)
        self.edition = 0
        self.light = True

    def next_plan(self) -> Plan:
        """Give the plan of a refresh with the publisher's next edition."""
        self.edition += 1
        day = f"{2020 + self.edition // 336}-{1 + self.edition // 28 % 12:02}-{1 + self.edition % 28:02}"
        areas = self.chance.sample(AREAS, self.chance.randint(2, len(AREAS)))
        rows = [
            {"ref_area": area, "sex": sex, "edition": day, "value": self.figure()} for area in areas for sex in "FM"
        ]
        return dying.plan_of(self.home.root, write_bundle(self.place / f"edition-{self.edition}", rows))

    def figure(self) -> float:
        """Give a figure that is often the former one."""
        return float(self.chance.choice((50, 50, 50, self.chance.randint(10, 90))))

    def complete(self, plan: Plan) -> None:
        """Run a refresh that nothing disturbs."""
        status = dying.ended(plan, Fate(light=self.light))
        assert status == 0, f"the next run ended with {status}"

    def survives(self, disturb: Callable[[Plan], int]) -> int:
        """Disturb a refresh, look at what stands, let the next one run, and look again; give the child's status."""
        before, plan = Belief.of(self.home), self.next_plan()
        status = disturb(plan)
        assert status not in {dying.UNFORESEEN, dying.TOOK_A_WAL}, f"the disturbed run ended with {status}"
        self.check_whole()
        check_kept(before, Belief.of(self.home))
        self.complete(plan)
        self.check_whole()
        self.check_tidy()
        check_kept(before, Belief.of(self.home))
        return status

    def dies(self, fate: Fate) -> int:
        """Let a refresh meet its fate."""
        return self.survives(lambda plan: dying.ended(plan, fate))

    def is_killed_after(self, seconds: float) -> int:
        """Kill a refresh from outside."""
        return self.survives(lambda plan: _killed(plan, Fate(light=self.light), seconds))

    def check_whole(self) -> None:
        """The last release stands and is whole, and so is everything else that `ictdev verify` looks at."""
        with exclusive(self.home):
            assert verify.home(self.home).damage == []
        assert releases.newest(self.home).database.is_file()

    def check_tidy(self) -> None:
        """The next run clears what a dead one left half written."""
        left = [path.name for path in self.home.root.rglob(".*") if path.name.startswith((".building", ".retired"))]
        assert left == []

    def check_rebuilt(self) -> None:
        """Snapshots and journal alone give the same releases."""
        made = rebuild(self.home)
        assert made.different == {}
        assert made.same == [folder.name for folder in releases.folders(self.home)]


def check_kept(before: Belief, after: Belief) -> None:
    """Nothing that was known is lost, and no past moment is told otherwise."""
    assert after.vintage >= before.vintage
    assert before.versions <= after.versions
    for moment, rows in before.held.items():
        if moment in after.held:
            assert rows == after.held[moment], moment


def _killed(plan: Plan, fate: Fate, seconds: float) -> int:
    child = dying.started(plan, fate)
    child.join(seconds)
    child.kill()
    child.join()
    assert child.exitcode is not None
    return child.exitcode
