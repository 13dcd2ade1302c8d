"""Disaggregation columns of the DataHub's newer layout: what parts a figure, in words, in up to two columns.

The words may only name what the series is anyway (`Satellite-TV` of satellite-TV subscriptions, `Female` of a series of
women), may say sex or residence of a series of all people, or something that our dimensions do not have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import totals
from schemas.in_force import mapped, plain
from schemas.observation import DIMENSIONS, TOTAL
from schemas.source import Series
from schemas.translate import Column

COLUMNS = ("Disaggregation1", "Disaggregation2")
_SEX = {"female": "F", "male": "M", "women": "F", "men": "M"}
_PLACE = {"urban": "U", "rural": "R"}


@dataclass(frozen=True)
class Apart:
    """What the columns say of each row."""

    sex: Column
    urbanisation: Column
    said: Column
    unknown: Column
    """Column and words that are not understood (`Disaggregation1=Persons with disabilities`); blank for none."""


def read(table: pa.Table, wanted: Sequence[Series]) -> Apart:
    """Read the columns where a file has them; without them every row is of all people."""
    count = table.num_rows
    blank = pa.repeat(pa.scalar(""), count)
    if not set(COLUMNS) & set(table.column_names):
        total = pa.repeat(pa.scalar(TOTAL), count)
        return Apart(total, total, blank, blank)
    columns = [table[name] if name in table.column_names else blank for name in COLUMNS]
    key = pc.binary_join_element_wise(table["seriesCode"], table["seriesName"], *columns, "\x1f")
    different = pc.unique(key)
    parted = {one.code for one in wanted if any(getattr(one, name) != TOTAL for name in DIMENSIONS)}
    read_all = [_read(*text.split("\x1f"), parted=parted) for text in different.to_pylist()]
    at = pc.index_in(key, value_set=different)
    taken = [pc.take(pa.array([one[place] for one in read_all], pa.string()), at) for place in range(4)]
    return Apart(*taken)


def _read(code: str, name: str, *words: str, parted: set[str]) -> tuple[str, str, str, str]:
    sex, place, unknown = TOTAL, TOTAL, []
    for column, word in zip(COLUMNS, words, strict=True):
        text = plain(word)
        own = code in parted and text in plain(name)
        if text in totals() or mapped(column).get(text) == TOTAL or (own and text not in (*_SEX, *_PLACE)):
            continue
        if text in _SEX:
            sex = _SEX[text]
        elif text in _PLACE:
            place = _PLACE[text]
        else:
            unknown.append(f"{column}={word.strip()}")
    return sex, place, " ".join(word for word in words if word), "; ".join(unknown)
