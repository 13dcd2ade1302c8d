"""Marks of a figure (flags, nature, qualifiers, footnotes) in our terms: its observation status, or that it is none.

`schemas/codelists/status_mark.csv` is the one list. A mark that is not in it is not guessed: its figure is set aside.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.in_force import mapped, plain
from schemas.translate import Column

_RANK = ("A", "V", "D", "P", "I", "E", "G", "N", "U", "B", "F", "M")
"""Where several marks meet the one furthest to the right counts: what keeps a figure from being compared or used."""
_UNKNOWN = -1


@dataclass(frozen=True)
class Field:
    """A column of marks: whose list it is read by, and how several marks are parted."""

    publisher: str
    name: str
    parted: str = "codes"
    """`codes` (parted by blanks, commas), `letters` (each is a mark), `words` (one mark), `sentences` (free text)."""


@dataclass(frozen=True)
class Marks:
    """What the marks of each record say."""

    obs_status: Column
    """Null where a mark is not known."""
    no_figure: Column
    """True where the marks say that the value is a placeholder."""


@cache
def _list(publisher: str, field: str) -> dict[str, tuple[int, bool]]:
    """Give mark → rank of its status, and whether there is a figure; a publisher's own marks before the SDMX ones."""
    found: dict[str, tuple[int, bool]] = {"": (0, True)}
    for house in ("sdmx", publisher):
        for row in codelist_rows("status_mark"):
            if (row["publisher"], row["field"]) == (house, field):
                found[plain(row["mark"])] = (_RANK.index(row["obs_status"]), row["has_figure"] == "yes")
    return found


def read_marks(*columns: tuple[Column, Field]) -> Marks:
    """Read the marks of each record; several columns and several marks in one are put together."""
    count = len(columns[0][0])
    rank, unknown, none = np.zeros(count, int), np.zeros(count, bool), np.zeros(count, bool)
    for column, field in columns:
        text = pc.fill_null(column, "")
        different = pc.unique(text)
        read = [_of(value, field) for value in different.to_pylist()]
        at = pc.index_in(text, value_set=different).to_numpy(zero_copy_only=False) if count else np.zeros(0, int)
        ranks = np.array([one for one, _ in read] or [0])[at]
        unknown |= ranks == _UNKNOWN
        none |= ~np.array([figure for _, figure in read] or [True])[at]
        rank = np.maximum(rank, ranks)
    status = pc.take(pa.array(_RANK), pa.array(rank))
    return Marks(pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), status), pa.array(none & ~unknown))


def _of(text: str, field: Field) -> tuple[int, bool]:
    """Give the rank of the marks in a cell, _UNKNOWN where one is not known, and whether there is a figure."""
    known = _list(field.publisher, field.name)
    ours = {code: (_RANK.index(status), True) for code, status in mapped("status").items() if status in _RANK}
    found = [{**known, **ours}.get(mark) for mark in _parts(text, field.parted)]
    if field.parted == "sentences":
        found = [one for one in found if one is not None]
        found += [said for mark, said in known.items() if "*" in mark and fnmatchcase(plain(text), mark)]
    if None in found:
        return _UNKNOWN, True
    good = [one for one in found if one is not None]
    return max((rank for rank, _ in good), default=0), all(figure for _, figure in good)


def _parts(text: str, parted: str) -> list[str]:
    lower = plain(text)
    if parted == "letters":
        return re.findall(r"[^\s,;|]", lower)
    if parted == "codes":
        return [part for part in re.split(r"[\s,;|]+", lower) if part]
    if parted == "sentences":
        return [part.strip(" .*()") for part in re.split(r"[.;|]\s*", lower) if part.strip()]
    return [lower]
