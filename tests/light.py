"""Refreshes without what a test does not look at; a test asks for them by name, the whole refresh is the usual one."""

from collections.abc import Callable
from typing import Any

from flows import derive, pages, settle, staging, third_gate
from schemas.suites import received, stored
from tests import plain_judge
from warehouse import models

FEW_TABLES = (
    *("observation_history", "preferred_source", "derivation_history", "source", "indicator", "area", "area_group"),
    *("snapshot", "run"),
)
"""What reading observations, both clocks and sources takes."""
Replace = Callable[[Any, str, Any], None]


def ungate(replace: Replace = setattr) -> None:
    """Judge the first two gates in plain pandas; leave out the gate before the release, and its pages."""
    replace(third_gate, "check", lambda _con: third_gate.Verdict())
    replace(pages, "write", pages.leave_out)
    for suite in (received, stored):
        replace(suite, "run", plain_judge.run)


def lighten(replace: Replace = setattr, tables: tuple[str, ...] = FEW_TABLES) -> None:
    """Leave derived figures out as well, and all tables of a release but these."""
    ungate(replace)
    replace(settle, "TABLES", tables)
    replace(staging, "_derive", lambda store, _vintage: models.define(store.con, derive.reference()))
