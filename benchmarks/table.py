"""A measured figure beside what it was before and its limit (`limits.toml`): as a line, or as a row of docs/benchmarks.md."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HEAD = "| what | before | now | limit | kept |\n| --- | --- | --- | --- | --- |"
_DIGITS = {"s": 2, "×": 2, "MB": 0, "kB": 2, "processes": 0}


@dataclass(frozen=True)
class Figure:
    """One measured figure; `name` is PART.MEASURE of limits.toml, `detail` what else there is to say of it."""

    name: str
    value: float
    detail: str = ""

    def kept(self) -> bool | None:
        """Tell whether the limit was kept; None where there is none."""
        limit = self._known().get("limit")
        return None if limit is None else self.value <= limit

    def now(self) -> str:
        """Give the value with its unit."""
        return self._number(self.value) + (f" ({self.detail})" if self.detail else "")

    def line(self) -> str:
        """Give the figure as a line for the screen."""
        known = self._known()
        limit = f", limit {self._limit()}: {self._verdict()}" if "limit" in known else ""
        return f"{known['what']}: {self.now()}; before {known['before']}{limit}"

    def row(self) -> str:
        """Give the figure as a row of the table that HEAD begins."""
        return f"| {self._known()['what']} | {self._known()['before']} | {self.now()} | {self._limit()} | {self._verdict()} |"

    def _known(self) -> dict[str, Any]:
        part, _, measure = self.name.partition(".")
        known: dict[str, Any] = _limits()[part][measure]
        return known

    def _number(self, value: float) -> str:
        unit = self._known()["unit"]
        return f"{value:,.{_DIGITS[unit]}f} {unit}" if unit != "processes" else f"{value:.0f}"

    def _limit(self) -> str:
        known = self._known()
        goal = f" ({known['goal']:g})" if "goal" in known else ""
        return f"≤ {known['limit']:g}{goal} {known['unit']}".removesuffix(" processes") if "limit" in known else ""

    def _verdict(self) -> str:
        return {True: "yes", False: "**no**", None: ""}[self.kept()]


Lines = Iterator[str | Figure]
"""What a part gives while it measures: remarks, and figures."""


@cache
def _limits() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("limits.toml").read_text(encoding="utf-8"))
