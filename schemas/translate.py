"""Publishers' codes and remarks in our terms: dimension codes one by one, remarks joined into one note."""

from collections.abc import Mapping
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = "pa.Array | pa.ChunkedArray"


def translated(column: Column, codes: Mapping[str, str]) -> Column:
    """Translate codes, whatever their case; null where a code is unknown, so that the record is rejected by name."""
    lower = pa.array([code.lower() for code in codes], pa.string())
    at = pc.index_in(pc.utf8_lower(column), value_set=lower)
    return pc.take(pa.array(list(codes.values()), pa.string()), at)


def note(table: pa.Table, *parts: tuple[str, str]) -> Column:
    """Join the columns that are there into one note, each behind its prefix; blanks are left out."""
    joined: Column = pa.repeat(pa.scalar(""), table.num_rows)
    for column, prefix in parts:
        if column in table.column_names:
            text = pc.utf8_trim_whitespace(table[column])
            told = pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(prefix, text, ""))
            joined = pc.utf8_trim(pc.binary_join_element_wise(joined, told, " | "), " |")
    return joined
