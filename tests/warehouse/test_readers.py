"""Readers while releases are published: each sees whole releases only, and vintages never go backwards."""

import multiprocessing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from warehouse import releases, retention
from warehouse.home import Home
from warehouse.query import open_release
from warehouse.store import Store

READERS, PUBLISHED = 8, 5
FIRST = datetime(2026, 1, 1)
TABLES = ("observation_history", "twin")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.warehouse.test_readers"])


def _publish(home: Home, number: int) -> None:
    """Publish a release of two tables with as many rows as its number says, and a little more."""
    keys = ("indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown", "unit", "obs_status")
    texts = ", ".join(
        f"'x' AS {name}" for name in (*keys, "note", "source", "series_code", "edition", "snapshot", "record")
    )
    with Store(home) as store:
        store.con.execute(
            f"CREATE OR REPLACE TEMP TABLE observation_history AS SELECT {texts}, 2020 AS year, i AS value, "
            "DATE '2025-01-01' AS edition_date, TIMESTAMP '2026-01-01' AS vintage_from, NULL::TIMESTAMP AS vintage_to "
            f"FROM range({1000 + number}) t(i)"
        )
        store.con.execute("CREATE OR REPLACE TEMP TABLE twin AS SELECT value FROM observation_history")
        releases.publish(store.con, home, FIRST + timedelta(days=number), TABLES, {}, {"number": number}, parquet=False)


def _look(home: Home) -> tuple[str, int]:
    """Open the newest release and hold its parts against each other; give vintage and number."""
    with open_release(home.root) as session:
        count = "SELECT (SELECT count(*) FROM observation_history) AS one, (SELECT count(*) FROM twin) AS two"
        (rows,) = session.rows(count)
        number = int(session.release.manifest["number"])
        assert rows["one"] == rows["two"] == 1000 + number
        return session.release.vintage, number


def read(root: Path, looking: Any, stop: Any, told: Any) -> None:
    """Read again and again until told to stop; tell the vintages that were seen, or what went wrong."""
    home, seen = Home(root), [""]
    try:
        while not stop.is_set():
            vintage, _ = _look(home)
            assert vintage >= seen[-1], f"{vintage} after {seen[-1]}"
            seen += [vintage] if vintage != seen[-1] else []
            looking.release()
        told.put(seen[1:])
    except BaseException as error:  # noqa: BLE001 - the test fails with whatever it was
        told.put(repr(error))
    finally:
        for _ in range(PUBLISHED + 1):
            looking.release()  # so that nobody waits for a reader that ended


@pytest.mark.parametrize("keep", [0, 1])
def test_eight_readers_see_whole_releases_only_while_five_are_published(home, keep):
    _publish(home, 0)
    looking, stop, told = FORKS.Semaphore(0), FORKS.Event(), FORKS.Queue()
    readers = [FORKS.Process(target=read, args=(home.root, looking, stop, told)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for number in range(1, PUBLISHED + 1):
        for _ in range(READERS):
            looking.acquire()
        _publish(home, number)
        retention.retire(home, keep)
    stop.set()
    found = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    assert [one for one in found if isinstance(one, str)] == []
    assert len({vintage for seen in found for vintage in seen}) > 1


def test_a_reader_reads_on_when_its_release_is_retired(home):
    _publish(home, 0)
    with open_release(home.root) as session:
        _publish(home, 1)
        assert retention.retire(home, 1) == ["20260101T000000Z"]
        assert not session.release.folder.exists()
        assert session.rows("SELECT count(*) AS n FROM twin") == [{"n": 1000}]


def test_a_release_that_is_retired_between_finding_and_opening_it_is_followed_by_the_newer_one(home):
    _publish(home, 0)
    found = open_release(home.root)
    _publish(home, 1)
    retention.retire(home, 1)
    with found as session:
        assert session.release.vintage == "20260102T000000Z"


def test_a_pointer_that_moves_on_while_it_is_followed_leads_to_the_newer_release(home, monkeypatch):
    _publish(home, 0)
    stale = home.pointer.read_bytes()
    _publish(home, 1)
    retention.retire(home, 1)
    real, asked = Path.read_bytes, []

    def late(path: Path) -> bytes:
        asked.append(path)
        return stale if len(asked) == 1 else real(path)

    monkeypatch.setattr(Path, "read_bytes", late)
    assert releases.newest(home).vintage == "20260102T000000Z"
