"""Mandates: what each paragraph of a resolution asks for, and the indicators, targets and registers that tell of it.

One file per resolution in `indicators/mandates/`. Adding a file adds a mandate; nothing else needs to be told about it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import StringConstraints, model_validator

from indicators import catalogue, register, targets
from indicators.definition import Filled, Folder, Strict, Text, read_folder, repeated, unusable
from schemas.strict_file import Fault, Misdefined

GUIDE = "docs/add-a-mandate.md"
Number = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*[a-z]?$")]
"""Number of a paragraph, with the letter of a part of it: 61, 61a."""


class Paragraph(Strict):
    """One paragraph, or a lettered part of one.

    `quantitative`: figures can tell how far it is kept. `process`: events and documents tell. `requirement`: it says
    how the measuring itself is to be done. `none`: it asks for nothing that could be observed.
    """

    number: Number
    kind: Literal["quantitative", "process", "requirement", "none"]
    summary: Text
    indicators: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    """Bodies, systems and instruments that the paragraph names."""
    why_not: str = ""
    """Why no figure or no register tells of it."""

    @model_validator(mode="after")
    def _is_told_or_says_why(self) -> "Paragraph":
        if self.kind == "none" and not self.why_not:
            raise ValueError(f"paragraph {self.number} is of kind none and needs why_not")
        if self.kind == "quantitative" and not (self.indicators or self.why_not):
            raise ValueError(f"paragraph {self.number} is quantitative and needs indicators or why_not")
        if not (self.indicators or self.registers or self.why_not):
            raise ValueError(f"paragraph {self.number} needs indicators, registers or why_not")
        return self


class Mandate(Strict):
    """One file of `indicators/mandates/`."""

    mandate: Filled
    title: Text
    adopted: Filled
    paragraphs: tuple[Paragraph, ...]

    @model_validator(mode="after")
    def _names_each_paragraph_once(self) -> "Mandate":
        twice = repeated([paragraph.number for paragraph in self.paragraphs])
        if twice:
            raise ValueError(f"paragraph {twice} stands there twice")
        return self


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that a mandate may name."""

    indicators: Collection[str]
    targets: Collection[str]
    registers: Collection[str]


@cache
def load() -> tuple[Mandate, ...]:
    """Give every mandate. Raises Invalid, naming file and key."""
    return read(files("indicators") / "mandates", Known(catalogue.load(), targets.ids(), register.load()))


def read(folder: Folder, known: Known) -> tuple[Mandate, ...]:
    """Give the mandates of a folder. Raises Invalid where a file is wrong or names something that is not known."""
    found = read_folder(folder, Mandate, GUIDE)
    unknown = [
        Fault(f"indicators/mandates/{name}.yml", 0, text)
        for name, one in found.items()
        for text in _unknown(one, known)
    ]
    if unknown:
        raise Misdefined(unknown, GUIDE)
    twice = repeated([mandate.mandate for mandate in found.values()])
    if twice:
        raise unusable("indicators/mandates", f"the mandate {twice} stands in two files", GUIDE)
    return tuple(found.values())


def _unknown(mandate: Mandate, known: Known) -> Iterator[str]:
    for paragraph in mandate.paragraphs:
        for kind in ("indicators", "targets", "registers"):
            for name in getattr(paragraph, kind):
                if name not in getattr(known, kind):
                    yield f"paragraph {paragraph.number}, {kind}: there is no {name}"


_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_PARAGRAPH = pa.schema(
    [
        ("mandate", _TEXT),
        ("paragraph", _TEXT),
        ("position", pa.int32()),
        ("kind", _TEXT),
        ("summary_en", _TEXT),
        ("summary_zh", _TEXT),
        ("systems", _TEXTS),
        ("registers", _TEXTS),
        ("why_not", _TEXT),
    ]
)


def tables(mandates: tuple[Mandate, ...] | None = None) -> dict[str, pa.Table]:
    """Give the tables `paragraph`, `paragraph_indicator` and `paragraph_target`, of all mandates unless told which."""
    every = load() if mandates is None else mandates
    rows = [
        _row(mandate, paragraph, position)
        for mandate in every
        for position, paragraph in enumerate(mandate.paragraphs, start=1)
    ]
    return {
        "paragraph": pa.Table.from_pylist(rows, schema=_PARAGRAPH),
        "paragraph_indicator": _links(every, "indicator", lambda paragraph: paragraph.indicators),
        "paragraph_target": _links(every, "target", lambda paragraph: paragraph.targets),
    }


def _row(mandate: Mandate, paragraph: Paragraph, position: int) -> dict[str, Any]:
    return {
        "mandate": mandate.mandate,
        "paragraph": paragraph.number,
        "position": position,
        "summary_en": paragraph.summary.en,
        "summary_zh": paragraph.summary.zh,
        **paragraph.model_dump(include={"kind", "systems", "registers", "why_not"}),
    }


def _links(mandates: tuple[Mandate, ...], name: str, linked: Callable[[Paragraph], tuple[str, ...]]) -> pa.Table:
    """Give one row for each thing that a paragraph names."""
    rows = [
        {"mandate": mandate.mandate, "paragraph": paragraph.number, name: one}
        for mandate in mandates
        for paragraph in mandate.paragraphs
        for one in linked(paragraph)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([("mandate", _TEXT), ("paragraph", _TEXT), (name, _TEXT)]))
