"""Committing to a shared storage: the same content, whole or not at all, by one home only."""

import shutil
import signal
import subprocess
import sys

import duckdb
import pytest

from flows.settle import VIEWS
from schemas.errors import IctdevError, Unshared
from tests.postgres import PASSWORD
from tests.warehouse.lake.shelf import ONE, THREE, TWO, home_of, place_of, put, values
from warehouse import releases
from warehouse.lake import commit, connection
from warehouse.lake.commit import catch_up, vintages
from warehouse.lake.connection import reading
from warehouse.lake.missing import MissingExtra

FIRST = {"many": "FROM range(1000)", "a": values("1, 'x'", "1, 'x'", "2, NULL", "3, 'z'"), "b": values("1, 'b'")}
SECOND = {
    "many": "SELECT range FROM range(500, 1700)",
    "a": values("1, 'x'", "2, NULL", "2, NULL", "4, 'new'"),
    "b": values("1, 'b'"),
    "c": values("9, 'c'"),
}
THIRD = {"a": "SELECT 1.5 AS n, 'x' AS text, ['p', NULL] AS list", "c": values("9, 'c'")}


@pytest.fixture
def home(tmp_path):
    return home_of(tmp_path / "home", (ONE, FIRST), (TWO, SECOND), (THREE, THIRD))


@pytest.fixture
def on_server(database_server, tmp_path):
    """A storage with its catalogue in PostgreSQL."""
    return place_of(database_server.database(), str(tmp_path / "lake"))


@pytest.fixture
def in_file(tmp_path):
    """A storage with its catalogue in a file."""
    return place_of(f"ducklake:{tmp_path / 'catalogue.ducklake'}")


@pytest.fixture
def in_bucket(database_server, s3):
    """A storage with its catalogue in PostgreSQL and its data files in a bucket."""
    return place_of(database_server.database(), f"{s3}/lake")


@pytest.fixture(params=["on_server", "in_file", "in_bucket"])
def place(request):
    return request.getfixturevalue(request.param)


def _there(place):
    con = reading(place)
    try:
        return vintages(con)
    finally:
        con.close()


def _check(home, place):
    """Check that each release of the home is in the storage with the content that its manifest says."""
    there = _there(place)
    assert list(there) == [path.name for path in releases.folders(home)]
    for name, snapshot in there.items():
        told = releases.manifest(home, name)
        assert told
        con = reading(place, snapshot)
        assert {table: releases.content(con, f"lake.{table}") for table in told["tables"]} == told["tables"]
        tables = {row[0] for row in con.execute("SHOW TABLES").fetchall()}
        assert tables - set(VIEWS) == {*told["tables"], commit.NOTE}
        con.close()


def test_each_release_is_a_snapshot_with_the_content_of_its_file(home, place):
    assert catch_up(home, place) == [ONE, TWO, THREE]
    _check(home, place)
    assert catch_up(home, place) == []


def test_the_bundled_figures_have_the_same_content_hashes_on_both_backends(released, share):
    place = place_of(share(released))
    _check(released, place)


def test_only_rows_that_differ_are_written(home, place):
    catch_up(home, place)
    there = _there(place)
    con = reading(place)
    at = f"'lake', 'main', 'a', {there[TWO]}, {there[TWO]}"
    come = con.execute(f"SELECT n, text FROM ducklake_table_insertions({at}) ORDER BY n").fetchall()
    gone = con.execute(f"SELECT n, text FROM ducklake_table_deletions({at}) ORDER BY n").fetchall()
    con.close()
    assert come == [(2, None), (4, "new")]
    assert gone == [(1, "x"), (3, "z")]


def test_a_commit_that_breaks_off_leaves_nothing_and_is_made_up_for(home, place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(commit, "_sign", lambda con, release: con.execute("SELECT 1/0::INT FROM nowhere"))
        with pytest.raises(Unshared):
            catch_up(home, place)
    assert _there(place) == {}
    catch_up(home, place)
    _check(home, place)


_DIES = """
import os, signal, sys
from pathlib import Path
from warehouse.home import Home
from warehouse.lake import address, commit
sign = commit._sign
def dies(con, release):
    sign(con, release)
    if release.vintage == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)
commit._sign = dies
commit.catch_up(Home(Path(sys.argv[1])), address.parse(sys.argv[2], sys.argv[3]))
"""


def test_a_writer_that_is_killed_in_a_commit_leaves_the_former_and_is_made_up_for(home, database_server, tmp_path):
    named, data = database_server.database(), str(tmp_path / "lake")
    done = subprocess.run([sys.executable, "-c", _DIES, str(home.root), named, data, TWO], check=False)
    assert done.returncode == -signal.SIGKILL
    place = place_of(named, data)
    assert list(_there(place)) == [ONE]
    assert catch_up(home, place) == [TWO, THREE]
    _check(home, place)


def test_a_release_that_is_not_what_its_manifest_says_is_not_committed(home, in_file):
    with duckdb.connect(str(home.releases / TWO / "ictdev.duckdb")) as con:
        con.execute("UPDATE a SET text = 'forged' WHERE n = 4")
    with pytest.raises(Unshared, match=r"table a .* nothing was committed") as told:
        catch_up(home, in_file)
    assert "ictdev verify" in told.value.next_step
    assert list(_there(in_file)) == [ONE]


def test_a_home_that_never_made_what_is_there_may_not_write(home, tmp_path, in_file):
    catch_up(home, in_file)
    other = home_of(tmp_path / "other", (ONE, FIRST))
    with pytest.raises(Unshared, match=f"{THREE}, which this home never made") as told:
        catch_up(other, in_file)
    assert "one home only" in told.value.next_step
    put(other, "20270101T000000Z", SECOND)  # its own newer release does not make it the storage's home
    with pytest.raises(Unshared, match="never made"):
        catch_up(other, in_file)
    assert list(_there(in_file)) == [ONE, TWO, THREE]


def test_a_home_that_retired_what_is_there_may_go_on(home, in_file):
    catch_up(home, in_file)
    shutil.rmtree(home.releases / ONE)
    shutil.rmtree(home.releases / TWO)
    put(home, "20260104T000000Z", SECOND)
    assert catch_up(home, in_file) == ["20260104T000000Z"]
    assert list(_there(in_file)) == [ONE, TWO, THREE, "20260104T000000Z"]


def test_of_two_writers_at_once_one_is_refused_and_nothing_is_mixed(home, tmp_path, on_server, monkeypatch):
    shutil.rmtree(home.releases / THREE)
    shutil.rmtree(home.releases / TWO)
    put(home, TWO, SECOND)
    shutil.copytree(home.root, tmp_path / "twin")
    twin, sign = type(home)(tmp_path / "twin"), commit._sign
    overtaken: list[str] = []

    def overtake(con, release):
        if release.vintage == TWO and not overtaken:
            overtaken.append(TWO)
            assert catch_up(twin, on_server) == [TWO]
        sign(con, release)

    monkeypatch.setattr(commit, "_sign", overtake)
    with pytest.raises(Unshared, match="another writer"):
        catch_up(home, on_server)
    monkeypatch.undo()
    _check(home, on_server)


def test_a_catalogue_that_is_away_is_told_without_its_password(database_server, home):
    named = database_server.database().replace(f"port={database_server.port}", "port=1")
    for act in (lambda: catch_up(home, place_of(named, "/nowhere")), lambda: reading(place_of(named))):
        with pytest.raises(Unshared, match="cannot be reached") as told:
            act()
        _keeps_secret(told.value)


@pytest.mark.parametrize("wrong", ["password", "dbname", "user"])
def test_a_catalogue_that_lets_nobody_in_is_told_without_its_password(database_server, home, wrong):
    named = f"{database_server.database()} {wrong}=wr0ng"  # the last one counts
    with pytest.raises(Unshared, match="cannot be reached") as told:
        catch_up(home, place_of(named, "/nowhere"))
    _keeps_secret(told.value)
    assert "wr0ng" not in str(told.value) or wrong != "password"


def _keeps_secret(error: IctdevError):
    seen: BaseException | None = error
    while seen is not None:
        assert PASSWORD not in f"{seen} {seen!r}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    assert error.why
    assert error.next_step


def test_a_catalogue_without_a_storage_is_told(database_server, tmp_path):
    with pytest.raises(Unshared, match="holds no shared storage yet"):
        reading(place_of(database_server.database()))
    with pytest.raises(Unshared, match="holds no shared storage yet"):
        reading(place_of(f"ducklake:{tmp_path / 'none.ducklake'}"))


def test_a_server_needs_to_be_told_where_the_data_files_go(database_server, home):
    with pytest.raises(Unshared, match="nothing says where") as told:
        catch_up(home, place_of(database_server.database()))
    assert "storage_data" in told.value.next_step


def test_data_files_that_cannot_be_written_are_told_and_nothing_is_committed(database_server, home, tmp_path):
    (tmp_path / "file").write_text("")
    place = place_of(database_server.database(), str(tmp_path / "file" / "lake"))
    with pytest.raises(Unshared) as told:
        catch_up(home, place)
    assert str(tmp_path / "file") in told.value.why
    assert "written" in told.value.next_step


def test_another_place_for_the_data_files_is_refused(home, on_server, tmp_path):
    catch_up(home, on_server)
    other = place_of(f"{on_server} password='{PASSWORD.replace(chr(39), chr(92) + chr(39))}'", str(tmp_path / "other"))
    with pytest.raises(Unshared, match="elsewhere than storage_data says"):
        catch_up(home, other)


def test_a_file_catalogue_that_is_being_written_is_told(home, in_file):
    catch_up(home, in_file)
    with connection.writing(in_file):
        code = f"from warehouse.lake import address, connection; connection.reading(address.parse('{in_file}'))"
        done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "another process has the catalogue" in done.stderr


def test_packages_that_are_missing_are_named_with_the_command(monkeypatch, in_file, home):
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra) as told:
        catch_up(home, in_file)
    assert "pip install 'ictdev[ducklake]'" in told.value.next_step
    assert "duckdb-extension-ducklake" in told.value.why
