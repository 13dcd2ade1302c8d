"""Declared corrections: figures that a publisher has wrong, put right in the open until the publisher mends them.

`schemas/corrections/<source>.yml` holds a list of entries, each with exactly these keys (those in brackets may be
left out):

    - indicator: mobile_coverage
      economy: LCA
      years: [2016]
      (sex, age, urbanisation, breakdown: 2G)
      action: set                  # drop, set, scale or flag
      value: 100                   # of set; `factor` of scale
      (status: E)                  # SDMX status of the corrected figure; needed by flag, E for set and scale
      expect: 101                  # the wrong value, or one for each year: {2016: 101}
      reason: more than all inhabitants cannot be covered
      citation: where that can be read

A correction holds only while the publisher says what it expects. When it says anything else the correction has
expired: it is not applied, and that is told as a warning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from schemas.codelist import codes
from schemas.observation import TOTAL
from schemas.strict_file import Fault, Misdefined, faults_of, line_of, parse_yaml

GUIDE = "docs/checks.md#corrections"
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Action = Literal["drop", "set", "scale", "flag"]
_NEEDS = {"drop": set[str](), "set": {"value"}, "scale": {"factor"}, "flag": {"status"}}
_MAY = {"set": {"value", "status"}, "scale": {"factor", "status"}, "flag": {"status"}, "drop": set[str]()}


class Correction(BaseModel):
    """One entry of a file of corrections."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Filled
    indicator: Filled
    economy: Filled
    years: tuple[int, ...] = Field(min_length=1)
    sex: str = TOTAL
    age: str = TOTAL
    urbanisation: str = TOTAL
    breakdown: str = TOTAL
    action: Action
    value: float | None = None
    factor: float | None = None
    status: str | None = None
    expect: float | dict[int, float]
    reason: Filled
    citation: Filled

    @model_validator(mode="after")
    def _fits_its_action(self) -> "Correction":
        given = {name for name in ("value", "factor", "status") if getattr(self, name) is not None}
        if not _NEEDS[self.action] <= given <= _MAY[self.action]:
            needed = ", ".join(sorted(_NEEDS[self.action])) or "nothing"
            raise ValueError(f"action {self.action} takes {needed}, not {', '.join(sorted(given)) or 'nothing'}")
        if isinstance(self.expect, dict) and set(self.expect) != set(self.years):
            raise ValueError("expect names other years than years")
        if self.status is not None and self.status not in codes("obs_status").to_pylist():
            raise ValueError(f"status {self.status} is no code of schemas/codelists/obs_status.csv")
        return self

    def expected(self, year: int) -> float:
        """Give the wrong value that the publisher must still say."""
        return self.expect[year] if isinstance(self.expect, dict) else self.expect

    def figure(self, raw: float) -> float:
        """Give what takes the place of the wrong value."""
        if self.action == "set" and self.value is not None:
            return self.value
        return raw * self.factor if self.action == "scale" and self.factor is not None else raw

    @property
    def corrected_status(self) -> str:
        """Status of the corrected figure."""
        return self.status or "E"


@cache
def declared(source: str) -> tuple[Correction, ...]:
    """Give the corrections that are declared for a source; most have none."""
    return load(files("schemas") / "corrections", source)


def load(folder: Path | Traversable, source: str) -> tuple[Correction, ...]:
    """Read a source's file of corrections. Raises Invalid, naming file, entry and key."""
    path = folder / f"{source}.yml"
    return parse(path.read_text(encoding="utf-8"), source) if path.is_file() else ()


def parse(text: str, source: str) -> tuple[Correction, ...]:
    """Read the text of a file of corrections."""
    name = f"schemas/corrections/{source}.yml"
    entries = parse_yaml(name, text, GUIDE) or []
    if not isinstance(entries, list):
        raise Misdefined([Fault(name, 1, "it is no list of entries")], GUIDE)
    found: list[Correction] = []
    faults: list[Fault] = []
    for at, entry in enumerate(entries):
        try:
            found.append(_entry(entry, source))
        except ValidationError as error:
            faults += [_numbered(at, one) for one in faults_of(error, name, text, Correction, (at,))]
        except ValueError as error:
            faults.append(_numbered(at, Fault(name, line_of(text, (at,)), str(error))))
    faults += _repeated(name, text, found)
    if faults:
        raise Misdefined(faults, GUIDE)
    return tuple(found)


def _entry(entry: Any, source: str) -> Correction:
    if not isinstance(entry, dict) or "source" in entry:
        raise ValueError(f"it is no correction of {source}")
    return Correction.model_validate({**entry, "source": source})


def _numbered(at: int, fault: Fault) -> Fault:
    return replace(fault, text=f"entry {at + 1}: {fault.text}")


def _repeated(name: str, text: str, found: Sequence[Correction]) -> Iterator[Fault]:
    """Find figures that are corrected twice: what comes out would depend on the order of the entries."""
    seen: set[tuple[object, ...]] = set()
    for at, one in enumerate(found):
        for year in one.years:
            place = (one.indicator, one.economy, year, one.sex, one.age, one.urbanisation, one.breakdown)
            if place in seen:
                said = f"{one.indicator} {one.economy} {year} is corrected twice"
                yield _numbered(at, Fault(name, line_of(text, (at,)), said))
            seen.add(place)
