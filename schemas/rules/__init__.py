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


FIGURE = "source, indicator, ref_area, time_period, sex, age, urbanisation, breakdown"
_SERIES = (
    "PARTITION BY source, indicator, ref_area, sex, age, urbanisation, breakdown, length(time_period) "
    "ORDER BY time_period"
)
_STEADY = "length(time_period) = 4 AND indicator <> 'broadband_tests'"
"""Figures that have neighbours in time: yearly ones. Quarters have seasons, and people test as they please."""
PREPARED: Mapping[str, str] = {
    "checked_current": "SELECT * EXCLUDE (note, record, series_code) FROM observation",
    "checked_preferred": "SELECT * EXCLUDE (note, record, snapshot, series_code) FROM observation_preferred",
    "checked_figure": f"""
SELECT o.* EXCLUDE (snapshot, edition), a.kind AS area_kind,
  o.unit LIKE 'per%' AND o.unit <> 'persons' AS is_rate,
  CASE WHEN {_STEADY} THEN lag(value) OVER series END AS before,
  CASE WHEN {_STEADY} THEN lead(value) OVER series END AS after,
  CASE WHEN {_STEADY} THEN lag(year) OVER series END AS year_before,
  CASE WHEN {_STEADY} THEN lead(year) OVER series END AS year_after,
  CASE WHEN {_STEADY} THEN lag(value, 2) OVER series END AS before_that
FROM checked_current o LEFT JOIN area a USING (ref_area)
WHERE o.source <> 'ictdev'
WINDOW series AS ({_SERIES})""",
    "checked_extent": "SELECT source, indicator, count(*) AS figures FROM checked_figure GROUP BY ALL",
    "checked_change": f"""
WITH moment AS (SELECT max(greatest(vintage_from, coalesce(vintage_to, vintage_from))) AS vintage
                FROM observation_history WHERE source <> 'ictdev'),
closed AS (SELECT * FROM observation_history, moment
           WHERE vintage_to = vintage AND vintage_from < vintage AND source <> 'ictdev'),
opened AS (SELECT * FROM observation_history, moment
           WHERE vintage_from = vintage AND vintage_to IS NULL AND source <> 'ictdev')
SELECT {FIGURE}, c.value AS value_before, o.value, c.obs_status AS status_before, o.obs_status,
  o.value IS NULL AS is_gone
FROM closed c LEFT JOIN opened o USING ({FIGURE})
WHERE coalesce(c.cause_to, '') IN ('source revised', 'source removed')
  AND (o.value IS NULL OR o.obs_status <> c.obs_status OR abs(o.value - c.value) > 5e-11 * abs(c.value))""",
    "checked_member": """
SELECT group_code, ref_area, coalesce(year(valid_from + INTERVAL 184 DAY), 0) AS year_from,
  coalesce(year(valid_to + INTERVAL 184 DAY), 9999) AS year_to
FROM area_group""",
}
"""Tables made once before the rules run: what is current and preferred, publishers' figures with their neighbours in
time, how many there are, what the newest answer changed in them, and membership by year."""
