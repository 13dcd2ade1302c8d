"""A refresh with a shared storage: what stands here is there too, or the run says why not and the next one makes up."""

import logging
import sys

import pytest

from flows import cli
from flows.settings import load
from schemas.errors import IctdevError, Usage
from tests.conftest import BACKENDS, read_from, without_prefect, write_bundle
from tests.postgres import PASSWORD
from warehouse.home import Home
from warehouse.lake import commit, connection
from warehouse.lake.address import VARIABLE, parse
from warehouse.lake.reading import find


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "one", [{"value": 50}])


@pytest.fixture
def ictdev(monkeypatch, capsys):
    """Run a command in this process; gives exit status, stdout and stderr, neither of which holds the password."""
    without_prefect(monkeypatch)

    def call(*words: object, on: Home) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ictdev", "--home", str(on.root), *map(str, words)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        assert PASSWORD not in printed.out + printed.err
        assert "s3cret" not in printed.out + printed.err
        return int(caught.value.code or 0), printed.out, printed.err

    return call


def _newest(storage: str, home: Home) -> str:
    place = parse(storage)
    assert place
    return find(home, place).vintage


@pytest.mark.usefixtures("light")
def test_a_refresh_commits_its_release(storage, home, refresh, bundle):
    report = refresh(bundle=bundle)
    assert (report.exit_status, report.unshared) == (0, {})
    assert _newest(storage, home) == report.vintage


@pytest.mark.usefixtures("light")
def test_a_storage_that_is_away_holds_nothing_up_and_the_next_run_makes_up(
    storage, home, ictdev, bundle, monkeypatch, database_server, caplog
):
    away = storage.replace(f"port={database_server.port}", "port=1")
    monkeypatch.setenv(VARIABLE, away)
    with caplog.at_level(logging.DEBUG):
        status, _, err = ictdev("--quiet", "refresh", "--no-site", "--bundle", bundle, on=home)
    assert status == 3
    for words in ("the shared storage is behind", "cannot be reached", "Connection refused", "check that the server"):
        assert words in " ".join(err.split())
    assert PASSWORD not in caplog.text
    standing = home.pointer.read_text()
    monkeypatch.setenv(VARIABLE, storage)
    status, _, err = ictdev("--quiet", "refresh", "--no-site", "--bundle", bundle, on=home)
    assert (status, err, home.pointer.read_text()) == (0, "", standing)
    assert _newest(storage, home) in standing


@pytest.mark.usefixtures("light")
def test_a_run_that_ends_between_file_and_storage_is_made_up_for(storage, home, refresh, bundle, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(commit, "commit", lambda con, release: sys.exit("killed"))
        with pytest.raises(SystemExit):
            refresh(bundle=bundle)
    report = refresh(bundle=bundle)
    assert not report.changed
    assert _newest(storage, home) == report.vintage


def test_a_mistaken_address_is_told_before_anything_is_taken_in(home, ictdev, bundle, monkeypatch):
    monkeypatch.setenv(VARIABLE, "ducklake:mysql:password=s3cret")
    status, _, err = ictdev("refresh", "--bundle", bundle, on=home)
    assert status == 2
    assert "ICTDEV_STORAGE" in err
    assert not home.pointer.exists()


def test_packages_that_are_missing_are_told_before_anything_is_taken_in(storage, home, ictdev, bundle, monkeypatch):
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    status, _, err = ictdev("refresh", "--bundle", bundle, on=home)
    assert status == 4
    assert "pip install 'ictdev[ducklake]'" in " ".join(err.split())
    assert not home.pointer.exists()


@pytest.fixture(params=BACKENDS)
def answers(request, released):
    """A home to ask, on each backend."""
    with read_from(request.param, released, request) as home:
        yield home


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sql", "SELECT count(*) AS n FROM observation", "--format", "csv"], "104977"),
        (["why", "internet_users", "LDC", "2020"], "20"),
        (["assess", "--paragraph", "31", "--format", "csv"], "E/RES/2017/21"),
        (["status"], "world_bank\tgood"),
        (["sql", "FROM duckdb_databases()", "--format", "csv"], "ictdev"),
        (["sql", "FROM duckdb_secrets()", "--format", "csv"], ""),
    ],
    ids=["sql", "why", "assess", "status", "databases", "secrets"],
)
def test_commands_answer_from_either_backend(ictdev, answers, words, expected):
    status, out, err = ictdev(*words, on=answers)
    assert (status, err) == (0, "")
    assert expected in out


@pytest.mark.parametrize("words", [["sql", "FROM latest"], ["why", "internet_users", "LDC", "2020"], ["assess"]])
def test_a_reader_whose_storage_is_away_is_told(ictdev, storage, tmp_path, monkeypatch, database_server, words):
    monkeypatch.setenv(VARIABLE, storage.replace(f"port={database_server.port}", "port=1"))
    status, _, err = ictdev(*words, on=Home(tmp_path / "elsewhere"))
    assert status == 1
    assert "cannot be reached" in err
    assert "check that the server runs" in " ".join(err.split())


def test_the_doctor_looks_at_the_storage(ictdev, share, released, monkeypatch, tmp_path):
    named = share(released)
    monkeypatch.setenv(VARIABLE, named)
    status, out, _ = ictdev("doctor", on=released)
    assert (status, "the newest release in ducklake:postgres:host=127.0.0.1" in " ".join(out.split())) == (0, True)
    monkeypatch.setenv(VARIABLE, named.replace("dbname=", "dbname=un"))
    status, out, _ = ictdev("doctor", on=released)
    assert (status, "cannot be reached" in out) == (1, True)


def test_the_settings_file_may_name_the_storage(ictdev, share, released, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.delenv(VARIABLE)
    monkeypatch.chdir(tmp_path)
    named = share(released).replace("\\", "\\\\")
    (tmp_path / "ictdev.toml").write_text(f'storage = "{named}"\n')
    status, out, _ = ictdev("sql", "SELECT count(*) AS n FROM latest", "--format", "csv", on=Home(tmp_path / "reader"))
    assert (status, "7154" in out) == (0, True)


def test_neither_settings_nor_their_errors_show_the_password(storage, monkeypatch):
    assert PASSWORD not in f"{load()} {load()!r}"
    monkeypatch.setenv("ICTDEV_ATTEMPTS", "none")
    with pytest.raises(Usage) as told:
        load()
    assert "s3cret" not in str(told.value)
    assert isinstance(told.value, IctdevError)
