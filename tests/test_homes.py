"""Kept folders are built once, half-built ones are begun anew, and copies keep the original as it was."""

import os

import pytest

from tests import homes


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setattr(homes, "_shelf", lambda: tmp_path)
    return tmp_path


def test_kept(shelf):
    """The second one who asks gets what the first built."""
    built = []

    def build(folder):
        built.append(folder)
        (folder / "a").write_text("1")

    place = homes.kept("some", build)
    assert homes.kept("some", build) == place
    assert (len(built), (place / "a").read_text()) == (1, "1")


def test_half_built(shelf):
    """A build that fails leaves nothing that another would take for whole."""

    def fails(folder):
        (folder / "half").write_text("")
        raise KeyError

    with pytest.raises(KeyError):
        homes.kept("some", fails)
    assert (homes.kept("some", lambda folder: (folder / "whole").touch()) / "whole").exists()
    assert not list(shelf.rglob("half"))


def test_copies(shelf, tmp_path_factory):
    place = homes.kept("some", lambda folder: (folder / "a").write_text("1"))
    there = tmp_path_factory.mktemp("there")
    (homes.copied(place, there / "copy") / "a").write_text("2")
    (there / "copy" / "a").replace(homes.linked(place, there / "link") / "a")
    assert (place / "a").read_text() == "1"


def test_linked_across_disks(shelf, tmp_path_factory, monkeypatch):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    place = homes.kept("some", lambda folder: (folder / "a").write_text("1"))
    monkeypatch.setattr(os, "link", refuse)
    assert (homes.linked(place, tmp_path_factory.mktemp("there")) / "a").read_text() == "1"


def test_fingerprint(monkeypatch, tmp_path):
    """Another line of a package is another state of the code."""
    monkeypatch.setattr(homes, "ROOT", tmp_path)
    monkeypatch.setattr(homes, "SHARED", [])
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.py").write_text("x = 1")
    homes.fingerprint.cache_clear()
    first = homes.fingerprint()
    (tmp_path / "flows" / "a.py").write_text("x = 2")
    homes.fingerprint.cache_clear()
    assert homes.fingerprint() != first
    homes.fingerprint.cache_clear()
