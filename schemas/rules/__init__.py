"""Rules on the tables of a release, as SQL that returns the rows that break them.

A rule is a function that gives a query; its docstring is the sentence that a reader sees. The query's first columns
are those of `KEYS` that the rule can name; what follows shows what is wrong. Who runs the queries is the warehouse,
who decides is `schemas/suites/published.py`. `docs/add-a-check.md` shows how to add one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from schemas.check import Check, Severity
from schemas.rules.prepared import FIGURE, PREPARED

__all__ = ["FIGURE", "KEYS", "PREPARED", "SqlRule", "published", "rule"]

Query = Callable[[], str]
KEYS = ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
"""Columns by which a breaking row is named in `failing_keys`, where a query has them."""
MODULES = ("tables", "coherence", "course", "between_sources", "groups")
_FOUND: dict[str, "SqlRule"] = {}


@dataclass(frozen=True, slots=True)
class SqlRule:
    """A check and the query that returns the rows that break it."""

    check: Check
    query: str


def rule(id: str, severity: Severity, *, table: str, dimension: str, next_step: str) -> Callable[[Query], Query]:  # noqa: A002
    """Register a function that gives the query of a rule on a table of the release."""

    def register(function: Query) -> Query:
        meaning = " ".join((function.__doc__ or "").split())
        if id in _FOUND:
            raise ValueError(f"two rules are called {id}")
        _FOUND[id] = SqlRule(Check(f"published_{id}", severity, meaning, next_step, dimension, table), function())
        return function

    return register


@cache
def published() -> Mapping[str, SqlRule]:
    """Give every rule by the id of its check, in the order of the modules."""
    for name in MODULES:
        import_module(f"schemas.rules.{name}")
    return {one.check.id: one for one in _FOUND.values()}
