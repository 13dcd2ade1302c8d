"""The one writer and its lock."""

import multiprocessing
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest

from schemas.errors import Busy, IctdevError
from warehouse.home import next_vintage, parse_vintage, vintage_text, write_atomically
from warehouse.lock import exclusive
from warehouse.store import Store


def test_two_refreshes_cannot_hold_one_home(home):
    with exclusive(home), pytest.raises(Busy) as caught, exclusive(home):
        pass
    assert str(os.getpid()) in caught.value.why
    assert caught.value.exit_status == 5


def _hold(root, ready):
    from warehouse.home import Home  # noqa: PLC0415 - runs in a process of its own

    with exclusive(Home(root)):
        ready.set()
        time.sleep(60)


def test_a_killed_process_leaves_no_lock_behind(home):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=_hold, args=(home.root, ready))
    other.start()
    assert ready.wait(30)
    with pytest.raises(Busy), exclusive(home):
        pass
    other.kill()
    other.join()
    with exclusive(home):
        pass


def test_another_process_that_has_the_history_open_is_told_with_the_next_step(home):
    with Store(home):
        code = f"import duckdb; duckdb.connect({str(home.history)!r})"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode != 0
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(home.history)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"open"
        with pytest.raises(IctdevError, match=r"cannot be opened.*Do not delete"), Store(home):
            pass
    finally:
        holder.kill()
        holder.wait()


def test_a_file_that_is_no_database_is_told(home):
    home.create()
    home.history.write_bytes(b"this is not a database" * 500)
    with pytest.raises(IctdevError, match="cannot be opened"), Store(home):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    from warehouse.home import Home  # noqa: PLC0415

    (tmp_path / "file").write_text("")
    with pytest.raises(IctdevError, match="cannot be written"):
        Home(tmp_path / "file" / "home").create()


def test_a_vintage_is_later_than_the_last_even_if_the_clock_was_set_back():
    future = datetime(2999, 1, 1)
    assert next_vintage(future) == future + timedelta(seconds=1)
    assert next_vintage(None) <= datetime.fromisoformat("2999-01-01")


def test_a_vintage_is_read_back_from_its_name():
    moment = datetime(2026, 11, 23, 18, 4, 12)
    assert parse_vintage(vintage_text(moment)) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23", datetime(2026, 11, 23, 23, 59, 59, 999999)),
        ("2026-11-23T10:00", datetime(2026, 11, 23, 10)),
        ("2026-11-23T10:00+02:00", datetime(2026, 11, 23, 8)),
    ],
)
def test_a_day_means_its_end_and_a_moment_is_utc(text, moment):
    assert parse_vintage(text) == moment


def test_writing_atomically_leaves_the_old_file_when_it_fails(tmp_path, monkeypatch):
    path = tmp_path / "latest.json"
    write_atomically(path, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["latest.json"]
