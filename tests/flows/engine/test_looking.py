"""What `ictdev doctor` says of Prefect: where a run's server starts from, and what does not fit."""

import pytest

from flows import doctor
from flows.engine import database
from flows.settings import Settings
from schemas import kept


@pytest.fixture
def said(home, monkeypatch, capsys):
    """Give the line of the doctor that tells of Prefect, with the mark before it."""
    for name in ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        monkeypatch.delenv(name, raising=False)
    home.create()
    monkeypatch.chdir(home.root)

    def line() -> str:
        doctor.examine(Settings(home=home.root))
        return next(text for text in capsys.readouterr().out.splitlines() if text[4:].startswith("prefect "))

    return line


def test_before_the_first_run(said):
    assert "its database is absent" in said()
    assert said().startswith("ok")


def test_a_damaged_database_and_one_that_was_set_aside(said, home):
    place = database.place(home)
    place.parent.mkdir()
    place.write_bytes(b"not a database at all")
    assert said().startswith("!!")
    assert "its database is damaged" in said()
    database.prepare(home)
    assert said().startswith("ok")
    assert database.aside(home)[0].name in said()


def test_a_ready_database_that_is_damaged_or_not_made_yet(said, tmp_path, monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    assert "a ready one is made at the next refresh" in said()
    monkeypatch.setattr(database, "_make", lambda: b"a database")
    database.ready()
    assert "a ready one is kept" in said()
    kept.place(database.NAME, database.key()).write_bytes(b"x")
    assert said().startswith("!!")
    assert "the ready one that is kept is damaged" in said()


def test_a_named_api(said, httpserver, monkeypatch):
    httpserver.expect_request("/api/health").respond_with_data("")
    monkeypatch.setenv("PREFECT_API_URL", httpserver.url_for("/api"))
    assert "answers" in said()
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert said().startswith("!!")
    assert "does not answer" in said()


def test_a_named_database_is_shown_without_its_password(said, monkeypatch):
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "postgresql+asyncpg://me:secret@host/prefect")
    assert "host/prefect" in said()
    assert "secret" not in said()
