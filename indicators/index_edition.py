"""Editions of the ICT Development Index: what goes in, how it is put on one scale, and with which weights.

One file per edition in `indicators/index/`. A published edition is never revised, so neither is its file; where a
value rests on memory or was carried over, its key stands under `unconfirmed`.
"""

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from indicators.definition import Strict, read_folder
from schemas.errors import Unanswered

TOTAL = "IDI_TOTAL"
"""Breakdown code of the index itself, beside those of its pillars and components."""


class Input(Strict):
    """One figure that goes in. `share` is its part in a component that mixes several; `code` is ITU's own."""

    id: str
    code: str = ""
    share: float = Field(1.0, gt=0, le=1)


class Component(Strict):
    """One component: its inputs, and the values that count as nothing (threshold) and as all (goalpost).

    A goalpost below the threshold turns the direction round: the less, the better. `goalpost_log10` is the logarithm
    where the report prints only that.
    """

    id: str
    breakdown: str
    inputs: tuple[Input, ...] = Field(min_length=1)
    threshold: float
    goalpost: float = 0.0
    goalpost_log10: float | None = None
    logarithm: Literal["none", "ln_plus_1", "log10"] = "none"
    weight: float = Field(1.0, gt=0)

    @model_validator(mode="after")
    def _settle(self) -> "Component":
        if abs(sum(part.share for part in self.inputs) - 1) > 1e-9:
            raise ValueError(f"the shares of {self.id} do not add up to 1")
        if self.full == self.threshold:
            raise ValueError(f"threshold and goalpost of {self.id} are the same")
        return self

    @property
    def full(self) -> float:
        """The goalpost in the input's own unit."""
        return self.goalpost if self.goalpost_log10 is None else 10.0**self.goalpost_log10


class Pillar(Strict):
    """Components that are averaged before the index is."""

    id: str
    breakdown: str
    weight: float = Field(gt=0)
    components: tuple[Component, ...] = Field(min_length=1)


class Edition(Strict):
    """One edition. Weights are relative; `needs_official` is how many inputs must be official data (0: not told)."""

    edition: int
    reference_year: int
    scale: float
    needs_official: int = 0
    written_in: str
    note: str = ""
    unconfirmed: tuple[str, ...] = ()
    pillars: tuple[Pillar, ...] = Field(min_length=1)

    @property
    def components(self) -> tuple[Component, ...]:
        """The components of all pillars, in order."""
        return tuple(one for pillar in self.pillars for one in pillar.components)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of all inputs, in order."""
        return tuple(part.id for one in self.components for part in one.inputs)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Codes of the index, its pillars and its components, in the order of the columns of `idi.score_all`."""
        pillars = (pillar.breakdown for pillar in self.pillars)
        return (TOTAL, *pillars, *(one.breakdown for one in self.components))


@cache
def load() -> MappingProxyType[int, Edition]:
    """Give every edition by its year. Raises Invalid, naming file and key."""
    found = read_folder(files("indicators") / "index", Edition)
    return MappingProxyType({one.edition: one for one in found.values()})


def of(year: int) -> Edition:
    """Give one edition. Raises Unanswered, naming the editions there are."""
    if year not in load():
        raise Unanswered(
            f"no parameters of the index's edition {year} are held",
            next_step=f"editions: {', '.join(str(one) for one in load())}",
        )
    return load()[year]
