"""Divides: one part of an economy against another, and groups of economies against the world and developed regions.

With v the figure of the part and w that of what it is compared with: difference = w − v (in the unit of the figures),
ratio = v / w, relative gap = (w − v) / w × 100. Two figures are compared only where source, edition, year, unit and
note (survey, age base) are the same; else the row says what is not. Where the figures were printed with fewer than two
decimals no ratio is worked out; the interval that rounding leaves is given.
"""

import re
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

METHOD, VERSION = "divide", "1"
INCOME, OTHERS = ("LIC", "LMC", "UMC"), ("LDC", "LDC_2017", "LLDC", "SIDS", "M49_002")
REFERENCES = ("WLD", "M49_514")
PAIRS = tuple((group, other) for group in ("HIC", *INCOME, *OTHERS) for other in REFERENCES) + tuple(
    (group, "HIC") for group in INCOME
)
"""Which group is compared with which: all with the world and developed regions, income groups also with the highest."""
ROUNDED = 0.05
"""Half of the last printed digit from which on figures count as rounded."""
SERIES = ["source", "indicator", "time_period", "year", "sex", "age", "urbanisation", "breakdown"]
_TEXT, _NUMBER = pa.string(), pa.float64()
SCHEMA = pa.schema(
    [
        ("kind", _TEXT), ("indicator", _TEXT), ("ref_area", _TEXT), ("part", _TEXT), ("compared_with", _TEXT),
        ("time_period", _TEXT), ("year", pa.int32()), ("sex", _TEXT), ("age", _TEXT), ("urbanisation", _TEXT),
        ("breakdown", _TEXT), ("value", _NUMBER), ("compared_value", _NUMBER), ("unit", _TEXT),
        ("difference", _NUMBER), ("ratio", _NUMBER), ("ratio_lower", _NUMBER), ("ratio_upper", _NUMBER),
        ("relative_gap_pct", _NUMBER), ("comparable", pa.bool_()), ("reason", _TEXT), ("source", _TEXT),
        ("edition", _TEXT), ("coverage", _NUMBER), ("compared_coverage", _NUMBER), ("method", _TEXT),
        ("version", _TEXT),
    ]
)  # fmt: skip


def half_units(figures: pd.DataFrame) -> pd.Series:
    """Give half of the last digit that each source prints of each indicator, told from its figures; 0 where it is fine.

    A source that never prints more than one decimal is taken to round to it.
    """
    value = figures["value"].to_numpy(dtype="float64")
    decimals = np.select([value == np.round(value, places) for places in (0, 1)], [0, 1], default=2)
    decimals = np.where(np.isnan(value), -1, decimals)
    most = pd.Series(decimals, index=figures.index).groupby([figures["source"], figures["indicator"]]).transform("max")
    return most.map({-1: 0.0, 0: 0.5, 1: ROUNDED, 2: 0.0})


def group_pairs(figures: pa.Table) -> pd.DataFrame:
    """Pair figures of groups: one row per series, year and pair of PAIRS of which the source knows both.

    `figures`: SERIES, ref_area, value (null where withheld), unit, edition, note, coverage, reason.
    """
    frame = figures.to_pandas()
    frame["half_unit"] = half_units(frame)
    pairs = pd.DataFrame(PAIRS, columns=["part", "compared_with"])
    left = frame.rename(columns={"ref_area": "part"}).merge(pairs, on="part")
    right = frame.rename(columns={"ref_area": "compared_with"}).merge(pairs, on="compared_with")
    known = [*SERIES[:2], "part", "compared_with"]
    both = _joined(left[known].drop_duplicates(), right[known].drop_duplicates(), known, "inner")
    key = [*SERIES, "part", "compared_with"]
    joined = _joined(_joined(left, right, key, "outer"), both, known, "inner")
    return joined.assign(kind="group", ref_area=joined["part"])


def _joined(left: pd.DataFrame, right: pd.DataFrame, key: list[str], how: Literal["inner", "outer"]) -> pd.DataFrame:
    """Join two frames; pandas cannot join two that are empty and hold Arrow's texts."""
    if left.empty and right.empty:
        left, right = left.astype("object"), right.astype("object")
    return left.merge(right, on=key, how=how, suffixes=("", "_with"))


def residence_pairs(figures: pa.Table) -> pd.DataFrame:
    """Pair rural with urban figures of one economy, series and year; columns in and out as of `group_pairs`."""
    frame = figures.to_pandas()
    frame["half_unit"] = half_units(frame)
    key = [*(name for name in SERIES if name != "urbanisation"), "ref_area"]
    sides = [frame[frame["urbanisation"] == code].drop(columns="urbanisation") for code in ("R", "U")]
    joined = _joined(sides[0], sides[1], key, "outer")
    return joined.assign(kind="residence", part="R", compared_with="U", urbanisation="_T")


def age_pairs(figures: pa.Table) -> pd.DataFrame:
    """Pair each older age band with the youth of the same economy, series and year (15 or 16 to 24)."""
    frame = figures.to_pandas()
    frame["half_unit"] = half_units(frame)
    bounds = {code: age_bounds(code) for code in frame["age"].unique()}
    frame["lowest"], frame["highest"] = (frame["age"].map({code: at[i] for code, at in bounds.items()}) for i in (0, 1))
    young = frame[(frame["lowest"] >= 15) & (frame["highest"] <= 24)]
    key = [*(name for name in SERIES if name != "age"), "ref_area"]
    joined = _joined(frame, young, key, "inner")
    joined = joined[joined["lowest"] > joined["highest_with"]]
    return joined.assign(kind="age", part=joined["age"], compared_with=joined["age_with"], age="_T")


def age_bounds(code: str) -> tuple[float, float]:
    """Give first and last year of age of a code; NaN for totals and what is not told."""
    for pattern, first, last in ((r"Y(\d+)T(\d+)", None, None), (r"Y_GE(\d+)", None, np.inf), (r"Y_LT(\d+)", 0, None)):
        found = re.fullmatch(pattern, code)
        if found:
            ends = [float(text) for text in found.groups()]
            lowest = ends[0] if first is None else float(first)
            return lowest, ends[-1] - (first is not None) if last is None else float(last)
    return np.nan, np.nan


def divides(pairs: pd.DataFrame) -> pa.Table:
    """Give each pair as a row of SCHEMA, compared or with the reason why it is not. No row is dropped.

    `pairs`: kind, ref_area, part, compared_with, SERIES and, with and without the ending `_with`, value, unit, edition,
    note, coverage, reason, half_unit.
    """
    frame = pairs.reset_index(drop=True)
    frame["reason"] = _reasons(frame)
    frame["comparable"] = frame["reason"] == ""
    own, other = (frame[name].astype("float64").where(frame["comparable"]) for name in ("value", "value_with"))
    half, half_with = (frame[name].fillna(0.0) for name in ("half_unit", "half_unit_with"))
    exact = np.maximum(half, half_with) < ROUNDED
    frame["difference"] = other - own
    frame["ratio"] = (own / other).where(exact)
    frame["ratio_lower"] = (own - half).clip(lower=0) / (other + half_with)
    frame["ratio_upper"] = (own + half) / (other - half_with).where(other > half_with)
    frame["relative_gap_pct"] = (1 - frame["ratio"]) * 100
    named = {"compared_value": frame["value_with"], "compared_coverage": frame["coverage_with"]}
    frame = frame.assign(**named, method=METHOD, version=VERSION)
    frame["unit"] = frame["unit"].fillna(frame["unit_with"])
    frame["edition"] = frame["edition"].fillna(frame["edition_with"])
    columns = [pa.array(frame[one.name], one.type, from_pandas=True) for one in SCHEMA]
    order = [(name, "ascending") for name in ("kind", "indicator", "source", "ref_area", "part", "compared_with",
                                              "time_period", "sex", "age", "breakdown")]  # fmt: skip
    return pa.table(columns, schema=SCHEMA).sort_by(order)


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Say for each pair why it cannot be compared; empty text where it can. The first obstacle is named."""
    missing = [_absent(frame, "part", ""), _absent(frame, "compared_with", "_with")]
    zero = frame["value_with"].le(0) & frame["value_with"].notna()
    cases = [
        (frame["value"].isna(), missing[0]),
        (frame["value_with"].isna(), missing[1]),
        (frame["unit"] != frame["unit_with"], "the units differ: " + frame["unit"] + ", " + frame["unit_with"]),
        (frame["edition"] != frame["edition_with"], "the figures come from different editions"),
        (frame["note"] != frame["note_with"], _bases(frame)),
        (zero, "the figure compared with is zero: there is no ratio to it"),
    ]
    result = np.full(len(frame), "", dtype=object)
    for condition, text in reversed(cases):
        result = np.where(condition.to_numpy(dtype=bool), text, result)
    return result


def _absent(frame: pd.DataFrame, name: str, end: str) -> pd.Series:
    told = frame[f"reason{end}"].fillna("").str.removeprefix("cannot say: ")
    return frame[name] + ": " + told.where(told != "", "no figure")


def _bases(frame: pd.DataFrame) -> pd.Series:
    one, other = (frame[name].fillna("").astype(str) for name in ("note", "note_with"))
    return "the figures rest on different bases: “" + one + "” and “" + other + "”"
