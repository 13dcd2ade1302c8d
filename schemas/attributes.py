"""Attributes of SDMX that change what a number is: multiplier, unit, decimals, confidentiality, and the row's action.

One place honours them for every reader. A record carries them as text columns: `unit_mult` (3 = thousands),
`unit_measure` (the publisher's code of the unit), `decimals`, `conf_status`, `action`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.in_force import mapped, plain
from schemas.translate import Column, note

MULTIPLIERS = {"": 0, "units": 0, "unit": 0, "tens": 1, "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9,
               "trillions": 12}  # fmt: skip
"""Words for powers of ten; figures are read as numbers."""
GIVEN = ("", "i", "a", "m", "r", "information", "append", "merge", "replace", "insert", "update")
"""Actions of SDMX-CSV by which a row brings a figure."""
DELETED = ("d", "delete")
"""Actions by which a row withdraws one."""
NOTED = (("decimals", "Decimals: "), ("conf_status", "Confidentiality: "))
_OPEN = ("", "f", "pu", "free", "public")
"""Marks of confidentiality that say there is none."""
_FURTHEST = 15


def scaled(records: pa.Table, value: Column) -> tuple[Column, Column]:
    """Give the values times ten to the power of `unit_mult`, and which of the multipliers are not understood."""
    text = pc.fill_null(records["unit_mult"], "")
    different = pc.unique(text)
    powers = [_power(one) for one in different.to_pylist()]
    at = pc.index_in(text, value_set=different).to_numpy(zero_copy_only=False)
    told = np.array([one if one is not None else 0 for one in powers] or [0])[at]
    wrong = np.array([one is None for one in powers] or [False])[at]
    if not told.any():
        return value, pa.array(wrong)
    up, down = 10.0 ** np.maximum(told, 0), 10.0 ** np.maximum(-told, 0)  # ten to the minus one is no exact number
    return pc.divide(pc.multiply(value, pa.array(up)), pa.array(down)), pa.array(wrong)


def _power(text: str) -> int | None:
    lower = plain(text).removesuffix(".0")
    if lower in MULTIPLIERS:
        return MULTIPLIERS[lower]
    return int(lower) if lower.removeprefix("-").isdecimal() and abs(int(lower)) <= _FURTHEST else None


@cache
def _measures() -> dict[str, tuple[tuple[str, ...], float]]:
    listed = codelist_rows("unit_measure")
    return {plain(row["code"]): (tuple(row["measure"].split()), float(row["factor"])) for row in listed}


@cache
def _numbers() -> frozenset[str]:
    """Give our units that SDMX only calls numbers."""
    return frozenset(row["code"] for row in codelist_rows("unit") if row["sdmx"] == "NUMBER")


def factor(told: str, ours: str) -> float | None:
    """Give the factor from a publisher's unit to ours; None where the two do not measure the same."""
    code = mapped("unit").get(plain(told), told)
    if plain(code) in ("", plain(ours)) or (plain(code) == "number" and ours in _numbers()):
        return 1.0
    theirs, own = _measures().get(plain(code)), _measures().get(plain(ours))
    if theirs is None or own is None or not any(_same(one, other) for one in theirs[0] for other in own[0]):
        return None
    ratio = theirs[1] / own[1]
    return float(round(ratio, 12)) if ratio >= 1 else 1 / float(round(own[1] / theirs[1], 12))


def _same(one: str, other: str) -> bool:
    """Tell whether two measures agree: `share` agrees with every `share/…`."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def converted(records: pa.Table, unit: Column, value: Column) -> tuple[Column, Column, Column]:
    """Give the values in our units, a remark where one was converted, and which units do not fit."""
    pairs = pa.table({"told": pc.fill_null(records["unit_measure"], ""), "unit": pc.fill_null(unit, "")})
    key = pc.binary_join_element_wise(pairs["told"], pairs["unit"], "\x1f")
    different = pc.unique(key)
    split = [one.split("\x1f") for one in different.to_pylist()]
    factors = [factor(told, ours) for told, ours in split]
    remarks = [
        f"Converted from {told} to {ours}" if times not in (None, 1.0) else ""
        for (told, ours), times in zip(split, factors, strict=True)
    ]
    at = pc.index_in(key, value_set=different)
    times = pc.take(pa.array([1.0 if one is None else one for one in factors], pa.float64()), at)
    wrong = pc.take(pa.array([one is None for one in factors], pa.bool_()), at)
    return pc.multiply(value, times), pc.take(pa.array(remarks, pa.string()), at), wrong


def noted(records: pa.Table, remark: Column, more: "Column | None" = None) -> Column:
    """Add decimals, confidentiality and what was converted to the note."""
    columns: Mapping[str, Any] = {
        "note": remark,
        **{name: records[name] for name, _ in NOTED if name in records.column_names},
        **({"more": more} if more is not None else {}),
    }
    table = pa.table(dict(columns))
    if "conf_status" in columns:
        closed = pc.invert(pc.is_in(pc.utf8_lower(table["conf_status"]), value_set=pa.array(_OPEN)))
        at = table.column_names.index("conf_status")
        table = table.set_column(at, "conf_status", pc.if_else(closed, table["conf_status"], ""))
    return note(table, ("note", ""), *NOTED, ("more", ""))
