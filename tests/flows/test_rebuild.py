"""Snapshots and journal alone give history and releases anew, with the same content."""

import gzip
import shutil

import pytest

from flows.rebuild import rebuild
from flows.settle import TABLES
from schemas.errors import IctdevError, Unanswered
from tests.conftest import write_bundle
from tests.flows.screens import screens
from tests.homes import copied, home_of
from warehouse import releases, verify
from warehouse.journal import Journal
from warehouse.query import open_release
from warehouse.store import Store


@pytest.fixture
def whole_three(kept_three, tmp_path):
    """A home of three releases with all tables, derived figures and checks."""
    return home_of(copied(kept_three, tmp_path))


def _hashes(home):
    found = {}
    for folder in releases.folders(home):
        told = releases.manifest(home, folder.name)
        assert told is not None
        found[folder.name] = {name: note["content_sha256"] for name, note in told["tables"].items()}
    return found


@pytest.mark.slow
def test_every_table_of_every_release_has_the_same_content_hash(whole_three):
    before = _hashes(whole_three)
    assert len(before) == 3
    assert set(next(iter(before.values()))) == set(TABLES)
    made = rebuild(whole_three)
    assert (made.runs, made.same, made.different, made.history_replaced) == (3, sorted(before), {}, True)
    assert _hashes(whole_three) == before


def test_from_snapshots_alone(three, tmp_path, refresh):
    """History, releases and pointer are lost; what is left are the raw bytes and the journal."""
    before = _hashes(three)
    rows = _current(three)
    for path in three.root.iterdir():
        if path != three.snapshots:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    rebuild(three)
    assert _current(three) == rows
    newest = max(before)
    assert _hashes(three) == {newest: before[newest]}
    assert not refresh(bundle=tmp_path / "old").changed


def _current(home):
    with open_release(home.root) as session:
        return session.sql("FROM observation_history ORDER BY ALL").to_pylist()


def test_a_missing_history_is_not_begun_anew_in_silence(three, refresh, tmp_path):
    three.history.unlink()
    with pytest.raises(IctdevError, match=r"has lost what it held.*ictdev rebuild"):
        refresh(bundle=tmp_path / "one")
    assert not three.history.exists()
    rebuild(three)
    assert not refresh(bundle=tmp_path / "old").changed


def test_an_older_copy_of_the_history_is_told(three, refresh, tmp_path):
    shutil.copy(three.history, tmp_path / "copy")
    refresh(bundle=write_bundle(tmp_path / "three", [{"value": 52, "edition": "2023-01-01"}]))
    shutil.copy(tmp_path / "copy", three.history)
    with pytest.raises(IctdevError, match="is not in it"):
        refresh(bundle=tmp_path / "one")
    assert rebuild(three).different == {}


def test_an_entry_whose_run_was_interrupted_is_set_aside(three, refresh, tmp_path):
    journal = Journal(three)
    last = journal.vintages()[-1]
    orphan = last.replace(year=last.year + 1)
    journal.path(orphan).write_bytes(journal.path(last).read_bytes())
    refresh(bundle=tmp_path / "one")
    assert orphan not in journal.vintages()
    assert journal.path(orphan).with_suffix(".interrupted").exists()


def test_a_history_that_would_be_another_is_not_replaced_unless_forced(three):
    with Store(three) as store:
        store.con.execute("UPDATE store.history SET value = 77 WHERE value = 51")
    entry = Journal(three).path(Journal(three).vintages()[1])
    entry.unlink()
    before = three.history.read_bytes()
    with pytest.raises(IctdevError, match="nothing was replaced"):
        rebuild(three)
    assert three.history.read_bytes() == before
    assert rebuild(three, force=True).history_replaced


def test_nothing_to_rebuild_from_is_told(home):
    home.create()
    with pytest.raises(Unanswered, match="journal is empty"):
        rebuild(home)


def test_a_whole_home_verifies(three):
    assert verify.home(three).damage == []
    assert "3 releases: all whole" in screens("verify", home=three)


def _newest(home):
    return releases.folders(home)[-1]


DAMAGES = {
    "a flipped bit in a release": lambda home: _flip(_newest(home) / "ictdev.duckdb"),
    "a Parquet file cut short": lambda home: _cut(releases.folders(home)[0] / "parquet" / "observation.parquet"),
    "a file that is missing": lambda home: (releases.folders(home)[1] / "ictdev.duckdb").unlink(),
    "a file that nobody named": lambda home: (_newest(home) / "stray.csv").write_text("x"),
    "a manifest that is gone": lambda home: (_newest(home) / "manifest.json").unlink(),
    "a manifest of other bytes": lambda home: (_newest(home) / "manifest.json").write_text("{"),
    "a release that is gone": lambda home: shutil.rmtree(_newest(home)),
    "a pointer of other bytes": lambda home: home.pointer.write_text("{"),
    "a pointer that is gone": lambda home: home.pointer.unlink(),
    "a history that is gone": lambda home: home.history.unlink(),
    "a history of other bytes": lambda home: home.history.write_bytes(b"not a database" * 1000),
}


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _cut(path):
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_mended(three, damage):
    before, rows = _hashes(three), _current(three)
    DAMAGES[damage](three)
    assert "verify --repair" in screens("verify", home=three, status=1)
    assert "all whole" in screens("verify", "--repair", home=three)
    assert _hashes(three) == before
    assert _current(three) == rows


def test_a_damaged_snapshot_cannot_be_made_anew_and_is_told(three):
    path = next(three.snapshots.glob("??/*.gz"))
    path.write_bytes(gzip.compress(b"other bytes"))
    text = screens("verify", "--repair", home=three, status=1)
    assert path.name in text
    assert "backup" in text


def test_rebuild_on_the_command_line_says_what_it_did(three):
    text = screens("rebuild", home=three)
    assert "3 runs replayed; 3 release(s) have the same content hashes" in text


def test_the_former_history_lies_beside_the_new_one(three):
    former = three.history.read_bytes()
    rebuild(three)
    assert three.history.with_suffix(".duckdb.before").read_bytes() == former
