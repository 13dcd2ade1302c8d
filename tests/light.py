"""Light refreshes: history, journal, gates and a release of few tables, without what a test does not look at."""

from collections.abc import Callable
from typing import Any

from flows import derive, settle, staging, third_gate
from schemas.suites import received, stored
from tests import plain_judge
from warehouse import models

FEW_TABLES = ("observation_history", "source", "indicator", "area", "area_group", "snapshot", "run")
"""What reading observations, both clocks and sources takes."""


def lighten(replace: Callable[[Any, str, Any], None] = setattr, tables: tuple[str, ...] = FEW_TABLES) -> None:
    """Leave derived figures and the gate before the release out; judge the first two gates in plain pandas.

    `tables` are those of a release.
    """
    replace(settle, "TABLES", tables)
    replace(staging, "_derive", lambda store, _vintage: models.define(store.con, derive.reference()))
    replace(third_gate, "check", lambda _con: third_gate.Verdict())
    for suite in (received, stored):
        replace(suite, "run", plain_judge.run)
