"""The one row: every figure, received or derived, is an observation of this shape.

Names and codes are those of SDMX, so that SDMX in and out needs no mapping.
"""

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import Changed

TEXT = pa.string()

OBSERVATION = pa.schema(
    [
        pa.field("indicator", TEXT, nullable=False),
        pa.field("ref_area", TEXT, nullable=False),
        pa.field("time_period", TEXT, nullable=False),
        pa.field("year", pa.int32(), nullable=False),
        pa.field("sex", TEXT, nullable=False),
        pa.field("age", TEXT, nullable=False),
        pa.field("urbanisation", TEXT, nullable=False),
        pa.field("breakdown", TEXT, nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("unit", TEXT, nullable=False),
        pa.field("obs_status", TEXT, nullable=False),
        pa.field("note", TEXT, nullable=False),
        pa.field("source", TEXT, nullable=False),
        pa.field("series_code", TEXT, nullable=False),
        pa.field("edition", TEXT, nullable=False),
        pa.field("snapshot", TEXT, nullable=False),
        pa.field("record", TEXT, nullable=False),
    ]
)
"""Columns of an observation, in the order in which every table and export shows them."""

KEY = ("source", "indicator", "ref_area", "time_period", "sex", "age", "urbanisation", "breakdown")
"""What makes two observations the same figure. Two rows with one key are an error, never 'the last one wins'."""

FIRST_YEAR = 1950
"""No series of ours began earlier; an older year is a misread column."""
DIMENSIONS = ("sex", "age", "urbanisation", "breakdown")
TOTAL = "_T"

REJECT = pa.schema(
    [
        pa.field("source", TEXT, nullable=False),
        pa.field("snapshot", TEXT, nullable=False),
        pa.field("record", TEXT, nullable=False),
        pa.field("reason", TEXT, nullable=False),
        pa.field("detail", TEXT, nullable=False),
        pa.field("series_code", TEXT, nullable=False),
    ]
)
"""A record that could not become an observation, kept with the reason."""

_EDITION = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?|\.Q([1-4]))?(?:\.G\.\d+)?$")


def edition_date(edition: str) -> date | None:
    """Day on which an edition counts as published, for putting editions in order.

    A full date is itself; a month, a quarter (`2020.Q4`, `2026.Q2.G.02`) or a year counts as its first day, the
    earliest day on which it can have existed. None where the text is not a date of any kind.
    """
    match = _EDITION.match(edition)
    if not match:
        return None
    year, month, day, quarter = match.groups()
    if quarter:
        month = str(3 * int(quarter) - 2)
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None


def conform(table: pa.Table, schema: pa.Schema = OBSERVATION) -> pa.Table:
    """Return the table with exactly the schema's columns, order and types.

    Raises Changed when a column is missing or cannot be cast.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise Changed(
            f"columns missing: {', '.join(missing)}",
            why=f"the table has {', '.join(table.column_names)}",
            next_step="compare the file with the observation contract in schemas/observation.py",
        )
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, ValueError) as error:
        raise Changed("a column has the wrong type", why=str(error)) from error


def empty(schema: pa.Schema = OBSERVATION) -> pa.Table:
    """Return a table of no rows with the schema's columns."""
    return schema.empty_table()


def year_of(time_period: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Give the year of SDMX periods (`2024`, `2024-Q3`, `2024-07`) as 32-bit integers."""
    return pc.cast(pc.utf8_slice_codeunits(time_period, 0, 4), pa.int32())
