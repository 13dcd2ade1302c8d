"""Publishers' codes and remarks in our terms: dimension codes one by one, remarks joined into one note."""

from collections.abc import Mapping
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from schemas.in_force import mapped

Column: TypeAlias = "pa.Array | pa.ChunkedArray"


def translated(column: Column, codes: Mapping[str, str], dimension: str = "") -> Column:
    """Translate codes, whatever their case; null where a code is unknown, so that the record is rejected by name.

    What an operator mapped in the dimension counts before `codes`.
    """
    every = {**{code.lower(): ours for code, ours in codes.items()}, **mapped(dimension)}
    at = pc.index_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(list(every), pa.string()))
    return pc.take(pa.array(list(every.values()), pa.string()), at)


def note(table: pa.Table, *parts: tuple[str, str]) -> Column:
    """Join the columns that are there into one note, each behind its prefix; blanks are left out."""
    joined: Column = pa.repeat(pa.scalar(""), table.num_rows)
    for column, prefix in parts:
        if column in table.column_names:
            text = pc.fill_null(pc.utf8_trim_whitespace(table[column]), "")
            told = pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(prefix, text, ""))
            joined = pc.utf8_trim(pc.binary_join_element_wise(joined, told, " | "), " |")
    return joined
