"""All definitions are looked over before a run: every fault at once, with file, line and the nearest known name."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows import definitions
from schemas import rules
from schemas.rules import SqlRule
from schemas.sources import readers
from schemas.strict_file import Fault, Misdefined, line_of

ROOT = Path(__file__).parents[2]
ROOMS = ("flows", "schemas", "indicators", "warehouse", "dashboards")


def test_shipped_definitions_are_sound():
    definitions.require_sound_definitions()
    assert definitions.faults() == ()


@pytest.fixture
def copied(tmp_path):
    """A copy of the packages whose definitions a test may spoil."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def _spoil(folder: Path, place: str, old: str, new: str) -> int:
    """Put one text in the place of another; give the line of it."""
    path = folder / place
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1 + old.startswith("\n")


def _refresh(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli", "--home", str(folder / "home"), "refresh", "--bundled"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_all_faults_are_named_at_once(copied):
    """Faults of five kinds in five places end the command with status 2 before anything is made."""
    users, targets, source = (
        "indicators/catalogue/internet_users.yml",
        "indicators/targets/E-RES-2017-21.yml",
        "schemas/sources/uis.py",
    )
    line = _spoil(copied, users, "\nbounds:", "\nbuonds:")
    targeted = _spoil(copied, targets, "indicator: internet_users", "indicator: internet_usres")
    cadence = _spoil(copied, source, 'cadence="twice a year"', 'cadence="semiannual"')
    _spoil(copied, "schemas/rules/coherence.py", '"fail"', '"fial"')
    ended = _refresh(copied)
    said = " ".join(ended.stderr.split())
    assert ended.returncode == 2, ended.stderr
    assert f"{users}:{line}: buonds: this key is not known; did you mean bounds?" in said
    assert f"{users}:" in said
    assert "bounds: Field required" in said
    assert f"{source}:{cadence}: cadence: there is no “semiannual”" in said
    assert not list((copied / "home").rglob("manifest.json"))
    _spoil(copied, users, "\nbuonds:", "\nbounds:")  # what refers to the catalogue can only be seen when it can be read
    said = " ".join(_refresh(copied).stderr.split())
    assert f"{targets}:{targeted}: targets.0.indicator: there is no indicator “internet_usres”" in said
    assert "did you mean internet_users?" in said
    assert "the severity is “fial”" in said
    assert "schemas/rules/coherence.py:" in said


def _faults_with(monkeypatch, attribute, value):
    monkeypatch.setattr(attribute, value)
    definitions.faults.cache_clear()
    try:
        return [str(fault) for fault in definitions.faults()]
    finally:
        definitions.faults.cache_clear()


def test_unknown_area_scheme(monkeypatch):
    spoiled = {**readers()}
    module = type("Module", (), {"SOURCE": replace(spoiled["uis"].SOURCE, area_scheme="iso4")})
    (fault,) = _faults_with(monkeypatch, "flows.definitions.readers", lambda: {**spoiled, "uis": module})
    assert "area_scheme: there is no “iso4”" in fault


def test_unknown_severity_and_dimension(monkeypatch):
    name, one = next(iter(rules.published().items()))
    spoiled = replace(one.check, severity="wrn", dimension="beauty")  # type: ignore[arg-type]
    wrong = SqlRule(spoiled, one.query)
    found = _faults_with(monkeypatch, "schemas.rules.published", lambda: {name: wrong})
    assert len(found) == 2
    assert "the severity is “wrn”; it must be one of: fail, warn, info" in found[0]
    assert "schemas/rules/" in found[0]


def test_a_fault_is_printed_as_editors_read_it():
    assert str(Fault("a.yml", 3, "x")) == "a.yml:3: x"
    assert str(Fault("a.yml", 0, "x")) == "a.yml: x"
    error = Misdefined([Fault("a.yml", 3, "x"), Fault("b.yml", 0, "y")])
    assert error.exit_status == 2
    assert error.what == "a.yml, b.yml cannot be used"
    assert error.why == "a.yml:3: x\nb.yml: y"


@pytest.mark.parametrize(
    ("location", "line"),
    [((), 1), (("a",), 1), (("b", 1), 4), (("b", 1, "c"), 4), (("b", 7), 2), (("b", "model", 0, "c"), 3), (("z",), 1)],
)
def test_line_of_the_deepest_part_that_is_there(location, line):
    assert line_of("a: 1\nb:\n- c: 2\n- c: 3\n", location) == line
