"""The rules of standing as they are written down: for each case its status and its reason in words."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import pyarrow as pa
from pydantic import Field, model_validator

from indicators.definition import Filled, Strict
from schemas.strict_file import parse_strictly

Status = Literal["met", "missed", "on track", "off track", "no progress", "moving away", "cannot say"]
Case = Literal[
    "no_figure", "no_number", "met_by_deadline", "missed", "missed_reached_later", "met_before_deadline",
    "no_figure_at_deadline", "met", "too_few", "moving_away", "no_progress", "on_track", "off_track",
]  # fmt: skip
PLACE = "indicators/status.yml"


class Rule(Strict):
    """What is said in one case; `reason` takes the values that `when` speaks of by name."""

    when: Filled
    status: Status
    reason: Filled


class Rules(Strict):
    """The file: `standstill` is the share of the remaining distance that must be covered in a year to count."""

    method: Filled
    version: Filled
    grace_years: int = Field(ge=0)
    standstill: float = Field(gt=0, lt=1)
    rules: dict[Case, Rule]

    @model_validator(mode="after")
    def _knows_every_case(self) -> "Rules":
        missing = [case for case in get_args(Case) if case not in self.rules]
        if missing:
            raise ValueError(f"rules are missing: {', '.join(missing)}")
        return self

    def say(self, case: Case, **told: Any) -> tuple[Status, str]:
        """Give the status and the reason of a case, with what is told of it."""
        rule = self.rules[case]
        return rule.status, rule.reason.format(**told)


@cache
def load() -> Rules:
    """Give the rules. Raises Invalid, naming file and key."""
    return parse((files("indicators") / "status.yml").read_text(encoding="utf-8"))


def parse(text: str) -> Rules:
    """Read the file's text."""
    return parse_strictly(PLACE, text, Rules, "docs/methods.md")


def table() -> pa.Table:
    """Give the table `status_rule`."""
    rules = load()
    rows = [
        {"position": position, "rule": case, **rule.model_dump(), "method": rules.method, "version": rules.version}
        for position, (case, rule) in enumerate(rules.rules.items(), start=1)
    ]
    names = ("rule", "when", "status", "reason", "method", "version")
    schema = pa.schema([("position", pa.int32()), *((name, pa.string()) for name in names)])
    return pa.Table.from_pylist(rows, schema=schema).rename_columns({"when": "applies_when"})
