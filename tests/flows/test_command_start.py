"""A command loads what it uses: whoever asks a question does not wait for what a refresh needs."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from flows import options, untouched
from flows.settings import Settings
from tests.conftest import refreshed, write_bundle
from warehouse.home import Home

_RUN = """
import sys
from flows.cli import main
try:
    main()
except SystemExit as ended:
    status = ended.code
sys.stderr.write("\\n" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(status)
"""
REFRESH = {
    "prefect",
    "great_expectations",
    "scipy",
    "pysdmx",
    "altair",
    "vl_convert",
    "openpyxl",
    "httpx",
    "sqlalchemy",
}
"""What only a refresh, a report or an export needs."""
ANSWER = REFRESH | {"pandas", "pydantic_settings", "jinja2", "yaml"}
START = ANSWER | {"duckdb", "pyarrow", "numpy", "pydantic", "rich"}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("small"))
    refreshed(home, bundle=write_bundle(tmp_path_factory.mktemp("bundle"), [{}]))
    return home


def _loaded(*arguments: str, home: Home | None = None, **environment: str) -> set[str]:
    """Run a command in an interpreter of its own; give the packages that it loaded."""
    given = {name: text for name, text in os.environ.items() if not name.upper().startswith(untouched.PREFIX)}
    if home is not None:
        given["ICTDEV_HOME"] = str(home.root)
    command = [sys.executable, "-c", _RUN, *arguments]
    done = subprocess.run(command, env={**given, **environment}, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("sql", "--help"), ("refresh", "--help")])
def test_help_and_version_load_nothing_heavy(arguments):
    loaded = _loaded(*arguments)
    assert not loaded & (START - {"pydantic"} if len(arguments) > 1 else START)


QUESTIONS = {
    "sql": (("sql", "select 1"), ANSWER | {"duckdb"}),
    "status": (("status",), ANSWER - {"pandas", "yaml"}),
    "assess": (("assess",), ANSWER - {"pandas", "yaml"}),
    "why": (("why", "internet_users", "SEN", "2020"), REFRESH),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_loads_only_what_answers_it(small, name):
    arguments, heavy = QUESTIONS[name]
    assert not _loaded(*arguments, home=small) & heavy


def test_settings_are_read_by_their_model_where_any_is_set(small):
    assert "pydantic_settings" in _loaded("sql", "select 1", home=small, ICTDEV_SQL_ROWS="5")


@pytest.fixture
def bare(monkeypatch, tmp_path) -> Path:
    """A folder without settings, and an environment without any."""
    for name in [name for name in os.environ if name.upper().startswith(untouched.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options, "given", options.Given())
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "plain"),
    [
        ({}, True),
        ({"ICTDEV_HOME": "elsewhere"}, True),
        ({"ICTDEV_SQL_ROWS": "5"}, False),
        ({"ictdev_home": "a"}, False),
    ],
)
@pytest.mark.parametrize("named", [None, Path("named")])
def test_both_ways_give_the_same(bare, monkeypatch, environment, plain, named):
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(options, "given", options.Given(home=named))
    model = Settings(**({"home": named} if named else {}))
    assert (untouched.home() is not None) == plain
    assert options.home().root == Home(model.home).root
    assert options.sql_limits() == model.sql_limits()


def test_a_file_of_settings_has_the_word(bare):
    (bare / untouched.FILE).write_text("sql_rows = 7\nhome = 'there'\n")
    assert tomllib.loads((bare / untouched.FILE).read_text())["sql_rows"] == options.sql_limits().rows == 7
    assert options.home().root == Home(Path("there")).root
