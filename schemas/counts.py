"""Counts of things with a fraction: half a subscription is a rate, a sum in thousands or another column."""

import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows
from schemas.translate import Column

SMALL = 1_000
"""Below it a fraction changes what a count is. Above it publishers print averages of a year, which are counts."""
NONE, LARGE, WRONG = "", "large", "wrong"


def count_units() -> pa.Array:
    """Give our units that count things."""
    return pa.array([row["code"] for row in rows("unit_measure") if row["measure"].startswith("count/") and _ours(row)])


def _ours(row: dict[str, str]) -> bool:
    return row["used_by"] == "ours"


def fractions(observations: pa.Table) -> Column:
    """Say of each observation whether it is a count with a fraction: `wrong` for a small one, `large`, or blank."""
    value = observations["value"]
    counted = pc.is_in(observations["unit"], value_set=count_units())
    broken = pc.and_(counted, pc.not_equal(value, pc.round(value)))
    kind = pc.if_else(pc.less(pc.abs(value), SMALL), WRONG, LARGE)
    return pc.if_else(pc.fill_null(broken, fill_value=False), kind, NONE)
