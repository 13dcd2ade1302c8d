"""Writing the history anew: it says the same in fewer bytes, or it stays as it was."""

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks import made_up
from warehouse import compaction
from warehouse.compaction import compact_when_due
from warehouse.history import stage
from warehouse.home import Home
from warehouse.store import Store

ROWS = 20_000


def _take(home: Home, number: int) -> None:
    with Store(home) as store, store.transaction():
        stage(store.con, made_up.reading(made_up.figures(ROWS, number), number), made_up.vintage(number), "revised")


def _said(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(home.history), read_only=True) as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        return {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in names if name != "compaction"}


def _left(home: Home) -> list[str]:
    return [path.name for path in home.root.iterdir() if "compact" in path.name]


@pytest.fixture
def grown(home, monkeypatch):
    monkeypatch.setattr(compaction, "LEAST_GROWTH", 0)
    _take(home, 0)
    assert not compact_when_due(home), "a history that was never looked at has nothing to be held against"
    for number in range(1, 6):
        _take(home, number)
    return home


def test_it_says_the_same_in_fewer_bytes(grown):
    before, size = _said(grown), grown.history.stat().st_size
    assert compact_when_due(grown)
    assert _said(grown) == before
    assert grown.history.stat().st_size < 0.8 * size
    assert _left(grown) == []


def test_what_did_not_grow_is_left_alone(grown):
    compact_when_due(grown)
    before = grown.history.read_bytes()
    assert not compact_when_due(grown)
    assert grown.history.read_bytes() == before


def test_a_small_history_is_not_worth_it(grown, monkeypatch):
    monkeypatch.setattr(compaction, "LEAST_GROWTH", 10**9)
    assert not compact_when_due(grown)


def test_the_next_edition_goes_into_it_as_into_any_other(grown):
    compact_when_due(grown)
    _take(grown, 6)
    other = Home(grown.root.parent / "other")
    for number in range(7):
        _take(other, number)
    assert _said(grown) == _said(other)


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_full_disk_leaves_it_as_it_was(grown, monkeypatch, failing):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = _said(grown)
    monkeypatch.setattr(f"warehouse.compaction.os.{failing}", full)
    assert not compact_when_due(grown)
    assert _said(grown) == before
    assert _left(grown) == []


def test_a_want_of_memory_leaves_it_as_it_was(grown):
    before = _said(grown)
    assert not compact_when_due(grown, memory=1_000_000)
    assert _said(grown) == before
    assert _left(grown) == []


def test_commits_that_are_not_in_the_file_yet_are_not_left_behind(grown):
    log = Path(f"{grown.history}.wal")
    log.write_bytes(b"")
    assert not compact_when_due(grown)
    assert log.exists()


_DIES = """
import os, signal, sys
from pathlib import Path
from warehouse import compaction
from warehouse.home import Home
compaction.LEAST_GROWTH = 0
whole = os.replace
def strike(*given):
    if sys.argv[2] == "after":
        whole(*given)
    os.kill(os.getpid(), signal.SIGKILL)
os.replace = strike
if sys.argv[2] == "amid":
    os.fsync = strike
compaction.compact_when_due(Home(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize("when", ["amid", "before", "after"])
def test_a_kill_leaves_the_old_file_or_the_new_one(grown, when):
    before = _said(grown)
    done = subprocess.run([sys.executable, "-c", _DIES, str(grown.root), when], check=False)
    assert done.returncode == -signal.SIGKILL
    assert _said(grown) == before
    assert compact_when_due(grown) == (when != "after")
    assert _said(grown) == before
    assert _left(grown) == []
