"""Every database file that we write opens under older versions of DuckDB; one that does not is named with its cause."""

import struct

import duckdb
import pytest

from flows import doctor
from schemas.errors import IctdevError
from warehouse.compaction import compact_when_due
from warehouse.home import Home
from warehouse.storage_version import PINNED, maker_of, storage_number
from warehouse.store import Store

NEWER = 999
"""The number by which DuckDB 2.0 calls its own storage version."""


@pytest.fixture
def stored(home: Home) -> Home:
    """A home with an empty history."""
    with Store(home):
        pass
    return home


def _as_by_newer(home: Home, maker: bytes = b"v99.0.1") -> None:
    """Write into the file's header what a newer DuckDB writes there."""
    content = bytearray(home.history.read_bytes())
    content[12:20] = struct.pack("<Q", NEWER)
    content[52:84] = maker.ljust(32, b"\0")
    home.history.write_bytes(content)


def test_history_is_pinned(stored):
    assert storage_number(stored.history) == PINNED
    assert maker_of(stored.history) == duckdb.__version__


def test_compacted_history_is_pinned(stored):
    """A history of another storage version is written anew, whatever its size."""
    path = stored.history
    path.unlink()
    with duckdb.connect(":memory:") as con:
        con.execute(f"ATTACH '{path}' AS made (STORAGE_VERSION 'v1.4.0')")
    with Store(stored):
        pass
    assert (storage_number(path) or 0) > PINNED
    assert compact_when_due(stored)
    assert storage_number(path) == PINNED
    assert not compact_when_due(stored)


def test_release_is_pinned(released):
    (path,) = released.releases.glob("*/ictdev.duckdb")
    assert storage_number(path) == PINNED


def test_newer_history_is_named_with_its_maker(stored):
    _as_by_newer(stored)
    with pytest.raises(IctdevError) as caught, Store(stored):
        pass
    assert "was written by DuckDB 99.0.1" in caught.value.what
    assert duckdb.__version__ in caught.value.what
    assert "install DuckDB 99.0.1 or newer" in caught.value.next_step
    assert "ictdev rebuild" in caught.value.next_step


def test_doctor_names_a_newer_history(stored):
    assert doctor._history(stored).good
    _as_by_newer(stored)
    finding = doctor._history(stored)
    assert not finding.good
    assert "DuckDB 99.0.1" in finding.fact
    assert "ictdev rebuild" in finding.advice


@pytest.mark.parametrize("content", [b"", b"x" * 40, b"\0" * 200])
def test_a_file_that_is_no_database_says_so(home, content):
    home.create()
    home.history.write_bytes(content)
    assert storage_number(home.history) is None
    assert maker_of(home.history) == ""
    assert not doctor._history(home).good
