"""The sandbox: what is refused, what a limit ends, and that answers are those of the read API."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from schemas import bounded
from schemas.errors import IctdevError, Invalid, Unanswered, Usage
from tests.conftest import write_bundle
from tests.warehouse.hostile import ANSWERED, EXCESSIVE, HARMLESS, REFUSED
from warehouse import pointer, sandbox
from warehouse.query import Session, open_release

TIGHT = sandbox.Limits(memory=700_000_000, seconds=60, cpu_seconds=1, rows=250_000, bytes=50_000_000)


@pytest.fixture
def release(released):
    return pointer.newest(released)


@pytest.fixture(autouse=True)
def _nothing_stays_behind():
    yield
    assert _children(psutil.Process()) == []


def _children(process: psutil.Process) -> list[psutil.Process]:
    return [one for one in process.children(recursive=True) if any("sandbox_child" in word for word in one.cmdline())]


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused(release, tmp_path, what):
    file, out = tmp_path / "secret.csv", tmp_path / "out"
    file.write_text("a\nthe-secret\n")
    before = release.database.read_bytes()
    text = REFUSED[what].replace("{file}", str(file)).replace("{out}", str(out)).replace("{own}", str(release.database))
    with pytest.raises((Unanswered, Usage)) as caught:
        sandbox.run(release, text)
    assert "the-secret" not in str(caught.value)
    assert "sql_" not in caught.value.next_step, "a limit ended what should have been refused"
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert release.database.read_bytes() == before


@pytest.mark.parametrize("what", EXCESSIVE)
def test_a_limit_ends_it(release, what):
    with pytest.raises(Unanswered) as caught:
        sandbox.run(release, EXCESSIVE[what], limits=TIGHT)
    assert "ICTDEV_SQL_" in caught.value.next_step
    assert caught.value.exit_status == 1


@pytest.mark.parametrize("what", HARMLESS)
def test_it_does_no_harm(release, tmp_path, what):
    text = HARMLESS[what].replace("{out}", str(tmp_path / "out"))
    with suppress(Unanswered):  # DuckDB 2 refuses some of them
        assert sandbox.run(release, text).num_rows <= 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ANSWERED)
def test_the_answer_is_that_of_the_read_api(release, what):
    with Session(release) as session:
        expected = session.sql(ANSWERED[what])
    found = sandbox.run(release, ANSWERED[what])
    assert found.schema == expected.schema
    assert found.equals(expected)


@pytest.mark.usefixtures("light")
def test_the_clocks_are_those_of_the_read_api(home, refresh, tmp_path):
    for edition, value in (("2021-01-01", 49), ("2023-01-01", 46)):
        refresh(bundle=write_bundle(tmp_path / edition, [{"value": value, "edition": edition}]))
    release = pointer.newest(home)
    text = "SELECT value FROM observation WHERE source = 'made_up'"
    clocks: list[dict[str, Any]] = [
        {"as_of": "2020-01-01"},
        {"as_of": release.vintage},
        {"edition_as_of": "2022-01-01"},
        {},
    ]
    for clock in clocks:
        with open_release(home.root) as session:
            assert sandbox.run(release, text, **clock).equals(session.sql(text, **clock))
    assert sandbox.run(release, text, edition_as_of="2022-01-01")["value"].to_pylist() == [49]


@pytest.mark.parametrize("clock", [{"as_of": "1' OR true --"}, {"as_of": "2026-01-01", "edition_as_of": "2026-01-01"}])
def test_a_clock_that_cannot_be_set_is_told(release, clock):
    with pytest.raises(Usage):
        sandbox.run(release, "SELECT 1", **clock)


def test_the_clock_on_the_wall_ends_it(release):
    with pytest.raises(Unanswered, match=r"longer than the 1\.5 seconds.*ICTDEV_SQL_SECONDS"):
        sandbox.run(release, EXCESSIVE["a sum without end"], limits=sandbox.Limits(seconds=1.5, cpu_seconds=600))


@pytest.mark.parametrize(("rows", "given"), [(10, True), (9, False)])
def test_an_answer_has_as_many_rows_as_it_may(release, rows, given):
    limits = sandbox.Limits(rows=rows)
    if given:
        assert sandbox.run(release, "FROM range(10)", limits=limits).num_rows == 10
        return
    with pytest.raises(Unanswered, match=r"more than the 9 rows.*ICTDEV_SQL_ROWS"):
        sandbox.run(release, "FROM range(10)", limits=limits)


@pytest.mark.parametrize(
    ("text", "raised"), [("SELECT vlaue FROM observation", "vlaue"), ("SELECT error('my own')", "my own")]
)
def test_a_mistake_says_what_and_where(release, text, raised):
    with pytest.raises(Unanswered) as caught:
        sandbox.run(release, text)
    assert raised in caught.value.why
    assert "SHOW TABLES" in caught.value.next_step


def test_what_the_process_knows_of_its_surroundings_is_little(release, monkeypatch):
    monkeypatch.setenv("HOME", "/home/nobody-else-should-know")
    known = sandbox.run(release, "SELECT coalesce(value, '') AS value FROM duckdb_settings()")["value"].to_pylist()
    assert not [value for value in known if "nobody-else-should-know" in value]


def test_a_child_that_breaks_is_told_as_such(release, monkeypatch):
    monkeypatch.setattr(bounded, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(Unanswered, match=r"SIGSEGV.*ICTDEV_SQL_MEMORY"):
        sandbox.run(release, "SELECT '" + "x" * 1_000_000 + "'")


def test_a_child_that_does_not_start_is_told_as_such(release, monkeypatch):
    monkeypatch.setattr(bounded, "_START", "import not_installed")
    with pytest.raises(IctdevError, match="not_installed"):
        sandbox.run(release, "SELECT 1")


def test_the_working_folder_is_nothing_to_import_from(release, tmp_path, monkeypatch):
    (tmp_path / "duckdb.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert sandbox.run(release, "SELECT 1").num_rows == 1


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("content", [None, b"gone" * 5000])
def test_a_damaged_release_is_told(home, refresh, tmp_path, content):
    refresh(bundle=write_bundle(tmp_path / "b", [{}]))
    release = pointer.newest(home)
    release.database.unlink()
    if content:
        release.database.write_bytes(content)
    with pytest.raises(Invalid, match="the release"):
        sandbox.run(release, "SELECT 1")


def _command(released, *words: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "--home", str(released.root), "sql", *words],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_tells_an_error_once_and_heeds_the_settings(released):
    done = _command(released, "FROM range(3)", ICTDEV_SQL_ROWS="2")
    out, err = done.communicate()
    assert (done.returncode, out) == (1, "")
    assert err.count("ictdev: no answer") == 1
    assert err.count("more than the 2 rows") == 1
    assert len(err.splitlines()) == 4


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_stops_the_query_too(released):
    command = _command(released, EXCESSIVE["a sum without end"])
    process = psutil.Process(command.pid)
    while not _children(process):
        assert command.poll() is None
        time.sleep(0.02)
    (child,) = _children(process)
    command.send_signal(signal.SIGINT)
    _, err = command.communicate()
    assert command.returncode == 130
    assert "Traceback" not in err
    assert not child.is_running()
