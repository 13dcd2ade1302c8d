"""Targets: what a framework asks for, the value it is held against, by when, where that is written, and how surely.

One file per framework in `indicators/targets/`: a resolution's own targets, and those of the instruments it names.
"""

import math
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import pyarrow as pa
from pydantic import model_validator

from indicators.definition import Certainty, Filled, Folder, Strict, Text, read_folder, repeated, unusable

GUIDE = "docs/add-a-mandate.md"


class Question(Text):
    """The target as a question that a reader would ask."""


class Benchmark(Strict):
    """A value that the mandate itself states."""

    year: int
    value: float


class Target(Strict):
    """One target. `within` means between −value and +value.

    Where the framework names no number, `value` and `comparison` stay empty; where no series tells of the target,
    `series` is none and `why` says why.
    """

    id: Filled
    paragraph: Filled
    """Paragraph of the resolution, or the number that the framework gives the target."""
    question: Question
    indicator: str = ""
    series: Literal["held", "none"] = "held"
    why: str = ""
    area: str = ""
    breakdown: str = "_T"
    comparison: Literal["at_least", "more_than", "at_most", "within"] | None = None
    value: float | None = None
    deadline: int
    base_year: int | None = None
    benchmark: Benchmark | None = None
    written_in: Filled
    """Document and place in it."""
    url: str = ""
    certainty: Certainty = "unconfirmed"
    note: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> "Target":
        held = self.series == "held"
        if held and not (self.indicator and self.area and self.base_year):
            raise ValueError("indicator, area and base_year are needed, or series: none with why")
        if held == bool(self.why):
            raise ValueError("why is needed where series is none, and only there")
        if (self.value is None) != (self.comparison is None):
            raise ValueError("value and comparison go together")
        return self

    def met_by(self, value: float) -> bool:
        """Tell whether a value meets the target; nothing meets one that names no number."""
        return self.distance(value) <= 0 and not (self.comparison == "more_than" and value == self.value)

    def distance(self, value: float) -> float:
        """How far a value is from the target, in its own unit; zero or less when it is met, NaN without a number."""
        asked = math.nan if self.value is None else self.value
        if self.comparison == "within":
            return abs(value) - asked
        return value - asked if self.comparison == "at_most" else asked - value


class Framework(Strict):
    """One file of `indicators/targets/`. `mandate` is the symbol or name by which the framework is asked for."""

    mandate: Filled
    targets: tuple[Target, ...]


@cache
def load() -> tuple[Framework, ...]:
    """Give every framework. Raises Invalid, naming file and key."""
    return read(files("indicators") / "targets")


def read(folder: Folder) -> tuple[Framework, ...]:
    """Give the frameworks of a folder. Raises Invalid where a file is wrong, or where an id stands twice."""
    found = read_folder(folder, Framework, GUIDE)
    twice = repeated([target.id for framework in found.values() for target in framework.targets])
    if twice:
        raise unusable("indicators/targets", f"the target {twice} stands there twice", GUIDE)
    return tuple(found.values())


def read_files() -> dict[str, Framework]:
    """Give the frameworks by the names of their files, without their ending."""
    return read_folder(files("indicators") / "targets", Framework, GUIDE)


def ids() -> frozenset[str]:
    """Give the ids of all targets."""
    return frozenset(target.id for framework in load() for target in framework.targets)


_TEXT, _NUMBER, _YEAR = pa.string(), pa.float64(), pa.int64()
_SCHEMA = pa.schema(
    [
        ("mandate", _TEXT),
        ("id", _TEXT),
        ("paragraph", _TEXT),
        ("indicator", _TEXT),
        ("series", _TEXT),
        ("why", _TEXT),
        ("area", _TEXT),
        ("breakdown", _TEXT),
        ("comparison", _TEXT),
        ("value", _NUMBER),
        ("deadline", _YEAR),
        ("base_year", _YEAR),
        ("written_in", _TEXT),
        ("url", _TEXT),
        ("certainty", _TEXT),
        ("note", _TEXT),
        ("question_en", _TEXT),
        ("question_zh", _TEXT),
        ("benchmark_year", _YEAR),
        ("benchmark_value", _NUMBER),
    ]
)


def table() -> pa.Table:
    """Give the table `target`."""
    rows = [_row(framework, target) for framework in load() for target in framework.targets]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _row(framework: Framework, target: Target) -> dict[str, Any]:
    return {
        **target.model_dump(include=set(_SCHEMA.names)),
        "mandate": framework.mandate,
        "question_en": target.question.en,
        "question_zh": target.question.zh,
        "benchmark_year": target.benchmark.year if target.benchmark else None,
        "benchmark_value": target.benchmark.value if target.benchmark else None,
    }
