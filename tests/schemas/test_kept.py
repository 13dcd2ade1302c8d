"""What is kept is given back, made anew where it is damaged or of another version, and never stops anybody."""

import sys

import pytest

from schemas import kept


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))


def _never() -> bytes:
    raise AssertionError("made again")


def test_made_once():
    assert kept.kept("thing", "1", lambda: b"one") == b"one"
    assert kept.kept("thing", "1", _never) == b"one"


def test_another_version_is_made_anew_and_the_old_one_goes():
    kept.kept("thing", "1", lambda: b"one")
    assert kept.kept("thing", "2", lambda: b"two") == b"two"
    assert [path.name for path in kept.folder().iterdir()] == [kept.place("thing", "2").name]


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 40])
def test_damaged_bytes_are_made_anew(damage):
    kept.kept("thing", "1", lambda: b"one")
    kept.place("thing", "1").write_bytes(damage)
    assert kept.intact(kept.place("thing", "1")) is None
    assert kept.kept("thing", "1", lambda: b"one") == b"one"
    assert kept.kept("thing", "1", _never) == b"one"


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "file" / "below"))
    assert kept.kept("thing", "1", lambda: b"one") == b"one"


def test_without_a_variable_the_folder_lies_in_the_environment_or_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.delenv(kept.VARIABLE)
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert kept.folder() == tmp_path / "var" / "ictdev"
    monkeypatch.setattr("sys.prefix", sys.base_prefix)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert kept.folder() == tmp_path / "cache" / "ictdev"
