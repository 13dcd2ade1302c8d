"""The SQL of the aggregation, filled in for the lengths of a lookup's prefixes; the same text for every engine."""

from collections.abc import Sequence
from importlib.resources import files

COLUMNS = ("avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
"""Columns of a tile that are whole numbers."""
METHOD = "tiles-1"
"""Name and version of the method; a change of what the SQL gives raises it."""
TOLERANCE = 0
"""Difference between two engines that counts as none. The SQL gives whole numbers only, so there is no other."""


def aggregate(lengths: Sequence[int]) -> str:
    """Give the statement for a lookup whose prefixes have these lengths; the longest prefix of a tile decides."""
    longest_first = sorted(set(lengths), reverse=True)
    joins = "\n".join(
        f"  LEFT JOIN lookup AS at_{length} ON at_{length}.prefix = substr(quadkey, 1, {length})"
        for length in longest_first
    )
    areas = ", ".join(f"at_{length}.ref_area" for length in longest_first)
    classes = ", ".join(f"at_{length}.urbanisation" for length in longest_first)
    return _text("aggregate").format(areas=areas, classes=classes, joins=joins)


def repeated() -> str:
    """Give the statement that finds tiles that stand more than once."""
    return _text("repeated")


def tile_columns(*, distinct: bool = False) -> str:
    """Give the start of the query over a file of tiles that every engine makes its table `tile` of."""
    numbers = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in COLUMNS)
    return f"SELECT {'DISTINCT ' if distinct else ''}CAST(quadkey AS STRING) AS quadkey, {numbers} FROM "


def _text(name: str) -> str:
    lines = (files("warehouse.tiles") / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
