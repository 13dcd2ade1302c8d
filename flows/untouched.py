"""Where nothing is set but the home: commands that only read start without the model of all settings.

The model (`flows/settings.py`) takes longer to load than DuckDB takes to answer. Where any other setting, or a file of
settings, could be meant, it has the word: its validation and its messages are the only ones.
"""

import os
from pathlib import Path

HOME = Path("data")
"""Where snapshots, history and releases lie, if nobody says otherwise."""
FILE = "ictdev.toml"
PREFIX = "ICTDEV_"
_HOME = f"{PREFIX}HOME"


def home() -> Path | None:
    """Give the home that the environment names, or the default; None where more is set than that."""
    if Path(FILE).exists():
        return None
    given = {name: text for name, text in os.environ.items() if name.upper().startswith(PREFIX)}
    if given.keys() - {_HOME}:
        return None
    return Path(given[_HOME]) if _HOME in given else HOME
