"""`make setup` makes what is kept per installed version, so that no refresh waits for it."""

import os
import subprocess
import sys

import pytest

from dashboards.site.build import chart_library
from flows import prepare
from schemas import kept

_ASK = """
import sys
from dashboards.site.build import chart_library
print(len(chart_library()), "vl_convert" in sys.modules)
"""


def _ask(folder) -> list[str]:
    environment = {**os.environ, kept.VARIABLE: str(folder)}
    done = subprocess.run([sys.executable, "-c", _ASK], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.split()


@pytest.fixture(autouse=True)
def _nothing_in_memory():
    chart_library.cache_clear()
    yield
    chart_library.cache_clear()


def test_the_charts_library_is_loaded_only_where_it_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    prepare.vega()
    size = str(len(chart_library()))
    assert _ask(tmp_path) == [size, "False"]
    (place,) = tmp_path.iterdir()
    place.write_bytes(place.read_bytes()[:-1])  # damaged: made anew
    assert _ask(tmp_path) == [size, "True"]
    assert _ask(tmp_path) == [size, "False"]


def test_main_runs_every_maker(monkeypatch):
    made: list[int] = []
    monkeypatch.setattr(prepare, "MAKERS", (lambda: made.append(1), lambda: made.append(2)))
    prepare.main()
    assert made == [1, 2]
