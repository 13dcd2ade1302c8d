"""Copies of a home whose newest release was changed by hand, to try what no publisher has sent yet."""

import shutil
from pathlib import Path

import duckdb

from warehouse.home import Home
from warehouse.pointer import newest


def changed_copy(home: Home, root: Path, *statements: str) -> Home:
    """Copy the newest release and its pointer, and run statements on the copy."""
    release = newest(home)
    copy = Home(root)
    copy.releases.mkdir(parents=True)
    shutil.copytree(release.folder, copy.releases / release.vintage)
    shutil.copy(home.pointer, copy.pointer)
    with duckdb.connect(str(newest(copy).database)) as con:
        for statement in statements:
            con.execute(statement)
    return copy
