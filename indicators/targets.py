"""Targets: what a mandate's paragraph asks for, the value it is held against, by when, and where that is written."""

from functools import cache
from importlib.resources import files
from typing import Literal

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import Invalid


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Strict):
    """The target as a question that a reader would ask."""

    en: str
    zh: str


class Benchmark(_Strict):
    """A value that the mandate itself states."""

    year: int
    value: float


class Target(_Strict):
    """One target. `within` means between −value and +value."""

    id: str
    paragraph: str
    question: Question
    indicator: str
    area: str
    breakdown: str = "_T"
    comparison: Literal["at_least", "more_than", "at_most", "within"]
    value: float
    deadline: int
    base_year: int
    benchmark: Benchmark | None = None
    written_in: str
    note: str = ""

    def met_by(self, value: float) -> bool:
        """Tell whether a value meets the target."""
        return self.distance(value) <= 0 and not (self.comparison == "more_than" and value == self.value)

    def distance(self, value: float) -> float:
        """How far a value is from the target, in its own unit; zero or less when it is met."""
        if self.comparison == "within":
            return abs(value) - self.value
        return value - self.value if self.comparison == "at_most" else self.value - value


class Framework(_Strict):
    """One file of `indicators/targets/`."""

    mandate: str
    targets: tuple[Target, ...]


@cache
def load() -> tuple[Framework, ...]:
    """Give every file. Raises Invalid, naming file and key."""
    folder = files("indicators") / "targets"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".yml")), key=lambda path: path.name)
    return tuple(_parse(path.name, path.read_text(encoding="utf-8")) for path in paths)


def _parse(name: str, text: str) -> Framework:
    try:
        return Framework.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise Invalid(f"indicators/targets/{name} cannot be used", why=str(error).replace("\n", " ")[:300]) from error


_COLUMNS = (
    "id", "paragraph", "indicator", "area", "breakdown", "comparison", "value", "deadline", "base_year", "written_in",
    "note",
)  # fmt: skip


def table() -> pa.Table:
    """Give the table `target`."""
    rows = [
        {
            "mandate": framework.mandate,
            **{name: getattr(target, name) for name in _COLUMNS},
            "question_en": target.question.en,
            "question_zh": target.question.zh,
            "benchmark_year": target.benchmark.year if target.benchmark else None,
            "benchmark_value": target.benchmark.value if target.benchmark else None,
        }
        for framework in load()
        for target in framework.targets
    ]
    return pa.Table.from_pylist(rows)
