"""What a check is and what it says: an id, how grave it is, what it means in plain words, and what to do.

The engine that runs checks is in `schemas/suites/`; this module is light, so that whoever only reads results need
not load it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

Record = dict[str, Any]
"""The account of one gate's run, in the form in which the engine of checks writes and loads its own."""
Severity = Literal["fail", "warn", "info"]
DIMENSIONS = ("accuracy", "coherence", "completeness", "timeliness", "accessibility", "relevance")
"""Of the European Statistical System's quality framework: where a check has its place."""
MAX_KEYS = 500
"""So many failing rows of a check are named."""

QUALITY_CHECK = pa.schema(
    [
        ("gate", pa.string()),
        ("source", pa.string()),
        ("check_id", pa.string()),
        ("severity", pa.string()),
        ("passed", pa.bool_()),
        ("rows_checked", pa.int64()),
        ("rows_failed", pa.int64()),
        ("examples", pa.string()),
        ("meaning", pa.string()),
        ("next_step", pa.string()),
        ("dimension", pa.string()),
        ("owner_table", pa.string()),
        ("failing_keys", pa.list_(pa.string())),
    ]
)
"""One row per check and source: what was asked, how it went, and examples of what failed."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that figures must keep.

    `dimension` is one of DIMENSIONS.
    """

    id: str
    severity: Severity
    meaning: str
    next_step: str
    dimension: str
    table: str = "observation"
    """Table that the rule is about."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one check went on one source's figures."""

    gate: str
    source: str
    check: Check
    passed: bool
    rows_checked: int
    rows_failed: int
    examples: str
    failing_keys: tuple[str, ...] = ()
    """The failing rows by their keys, at most MAX_KEYS of them."""

    @property
    def holds(self) -> bool:
        """True when the source must be held because of this result."""
        return not self.passed and self.check.severity == "fail"

    def sentence(self) -> str:
        """Say in one line what failed, on how many rows, with examples."""
        return f"{self.check.id}: {self.check.meaning} {self.rows_failed:,} rows, for example {self.examples}"


def result_table(results: list[Result]) -> pa.Table:
    """Give results as rows of `quality_check`."""
    rows = [
        {
            "gate": result.gate,
            "source": result.source,
            "check_id": result.check.id,
            "severity": result.check.severity,
            "passed": result.passed,
            "rows_checked": result.rows_checked,
            "rows_failed": result.rows_failed,
            "examples": result.examples,
            "meaning": result.check.meaning,
            "next_step": result.check.next_step,
            "dimension": result.check.dimension,
            "owner_table": result.check.table,
            "failing_keys": list(result.failing_keys),
        }
        for result in results
    ]
    return pa.Table.from_pylist(rows, schema=QUALITY_CHECK)
