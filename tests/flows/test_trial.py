"""Trying a file: what would be taken in and set aside, with nothing stored and without Prefect."""

import json
import subprocess
import sys

import pytest

from flows import cli
from tests.exchanges import page, row

CODE = """
import sys
sys.argv = ["ictdev", *sys.argv[1:]]
from flows import trial
shown = trial._show_reading
def noting(one):
    shown(one)
    print("engine loaded:", "great_expectations" in sys.modules)
trial._show_reading = noting
from flows.cli import app
try:
    app()
finally:
    print("prefect loaded:", "prefect" in sys.modules)
"""


@pytest.fixture
def sound(tmp_path):
    """A page of the World Bank with two figures."""
    path = tmp_path / "page.json"
    path.write_bytes(page(row(), row("GHA")))
    return path


@pytest.fixture
def ictdev(monkeypatch, capsys, home):
    """Run a command in this process; gives exit status, stdout and stderr."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["ictdev", "--home", str(home.root), *words])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return call


def test_sound_file(ictdev, sound):
    status, out, _ = ictdev("try", f"world_bank={sound}")
    assert status == 0
    assert "read       2 figures" in out
    assert "IT.NET.USER.ZS\tinternet_users\tpercent_of_population\t2\t2" in out
    assert "A refresh would take in 2 figures and set aside 0 records." in out


def test_nothing_is_stored(ictdev, sound, home):
    ictdev("try", f"world_bank={sound}")
    assert not home.root.exists()


def test_records_set_aside_are_shown_with_their_reason(ictdev, tmp_path):
    path = tmp_path / "page.json"
    path.write_bytes(page(*(row(area) for area in ("SEN", "GHA", "KEN", "NGA", "MLI")), row("XQX", value=3)))
    _, out, _ = ictdev("try", f"world_bank={path}")
    assert "set aside  1 unmapped_area" in out
    assert "XQX" in out


def test_a_file_that_cannot_be_read(ictdev, tmp_path):
    path = tmp_path / "page.json"
    path.write_text("<html>login</html>")
    status, out, err = ictdev("try", f"world_bank={path}")
    assert status == 4
    assert "A refresh would take in nothing of this." in out
    assert "HTML" in err


def test_one_of_two_files(ictdev, sound, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("<html>login</html>")
    status, out, _ = ictdev("try", f"world_bank={sound}", f"world_bank={bad}")
    assert status == 3
    assert "the files named above would be quarantined" in out


def test_plain_data(ictdev, sound):
    status, out, _ = ictdev("try", f"world_bank={sound}", "--format", "json")
    (told,) = json.loads(out)
    assert (status, told["state"], told["figures"], told["rejects"]) == (0, "good", 2, [])
    assert all(check["passed"] for check in told["checks"])
    assert told["first_rows"][0]["ref_area"] == "SEN"


@pytest.mark.parametrize("named", ["world_bank", "nobody=x.json", "world_bank=absent.json"])
def test_what_is_no_file_of_a_source(ictdev, named):
    assert ictdev("try", named)[0] == 2


def test_the_reading_is_shown_before_the_engine_is_loaded_and_prefect_never_is(sound):
    ended = subprocess.run(
        [sys.executable, "-c", CODE, "try", f"world_bank={sound}"], capture_output=True, text=True, check=False
    )
    assert "engine loaded: False" in ended.stdout, ended.stderr
    assert "prefect loaded: False" in ended.stdout
    assert "A refresh would take in 2 figures" in ended.stdout
