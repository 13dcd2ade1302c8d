"""The yardsticks of others, as they are written down: measure, bands, citation, and how surely we know them."""

from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from pydantic import model_validator

from indicators.definition import Certainty, Filled, Strict, Text, repeated
from schemas.strict_file import parse_strictly

Measure = Literal["growth_ratio", "growth_pct", "missing_share"]
PLACE = "indicators/yardsticks.yml"


class Band(Strict):
    """One band of a measure. The last one of a scale has no limit."""

    state: Filled
    at_least: float | None = None
    at_most: float | None = None


class Scale(Strict):
    """A measure and the bands it is sorted into."""

    measure: Measure
    bands: tuple[Band, ...]

    @model_validator(mode="after")
    def _ends_open(self) -> "Scale":
        open_ones = [band.at_least is None and band.at_most is None for band in self.bands]
        if open_ones != [False] * (len(self.bands) - 1) + [True]:
            raise ValueError("the last band and no other has no limit")
        return self

    def states(self, values: np.ndarray) -> np.ndarray:
        """Give the name of the band of each value; empty for NaN."""
        fits = [_fits(values, band) for band in self.bands]
        names = [band.state for band in self.bands]
        return np.where(np.isnan(values), "", np.select(fits, names, default=""))


def _fits(values: np.ndarray, band: Band) -> np.ndarray:
    if band.at_least is not None:
        return values >= band.at_least
    if band.at_most is not None:
        return values <= band.at_most
    return np.full(len(values), True)  # noqa: FBT003


class Yardstick(Strict):
    """One yardstick; without `without_target` it says nothing of targets that name no number."""

    id: Filled
    name: Text
    with_target: Scale
    without_target: Scale | None = None
    citation: Filled
    certainty: Certainty


class Yardsticks(Strict):
    """The file."""

    yardsticks: tuple[Yardstick, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> "Yardsticks":
        twice = repeated([one.id for one in self.yardsticks])
        if twice:
            raise ValueError(f"{twice} stands there twice")
        return self


@cache
def load() -> tuple[Yardstick, ...]:
    """Give every yardstick. Raises Invalid, naming file and key."""
    return parse((files("indicators") / "yardsticks.yml").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Yardstick, ...]:
    """Read the file's text."""
    return parse_strictly(PLACE, text, Yardsticks, "docs/methods.md").yardsticks
