"""Whatever stops a refresh: the last release stands, the next run completes, nothing is lost."""

import os
import random
import signal
from datetime import UTC, datetime, timedelta

import duckdb
import orjson
import pytest

from flows.run import run_plain
from schemas.errors import Busy
from tests.flows import dying
from tests.flows.dying import REFUSED, Fate
from tests.flows.scene import Belief, Scene, check_kept
from tests.light import lighten
from warehouse import home as homes
from warehouse import releases
from warehouse.home import Home
from warehouse.journal import Journal
from warehouse.lock import exclusive
from warehouse.store import Store

pytestmark = pytest.mark.slow
SEED, KILLS_AT_STEPS, KILLS_AT_MOMENTS = 20171221, 6, 4


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """One home that lives through all of it, and ends up no worse."""
    made = Scene(tmp_path_factory.mktemp("scene"), SEED)
    made.complete(made.next_plan())
    return made


@pytest.fixture(scope="module")
def steps(scene):
    return dying.steps_of(scene.next_plan(), Fate())


@pytest.mark.parametrize("number", range(KILLS_AT_STEPS))
def test_a_refresh_that_is_killed_at_a_step_loses_nothing(scene, steps, number):
    chance = random.Random(SEED + number)
    share = steps // KILLS_AT_STEPS
    step = 1 + number * share + chance.randrange(share)
    assert scene.dies(Fate(step, before=chance.random() < 0.5)) == -signal.SIGKILL


@pytest.mark.parametrize("number", range(KILLS_AT_MOMENTS))
def test_a_refresh_that_is_killed_at_any_moment_loses_nothing(scene, number):
    assert scene.is_killed_after(random.Random(SEED - number).uniform(0, 0.8)) in {0, -signal.SIGKILL}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.9])
def test_a_disk_that_is_full_at_a_step_is_told_and_loses_nothing(scene, steps, share):
    assert scene.dies(Fate(round(steps * share), kind="full")) in {0, REFUSED}


@pytest.mark.parametrize("size", [1, 20_000, 300_000])
def test_files_that_cannot_grow_are_told_and_lose_nothing(scene, size):
    assert scene.dies(Fate(largest_file=size)) == REFUSED


@pytest.mark.parametrize("folder", ["", "snapshots", "snapshots/journal", "releases"])
def test_a_folder_that_cannot_be_written_is_told_and_loses_nothing(scene, folder):
    def forbidden(plan):
        place = scene.home.root / folder
        place.chmod(0o555)
        try:
            return dying.ended(plan, Fate(obeys_modes=True))
        finally:
            place.chmod(0o755)

    assert scene.survives(forbidden) == REFUSED


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime.now(UTC) - timedelta(days=1)])
def test_a_clock_that_was_set_back_neither_hides_nor_reorders_anything(scene, monkeypatch, now):
    class SetBack(datetime):
        @classmethod
        def now(cls, tz=None):
            return now

    before = Belief.of(scene.home)
    monkeypatch.setattr(homes, "datetime", SetBack)
    lighten(monkeypatch.setattr)
    report = run_plain(scene.next_plan())
    after = Belief.of(scene.home)
    assert (report.exit_status, report.changed) == (0, True)
    assert after.vintage > before.vintage
    check_kept(before, after)


def test_after_all_that_the_rebuild_gives_the_same(scene, monkeypatch):
    lighten(monkeypatch.setattr)
    scene.check_whole()
    scene.check_rebuilt()


def test_of_two_refreshes_at_once_one_is_told_who_the_other_is(scene):
    with exclusive(scene.home):
        note = orjson.loads(scene.home.lock.with_suffix(".owner").read_bytes())
        assert dying.ended(scene.next_plan(), Fate()) == dying.BUSY
        with pytest.raises(Busy) as told:
            run_plain(scene.next_plan())
    assert told.value.exit_status == 5
    assert told.value.why == f"process {os.getpid()}, started {note['started']}"


def test_two_refreshes_that_start_together_do_not_both_run(scene):
    before = len(Journal(scene.home).vintages())
    children = [dying.started(scene.next_plan(), Fate()) for _ in range(2)]
    for child in children:
        child.join()
    done = [child.exitcode or 0 for child in children]
    assert sorted(done) in ([0, dying.BUSY], [0, 0])  # the second may have begun when the first had ended
    assert len(Journal(scene.home).vintages()) - before == done.count(0)
    scene.check_whole()


def test_a_history_that_was_stopped_in_its_beginning_is_begun_anew(tmp_path):
    home = Home(tmp_path)
    home.create()
    (home.root / f".{home.history.name}.new").write_bytes(b"half a header")
    with Store(home) as store:
        assert store.last_vintage() is None
    assert home.history.is_file()


def test_the_history_appears_in_one_step(tmp_path, monkeypatch):
    home, real, seen = Home(tmp_path), duckdb.connect, []

    def watched(*given, **named):
        seen.append(home.history.exists())
        return real(*given, **named)

    monkeypatch.setattr(duckdb, "connect", watched)
    with Store(home):
        pass
    assert seen == [False, True]


def test_a_retired_release_that_a_crash_left_behind_goes_with_the_next_run(scene):
    left = scene.home.releases / ".retired-20200101T000000Z"
    left.mkdir()
    plan = scene.next_plan()
    scene.complete(plan)
    left.mkdir(exist_ok=True)
    scene.complete(plan)
    assert not left.exists()
    assert releases.newest(scene.home)
