"""Running rules as SQL on the tables of a release that is about to be published: which rows break which rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from schemas.check import MAX_KEYS
from schemas.rules import KEYS, PREPARED, SqlRule

SHOWN = 3
"""So many breaking rows are written out in full."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule found."""

    rows_checked: int
    rows_failed: int
    examples: str = ""
    failing_keys: tuple[str, ...] = ()
    sources: frozenset[str] = field(default_factory=frozenset)
    """Publishers whose figures break the rule, ours among them."""


def inspect(
    con: duckdb.DuckDBPyConnection, rules: Mapping[str, SqlRule], prepared: Mapping[str, str] = PREPARED
) -> dict[str, Found]:
    """Run every rule on the tables and models of the connection, by the id of its check."""
    for name, query in prepared.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    sizes = {"observation_preferred": _count(con, "checked_preferred")}
    found = {name: _run(con, rule, sizes) for name, rule in rules.items()}
    for name in prepared:
        con.execute(f"DROP TABLE temp.{name}")
    return found


def _run(con: duckdb.DuckDBPyConnection, rule: SqlRule, sizes: dict[str, int]) -> Found:
    table = rule.check.table
    if table not in sizes:
        sizes[table] = _count(con, table)
    result = con.execute(f"SELECT *, count(*) OVER () FROM ({rule.query}) ORDER BY ALL LIMIT {MAX_KEYS}")
    names = [column[0] for column in result.description or []][:-1]
    rows = result.fetchall()
    if not rows:
        return Found(sizes[table], 0)
    broken = [dict(zip(names, row[:-1], strict=True)) for row in rows]
    return Found(
        sizes[table],
        rows[0][-1],
        "; ".join(_shown(row) for row in broken[:SHOWN]),
        tuple(_key(row) for row in broken),
        _sources(con, rule, names),
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _shown(row: Mapping[str, Any]) -> str:
    """Write out a breaking row: its key without the totals, then what is wrong by name."""
    rest = " ".join(f"{name} {_plain(text)}" for name, text in row.items() if name not in KEYS)
    return f"{_key(row)} ({rest})" if rest else _key(row)


def _key(row: Mapping[str, Any]) -> str:
    return " ".join(str(row[name]) for name in KEYS if name in row and row[name] not in ("_T", ""))


def _plain(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _sources(con: duckdb.DuckDBPyConnection, rule: SqlRule, names: list[str]) -> frozenset[str]:
    columns = [name for name in ("source", "other") if name in names]
    if rule.check.severity != "fail" or not columns:
        return frozenset()
    rows = con.execute(f"SELECT DISTINCT unnest([{', '.join(columns)}]) FROM ({rule.query})").fetchall()
    return frozenset(row[0] for row in rows)
