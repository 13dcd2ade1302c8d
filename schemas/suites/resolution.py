"""The resolution's targets as a suite: each promise is an expectation, kept or not, and never a fault of the figures.

The promises are handed in with their figures, because contracts know nothing of targets. One that no figure tells of
is written down as `cannot say`, with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import great_expectations.expectations as gxe
import pandas as pd

from schemas.check import Check, Record, Result, Severity
from schemas.suites.gate import Rule, Suite, run

OURS = "ictdev"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is asked for, and the figures that tell how far it is kept."""

    id: str
    paragraph: str
    direction: str
    """How figure and target are compared: at_least, more_than, at_most, within."""
    meaning: str
    low: float | None
    high: float | None
    figures: Sequence[tuple[str, float]]
    """Place and period of each figure, and its value."""
    severity: Severity = "info"
    reason: str = ""
    """Why nothing can be said, where there is no figure."""
    target: float | None = None


def check(promises: Sequence[Promise], kept: list[Record] | None = None) -> list[Result]:
    """Hold each promise against its figures; `kept` takes the engine's own record."""
    suite = Suite("resolution", tuple(_rule(one) for one in promises))
    results = run(suite, OURS, _frame(promises), kept)
    return [_told(one, result) for one, result in zip(promises, results, strict=True)]


def _frame(promises: Sequence[Promise]) -> pd.DataFrame:
    """Give one column of figures and one of places per promise; the engine passes over what is empty."""
    columns: dict[str, pd.Series] = {}
    for one in promises:
        columns[one.id] = pd.Series([value for _, value in one.figures], dtype="float64")
        columns[f"{one.id} place"] = pd.Series([place for place, _ in one.figures], dtype="object")
    return pd.DataFrame(columns)


def _rule(one: Promise) -> Rule:
    step = f"ictdev assess --paragraph {one.paragraph}"
    told = Check(f"resolution_{one.id}", one.severity, one.meaning, step, "relevance", "assessment")
    expected = gxe.ExpectColumnValuesToBeBetween(
        column=one.id, min_value=one.low, max_value=one.high, strict_min=one.direction == "more_than"
    )
    meta = {"paragraph": one.paragraph, "target": one.target, "direction": one.direction}
    return Rule(told, expected, (f"{one.id} place", one.id), meta, locate=len(one.figures) > 1)


def _told(one: Promise, result: Result) -> Result:
    count = len(one.figures)
    if count == 1 and not result.passed:
        place, value = one.figures[0]
        return replace(result, rows_checked=1, examples=f"{place} {value:.6g}", failing_keys=(place,))
    if count:
        return replace(result, rows_checked=count)
    return replace(result, rows_checked=0, examples=f"cannot say: {one.reason or 'no figure is held'}")
