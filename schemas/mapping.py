"""The operator's way past a code that a reader does not know: dated entries that say which code of ours it means.

Entries are data of an installation (`ictdev map`), kept beside the journal. A reader stays a pure function: what is in
force is set around the reading, and the journal writes down what was.
"""

import shlex
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from schemas.codelist import codes as codes_of
from schemas.errors import Usage
from schemas.in_force import holding, plain
from schemas.observation import TOTAL

MAPPABLE = ("unmapped_area", "unknown_code", "unknown_status", "unit_mismatch", "unknown_dimension")
"""Reasons of rejects that a mapping answers."""
LISTS = {
    "area": ("area", "ref_area"), "sex": ("sex", "code"), "age": ("age", "code"),
    "urbanisation": ("urbanisation", "code"), "breakdown": ("breakdown", "code"), "status": ("obs_status", "code"),
    "unit": ("unit", "code"),
}  # fmt: skip
"""Dimension of ours → code list and its column."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One entry: a publisher's code, and the code of ours that it means."""

    source: str
    dimension: str
    """One of ours (area, sex, age, urbanisation, breakdown, status, unit), or a column of the publisher."""
    code: str
    ours: str
    why: str
    by: str = ""
    since: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What an entry speaks of; a second entry for it takes the place of the first."""
        return self.source, plain(self.dimension), plain(self.code)


def in_force(source: str, entries: Sequence[Mapped]) -> AbstractContextManager[None]:
    """Let the entries of a source hold for what is read inside."""
    return holding((one.dimension, one.code, one.ours) for one in entries if one.source == source)


def check(entry: Mapped) -> Mapped:
    """Give an entry back. Raises Usage where the code of ours is in no list, or the reason is missing."""
    if not entry.why.strip():
        raise Usage("mapping a code needs a reason", next_step="add --why TEXT")
    if not entry.code.strip() or not entry.dimension.strip():
        step = "ictdev map unsd_sdg age 25-74=Y25T74 --why TEXT"
        raise Usage("a mapping names a dimension and CODE=OURS", next_step=step)
    codelist, column = LISTS.get(plain(entry.dimension), ("", ""))
    known = codes_of(codelist, column).to_pylist() if codelist else [TOTAL]
    if entry.ours not in known:
        where = f"schemas/codelists/{codelist}.csv" if codelist else f"{TOTAL}: the column says nothing of the figure"
        raise Usage(f"{entry.ours} is no code of {entry.dimension}", why=f"codes of ours are those of {where}")
    return entry


def command(source: str, reason: str, detail: str) -> str:
    """Give the command that takes a set-aside code in, from the detail of its reject (`age=25-74`); blank for none."""
    named = f"area={detail}" if reason == "unmapped_area" else detail
    dimension, _, code = named.partition("; ")[0].partition("=")
    if not code or reason not in MAPPABLE:
        return ""
    ours = "OURS" if plain(dimension) in LISTS else TOTAL
    return f"ictdev map {source} {shlex.quote(dimension)} {shlex.quote(f'{code}={ours}')} --why TEXT"
