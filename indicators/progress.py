"""Progress towards targets by the measures of others in the field: growth against needed growth, anticipated distance.

With v₀ and v the first figure since the base year and the newest up to the deadline, t₀ and t their years, T the target
and t_T its deadline, s the wished direction (+1 or −1):

growth_pct     s · ((v / v₀)^(1 / (t − t₀)) − 1) · 100, per cent a year (Open SDG, after Statistics Canada and Eurostat)
growth_ratio   s · g(v₀, v, t − t₀) / |g(v₀, T, t_T − t₀)|, g the yearly growth (UN Progress Chart, Open SDG, Eurostat)
missing_share  max(0, d(v̂)) / d(v₀), d the distance to the target, v̂ the figure of t_T on a line that is fitted to all
               figures since the base year with weights 1, 2, 3, … by year (ESCAP, anticipated progress)

A base or a target of zero counts as FLOOR (Open SDG). Growth says nothing of a figure that can cross zero.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.yardstick import Scale, Yardstick

METHOD, VERSION = "yardstick", "1"
FLOOR = 0.001
MEASURES = ("growth_ratio", "growth_pct", "missing_share")
CROSSES = "a rate of growth says nothing of a gap, which can cross zero"
SIGNS = "figures or target of different signs have no rate of growth"
MET_BEFORE = "the target was met in the base year"
ONE_POINT = "two figures since the base year are needed"
NO_NUMBER = "the target names no number"
NO_DIRECTION = "neither more nor less is wished for"


def measure(targets: pa.Table, points: pa.Table) -> pd.DataFrame:
    """Give the measures of each row of `targets`, with first and newest figure, and for each why there is none.

    `targets`: row (number), comparison (null without a number), target_value, direction (up, down, none), base_year,
    deadline. `points`: row, year, value; those before the base year and after the deadline are not looked at.
    """
    frame = targets.to_pandas().set_index("row", drop=False)
    known = points.to_pandas().merge(frame[["base_year", "deadline"]].reset_index(), on="row")
    known = known[known["year"].between(known["base_year"], known["deadline"])].sort_values(["row", "year"])
    ends = known.groupby("row").agg(
        first_year=("year", "first"), first=("value", "first"), year=("year", "last"), value=("value", "last")
    )
    frame = frame.join(ends)
    frame["anticipated"] = anticipated(known, frame["deadline"])
    return _with_measures(frame)


def anticipated(known: pd.DataFrame, ends: pd.Series) -> pd.Series:
    """Give the figure at `ends` on each row's weighted line; NaN for fewer than two years.

    `known`: row, year, value, base_year, sorted by row and year. Weights are 1 in the base year and grow by 1 a year.
    """
    weight = (known["year"] - known["base_year"] + 1).astype("float64")
    sums = pd.DataFrame({"row": known["row"], "w": weight, "wt": weight * known["year"], "wv": weight * known["value"]})
    total = sums.groupby("row").sum()
    mean_t, mean_v = total["wt"] / total["w"], total["wv"] / total["w"]
    t = known["year"] - known["row"].map(mean_t)
    v = known["value"] - known["row"].map(mean_v)
    spread = (weight * t * t).groupby(known["row"]).sum()
    slope = (weight * t * v).groupby(known["row"]).sum() / spread.where(spread > 0)
    return (mean_v + slope * (ends.reindex(slope.index) - mean_t)).rename("anticipated")


def growth(first: np.ndarray, last: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Give the yearly growth as a share; zeros count as FLOOR, NaN where signs differ or no year has passed."""
    first, last = (np.where(np.abs(one) < FLOOR, FLOOR, one) for one in (first, last))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((first > 0) == (last > 0), last / first, np.nan)
        return np.where(years > 0, ratio ** (1 / np.where(years > 0, years, np.nan)) - 1, np.nan)


def distance(comparison: pd.Series, target: pd.Series, value: pd.Series) -> pd.Series:
    """How far values are from their targets, in their own unit; zero or less when met."""
    asked = target.astype("float64")
    far = (value.abs() - asked).where(comparison == "within", asked - value)
    return far.where(comparison != "at_most", value - asked)


def _with_measures(frame: pd.DataFrame) -> pd.DataFrame:
    first, value, target = (frame[name].astype("float64") for name in ("first", "value", "target_value"))
    years = (frame["year"] - frame["first_year"]).astype("float64").to_numpy()
    whole = (frame["deadline"] - frame["first_year"]).astype("float64").to_numpy()
    wished = frame["direction"].map({"up": 1.0, "down": -1.0, "none": np.nan})
    sign = frame["comparison"].map({"at_least": 1.0, "more_than": 1.0, "at_most": -1.0})
    pace = growth(first.to_numpy(), value.to_numpy(), years)
    needed = growth(first.to_numpy(), target.to_numpy(), whole)
    at_start = distance(frame["comparison"], target, first)
    frame["growth_pct"] = wished * pace * 100
    frame["growth_ratio"] = (sign * pace / np.abs(needed)).where(at_start > 0)
    missing = distance(frame["comparison"], target, frame["anticipated"]).clip(lower=0)
    frame["missing_share"] = (missing / at_start).where(at_start > 0)
    return _with_reasons(frame, at_start)


def _with_reasons(frame: pd.DataFrame, at_start: pd.Series) -> pd.DataFrame:
    """Say for each measure that is absent why, the first obstacle first."""
    few = frame["year"].isna() | (frame["year"] == frame["first_year"])
    unnumbered = frame["target_value"].isna()
    within = frame["comparison"] == "within"
    obstacles = {
        "growth_pct": [(few, ONE_POINT), (frame["direction"] == "none", NO_DIRECTION)],
        "growth_ratio": [(few, ONE_POINT), (unnumbered, NO_NUMBER), (within, CROSSES), (at_start <= 0, MET_BEFORE)],
        "missing_share": [(few, ONE_POINT), (unnumbered, NO_NUMBER), (at_start <= 0, MET_BEFORE)],
    }
    for name, cases in obstacles.items():
        named = np.select([case.to_numpy(dtype=bool) for case, _ in cases], [text for _, text in cases], SIGNS)
        frame[f"why_{name}"] = np.where(frame[name].isna(), named, "")
    return frame


SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("yardstick", pa.string()),
        ("measure", pa.string()),
        ("base_year", pa.int32()),
        ("base_value", pa.float64()),
        ("year", pa.int32()),
        ("value", pa.float64()),
        ("anticipated", pa.float64()),
        ("measured", pa.float64()),
        ("state", pa.string()),
        ("reason", pa.string()),
        ("certainty", pa.string()),
        ("citation", pa.string()),
    ]
)


def yardsticks(targets: pa.Table, points: pa.Table, every: Sequence[Yardstick]) -> pa.Table:
    """Hold each row of `targets` against each yardstick; columns in as of `measure`, out SCHEMA, no row dropped."""
    frame = measure(targets, points)
    parts = []
    for one in every:
        unnumbered = frame["target_value"].isna()
        for part, scale in ((frame[~unnumbered], one.with_target), (frame[unnumbered], one.without_target)):
            if len(part):
                parts.append(_held(part, one, scale))
    return pa.concat_tables(parts) if parts else SCHEMA.empty_table()


def _held(part: pd.DataFrame, one: Yardstick, scale: Scale | None) -> pa.Table:
    name = scale.measure if scale else one.with_target.measure
    values = part[name].to_numpy(dtype="float64")
    held = pd.DataFrame(
        {
            "row": part["row"],
            "yardstick": one.id,
            "measure": name,
            "base_year": part["first_year"],
            "base_value": part["first"],
            "year": part["year"],
            "value": part["value"],
            "anticipated": part["anticipated"] if name == "missing_share" else np.nan,
            "measured": values,
            "state": scale.states(values) if scale else "",
            "reason": part[f"why_{name}"],
            "certainty": one.certainty,
            "citation": one.citation,
        }
    )
    columns = [
        pa.array(held[name], kind, from_pandas=True) for name, kind in zip(SCHEMA.names, SCHEMA.types, strict=True)
    ]
    return pa.table(columns, schema=SCHEMA)
