"""The engine of checks is loaded ahead only where a run is sure to need it."""

import subprocess
import sys

_LOAD = """
import sys
from pathlib import Path
from flows.preload import load_engine
from warehouse.home import Home
print(load_engine(Home(Path(sys.argv[1]))), "great_expectations" in sys.modules)
"""


def _loaded(root) -> list[str]:
    command = [sys.executable, "-c", _LOAD, str(root)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_a_first_refresh_loads_it_a_later_one_waits(tmp_path):
    assert _loaded(tmp_path) == ["True", "True"]
    (tmp_path / "settled").mkdir()
    assert _loaded(tmp_path) == ["False", "False"]
