"""Prefect's database: copied ready made, migrated where it is older, set aside where it is of no use."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import own_server
from flows.engine import database, environment
from flows.engine.database import Standing
from schemas import kept
from schemas.errors import IctdevError


@pytest.fixture
def quiet(home, monkeypatch):
    """Give a home with Prefect's environment set, as a run finds it."""
    for name in ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_PROFILES_PATH"):
        monkeypatch.setenv(name, "x")  # so that it is put back afterwards, whatever is set meanwhile
        monkeypatch.delenv(name)
    monkeypatch.chdir(home.root.parent)
    environment.quiet_prefect(home)
    return home


@pytest.fixture
def path(quiet):
    """Give the place of a database like the ready one."""
    place = database.place(quiet)
    place.parent.mkdir(parents=True)
    place.write_bytes(database.ready())
    return place


def _write(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _marked(path: Path) -> bool:
    """Tell whether a database is the one that a test marked."""
    with sqlite3.connect(path) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'mark'").fetchall())


def test_where_there_is_none_the_ready_one_is_copied(quiet):
    assert database.prepare(quiet) == (False, "")
    assert database.place(quiet).read_bytes() == database.ready()
    assert database.look(database.place(quiet)) is Standing.CURRENT


def test_the_ready_one_is_what_prefect_makes(path):
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(database.head(),)]
        assert connection.execute("SELECT count(*) FROM block_type").fetchone()[0] > 10


def test_a_current_one_stays_as_it_is(quiet, path):
    _write(path, "CREATE TABLE mark (x)")
    assert database.prepare(quiet) == (False, "")
    assert _marked(path)


def test_one_of_a_newer_prefect_is_set_aside_whole_and_begun_anew(quiet, path):
    _write(path, "CREATE TABLE mark (x)", "UPDATE alembic_version SET version_num = '0123456789ab'")
    path.with_name("prefect.db-wal").write_bytes(b"")
    migrate, note = database.prepare(quiet)
    (aside,) = database.aside(quiet)
    assert not migrate
    assert "newer than the installed one" in note
    assert aside.name in note
    assert _marked(aside)
    assert not _marked(path)
    assert database.look(path) is Standing.CURRENT
    assert aside.with_name(aside.name + "-wal").exists()


@pytest.mark.parametrize(
    ("damage", "standing"),
    [
        (lambda whole: b"", Standing.ABSENT),
        (lambda whole: b"not a database at all", Standing.DAMAGED),
        (lambda whole: whole[: len(whole) // 2], Standing.DAMAGED),
        (lambda whole: whole[:100] + b"\xff" * 4000 + whole[4100:], Standing.DAMAGED),
    ],
)
def test_a_damaged_one_is_begun_anew(quiet, path, damage, standing):
    path.write_bytes(damage(path.read_bytes()))
    assert database.look(path) is standing
    _, note = database.prepare(quiet)
    assert ("damaged" in note) is (standing is Standing.DAMAGED)
    assert len(database.aside(quiet)) == (standing is Standing.DAMAGED)
    assert database.look(path) is Standing.CURRENT


def test_one_that_was_stopped_in_its_making_is_begun_anew(quiet, path):
    _write(path, "DROP TABLE alembic_version")
    assert "damaged" in database.prepare(quiet)[1]
    assert database.look(path) is Standing.CURRENT


@given(start=st.integers(0, 1_200_000), noise=st.binary(min_size=1, max_size=3000))
@settings(max_examples=60)
def test_whatever_befell_the_bytes_it_is_seen_and_nothing_is_raised(tmp_path_factory, start, noise):
    whole = database.ready()
    path = tmp_path_factory.mktemp("noise") / "prefect.db"
    path.write_bytes(whole[:start] + noise + whole[start + len(noise) :])
    assert database.look(path) in Standing


def test_a_database_in_the_users_own_folder_is_never_moved(quiet, tmp_path, monkeypatch):
    path = tmp_path / "own" / "prefect.db"
    path.parent.mkdir()
    path.write_bytes(b"not a database at all")
    monkeypatch.setenv("PREFECT_HOME", str(path.parent))
    with pytest.raises(IctdevError, match="cannot be used") as caught:
        database.prepare(quiet)
    assert "PREFECT_HOME" in caught.value.next_step
    assert path.read_bytes() == b"not a database at all"


def test_a_database_that_the_user_named_is_left_to_prefect(quiet, monkeypatch):
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "postgresql+asyncpg://nobody@localhost/prefect")
    assert database.prepare(quiet) == (True, "")
    assert not database.place(quiet).exists()


def test_the_log_of_a_database_that_is_gone_does_not_meet_the_new_one(quiet, path):
    path.unlink()
    path.with_name("prefect.db-wal").write_bytes(b"old")
    database.prepare(quiet)
    assert not path.with_name("prefect.db-wal").exists()


def test_a_damaged_ready_one_is_made_anew_and_so_is_one_of_another_version(quiet, tmp_path, monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    made = iter([b"first", b"second", b"third"])
    monkeypatch.setattr(database, "_make", lambda: next(made))
    assert database.ready() == b"first"
    kept.place(database.NAME, database.key()).write_bytes(b"damaged")
    assert database.ready_is_damaged()
    assert database.ready() == b"second"
    assert not database.ready_is_damaged()
    monkeypatch.setattr(sqlite3, "sqlite_version", "9.9.9")
    assert not database.is_ready()
    assert database.ready() == b"third"


def test_one_of_an_older_prefect_is_migrated_by_its_server(quiet, path):
    """The newest migration adds one index: without it the database is what the release before it left."""
    before = database.revisions()[database.head()]
    _write(
        path,
        "CREATE TABLE mark (x)",
        "DROP INDEX ix_flow_run__state_type_coalesce_start_time",
        f"UPDATE alembic_version SET version_num = '{before}'",
    )
    assert database.look(path) is Standing.OLDER
    with own_server.starting(quiet) as server:
        server.wait()
    assert server.note == ""
    assert server.process.returncode is not None
    assert database.look(path) is Standing.CURRENT
    assert _marked(path)
