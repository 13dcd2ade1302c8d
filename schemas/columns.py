"""What a reader knows of a table's columns. A column that nobody declared is never taken for a total.

Each reader declares every column, heading and JSON key it knows: dimensions (they say which figure it is), attributes
(read, or kept in the note) and those that say nothing of the figure. Where any other column has a cell that is neither
blank nor a code of a total, its row becomes a reject that names column and value.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.in_force import mapped, plain
from schemas.observation import TOTAL
from schemas.tabular import cell
from schemas.translate import Column

UNKNOWN = "unknown"
"""Column of a record that says which cells of unknown columns it has; blank where there is none."""
EVERY = "*"
"""Stands, in what an operator mapped, for every value of a column: the column then says nothing of the figure."""
_EMPTY = ("", "[]", "{}")
_LABELS = (("_label", ""), ("desc", "code"))
"""Endings of columns that only name in words what the column beside them says in codes."""


@dataclass(frozen=True)
class Layout:
    """The columns that a reader knows, by what they are. Case and brackets (`[Sex]`) do not matter."""

    dimensions: Sequence[str]
    attributes: Sequence[str] = ()
    ignored: Sequence[str] = ()
    pattern: str = r"_\d+"
    """Regular expression of further known names; a column without a heading is called `_7` by its place."""

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Give those of the names that are not declared, in their order."""
        names = list(names)
        here = {plain(name) for name in names}
        known = {plain(name) for name in (*self.dimensions, *self.attributes, *self.ignored)}
        return [name for name in names if not self._knows(plain(name), known, here)]

    def declared(self, heading: str) -> str:
        """Give the name under which a heading is declared, whatever its case and brackets; else the heading itself."""
        names = (*self.dimensions, *self.attributes, *self.ignored)
        return next((name for name in names if plain(name) == plain(heading)), heading)

    def _knows(self, name: str, known: set[str], here: set[str]) -> bool:
        if name in known or re.fullmatch(self.pattern, name, re.IGNORECASE):
            return True
        return any(name.endswith(end) and name.removesuffix(end) + other in here for end, other in _LABELS)


@cache
def totals() -> frozenset[str]:
    """Give the codes by which publishers say 'all of them' or 'does not apply', in lower case."""
    return frozenset(plain(row["code"]) for row in codelist_rows("total_code")) | frozenset(_EMPTY)


def unknown_cells(table: pa.Table, layout: Layout) -> Column:
    """Say of each row which unknown columns tell it apart (`Disability=PD`); blank where none does."""
    told: Column = pa.repeat(pa.scalar(""), table.num_rows)
    for name in layout.unknown(table.column_names):
        text = pc.utf8_trim_whitespace(pc.fill_null(table[name], ""))
        harmless = totals() | _meaning_all(name)
        telling = (
            [] if EVERY in harmless else [one for one in pc.unique(text).to_pylist() if plain(one) not in harmless]
        )
        if telling:
            named = pc.if_else(pc.is_in(text, value_set=pa.array(telling, pa.string())), _named(name, text), "")
            told = pc.utf8_trim(pc.binary_join_element_wise(told, named, "; "), "; ")
    return told


def _named(name: str, text: Column) -> Column:
    return pc.binary_join_element_wise(name.strip().strip("[]"), pc.utf8_slice_codeunits(text, 0, 100), "=")


def _meaning_all(name: str) -> set[str]:
    """Give the values of a column that an operator declared to be the total."""
    return {code for code, ours in mapped(name).items() if ours == TOTAL}


def joined(*said: Column) -> Column:
    """Put together what several columns say is unknown of each row."""
    return pc.utf8_trim(pc.binary_join_element_wise(*said, "; "), "; ")


def unknown_keys(records: Sequence[Mapping[str, Any]], layout: Layout) -> pa.Array:
    """Say the same of JSON objects, by their keys."""
    names = layout.unknown(dict.fromkeys(key for record in records for key in record))
    columns = {name: pa.array([cell(record.get(name)) for record in records], pa.string()) for name in names}
    if not columns:
        return pa.repeat(pa.scalar(""), len(records))
    told = unknown_cells(pa.table(columns), layout)
    return told.combine_chunks() if isinstance(told, pa.ChunkedArray) else told
