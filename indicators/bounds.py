"""What a figure can be: the bounds of each indicator, and which figures lie outside them."""

from functools import cache
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from indicators import catalogue

Bounds = tuple[float | None, float | None]
TOLERATED = 0.01
"""Share of an answer's figures that may lie outside their bounds: those are set aside. More, and the answer is held."""


@cache
def bounds() -> MappingProxyType[str, Bounds]:
    """Give the least and the most that each indicator's value can be; None where it has no bound."""
    return MappingProxyType({one.id: (one.bounds[0], one.bounds[1]) for one in catalogue.load().values()})


def outside(observations: pa.Table) -> pa.ChunkedArray:
    """Tell of each observation whether its value cannot be; false for indicators that the catalogue does not know."""
    known = bounds()
    names = pa.array(list(known), pa.string())
    at = pc.index_in(observations["indicator"], value_set=names)
    lower = pc.take(pa.array([pair[0] for pair in known.values()], pa.float64()), at)
    upper = pc.take(pa.array([pair[1] for pair in known.values()], pa.float64()), at)
    value = observations["value"]
    return pc.or_(
        pc.fill_null(pc.less(value, lower), fill_value=False), pc.fill_null(pc.greater(value, upper), fill_value=False)
    )
