"""The first two gates judged by plain pandas; tests/bad/test_plain_judge.py compares it with Great Expectations."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from schemas.check import Record, Result
from schemas.suites import gate
from schemas.suites.gate import Rule, Suite

Bad = Callable[[pd.DataFrame, Any], pd.Series]


def _in_set(frame: pd.DataFrame, asked: Any) -> pd.Series:
    column = frame[asked.column]
    return column.notna() & ~column.isin(asked.value_set)


def _not_in_set(frame: pd.DataFrame, asked: Any) -> pd.Series:
    return frame[asked.column].isin(asked.value_set)


def _no_match(frame: pd.DataFrame, asked: Any) -> pd.Series:
    return frame[asked.column].fillna("").astype(str).str.contains(asked.regex, regex=True)


def _at_least(frame: pd.DataFrame, asked: Any) -> pd.Series:
    return frame[asked.column] < asked.min_value


def _pair(frame: pd.DataFrame, asked: Any) -> pd.Series:
    """Column A is B or greater; a row with a missing side counts only where the rule looks at it."""
    greater, less = frame[asked.column_A], frame[asked.column_B]
    missing = greater.isna() | less.isna()
    return ~(greater >= less) & ~missing


def _unique(frame: pd.DataFrame, asked: Any) -> pd.Series:
    return frame.duplicated(asked.column_list, keep=False)


KINDS: dict[str, Bad] = {
    "ExpectColumnValuesToBeInSet": _in_set,
    "ExpectColumnValuesToNotBeInSet": _not_in_set,
    "ExpectColumnValuesToNotMatchRegex": _no_match,
    "ExpectColumnValuesToBeBetween": _at_least,
    "ExpectColumnPairValuesAToBeGreaterThanB": _pair,
    "ExpectCompoundColumnsToBeUnique": _unique,
}


def run(suite: Suite, source: str, frame: pd.DataFrame, _kept: list[Record] | None = None) -> list[Result]:
    """Judge a frame as `schemas.suites.gate.run` does; takes the same, keeps no record of an engine."""
    return [_result(suite.gate, source, frame, rule) for rule in suite.rules]


def _result(name: str, source: str, frame: pd.DataFrame, rule: Rule) -> Result:
    kind = type(rule.expectation).__name__
    if kind == "ExpectTableColumnsToMatchSet":
        passed = set(frame.columns) == set(rule.expectation.column_set)
        return Result(name, source, rule.check, passed, len(frame), 0, "" if passed else "other columns")
    bad = KINDS[kind](frame, rule.expectation)
    failed = int(bad.sum())
    if not failed:
        return Result(name, source, rule.check, True, len(frame), 0, "")
    rows = frame[bad]
    examples = gate._examples(rows, rule, {}, None)
    return Result(name, source, rule.check, False, len(frame), failed, examples, gate._keys(rows, rule))
