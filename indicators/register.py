"""Registers: what happened and what was written, dated and cited, for the paragraphs that no figure can tell of.

One file per register in `indicators/registers/`; the file's name is the register's id.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any

import pyarrow as pa
from pydantic import StringConstraints, model_validator

from indicators.definition import Certainty, Filled, Folder, Strict, Text, read_folder

_DAY = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
Day = Annotated[str, StringConstraints(pattern=_DAY)]
"""Year, month or day, as exactly as it is known: 2017, 2017-06, 2017-06-12."""


class Entry(Strict):
    """One dated fact: an event, a report, an initiative, a thanks."""

    date: Day
    until: Day | None = None
    what: Text
    place: str = ""
    citation: Filled
    url: str = ""
    certainty: Certainty
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "Entry":
        if self.until is not None and self.until < self.date:
            raise ValueError(f"until, {self.until}, lies before date, {self.date}")
        return self


class Register(Strict):
    """One file of `indicators/registers/`."""

    title: Text
    entries: tuple[Entry, ...]


@cache
def load() -> Mapping[str, Register]:
    """Give every register by id. Raises Invalid, naming file and key."""
    return MappingProxyType(read(files("indicators") / "registers"))


def read(folder: Folder) -> dict[str, Register]:
    """Give the registers of a folder by id."""
    return read_folder(folder, Register, "docs/add-a-mandate.md")


_TEXT = pa.string()
_SCHEMA = pa.schema(
    [
        ("register", _TEXT),
        ("title_en", _TEXT),
        ("title_zh", _TEXT),
        ("position", pa.int32()),
        ("date_from", _TEXT),
        ("date_to", _TEXT),
        ("what_en", _TEXT),
        ("what_zh", _TEXT),
        ("place", _TEXT),
        ("citation", _TEXT),
        ("url", _TEXT),
        ("certainty", _TEXT),
        ("note", _TEXT),
    ]
)


def table() -> pa.Table:
    """Give the table `register`, entries in order of their dates."""
    rows = [
        _row(name, register, position, entry)
        for name, register in load().items()
        for position, entry in enumerate(sorted(register.entries, key=lambda one: one.date), start=1)
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _row(name: str, register: Register, position: int, entry: Entry) -> dict[str, Any]:
    return {
        "register": name,
        "title_en": register.title.en,
        "title_zh": register.title.zh,
        "position": position,
        "date_from": entry.date,
        "date_to": entry.until or entry.date,
        "what_en": entry.what.en,
        "what_zh": entry.what.zh,
        **entry.model_dump(include={"place", "citation", "url", "certainty", "note"}),
    }
