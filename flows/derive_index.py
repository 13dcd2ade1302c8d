"""Deriving the ICT Development Index: inputs to the calculation, its scores to observations that can be explained."""

from dataclasses import dataclass

import pyarrow as pa

from indicators import idi, idi_inputs, index_edition, index_table
from warehouse import models
from warehouse.models import Connection

INDICATOR = "idi_score"
FORMULA = "weighted mean of pillars, each that of its components between threshold (nothing) and goalpost (all)"


@dataclass(frozen=True)
class Index:
    """What was worked out: observations, the rows of `derivation`, and the tables `idi` and `idi_part`."""

    observations: pa.Table
    derivation: pa.Table
    tables: dict[str, pa.Table]


def method() -> tuple[str, ...]:
    """Give the row of table `method`: base, kind, indicator, unit, method, version, formula."""
    return (INDICATOR, "index", INDICATOR, "score", idi.METHOD, idi.VERSION, FORMULA)


def work_out(con: Connection) -> Index:
    """Work out every edition of which inputs are held."""
    models.load(con, {"index_input": idi_inputs.table()})
    used = models.inputs(con, "index_inputs")
    made = index_table.tables(used, models.inputs(con, "index_published"))
    tables = {"idi": made.index, "idi_part": made.parts}
    models.load(con, {**tables, "index_used": used, "index_part": idi_inputs.parts(), "index_scale": _scales()})
    return Index(models.inputs(con, "index_observations"), models.inputs(con, "index_derivation"), tables)


def _scales() -> pa.Table:
    rows = [{"edition": one.edition, "scale": one.scale} for one in index_edition.load().values()]
    return pa.Table.from_pylist(rows, schema=pa.schema([("edition", pa.int32()), ("scale", pa.float64())]))
