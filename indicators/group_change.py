"""From one year to the next: how much of a group's change is its members' data, and how much other members.

Split by `indicators/composition.py`. Members differ where an economy begins or ceases to report (coverage) and where it
joins or leaves the group (membership); both are composition.
"""

import pandas as pd
import pyarrow as pa

from indicators.aggregate import members_by_year, pair_with_groups
from indicators.composition import PARTS, decompose

METHOD, VERSION = "change_split", "1"
_SAME = ["indicator", "breakdown", "group_code"]
COLUMNS = [*_SAME, "year", "year_before", *(name for name in PARTS if name != "left"), "departed"]


def year_to_year(values: pa.Table, members: pa.Table, weights: pa.Table, given: pa.Table) -> pa.Table:
    """Split the change of each group's weighted mean since the year before.

    `values`: one figure per economy and series (indicator, breakdown, ref_area, year, value, of all people). `members`
    and `weights` as of `aggregate.weighted`. `given`: group_code, indicator, breakdown, year of the figures that were
    given; a change from or to a year without one is left out. The result has indicator, breakdown, group_code, year,
    year_before and the parts of `composition.decompose`, in the indicator's unit.
    """
    frame = _weighed(values, weights)
    belonging = members_by_year(members, sorted(frame["year"].unique().tolist()))
    at, member = pair_with_groups(frame, belonging)
    known = given.to_pandas()
    names = pd.concat([known["group_code"], belonging["group_code"]], ignore_index=True).astype("category")
    rows = frame.take(at).reset_index(drop=True)
    rows["group"] = names.cat.codes.to_numpy()[len(known) :][member]
    parts = decompose(_state(rows, 1), _state(rows, 0), ["series", "group", "year"]).to_pandas()
    parts["group_code"] = names.cat.categories.to_numpy()[parts["group"]]
    told = frame.drop_duplicates("series")[["series", "indicator", "breakdown"]]
    return _given_both(parts.merge(told, on="series"), known)


def _weighed(values: pa.Table, weights: pa.Table) -> pd.DataFrame:
    people = weights.to_pandas()
    total = people.loc[people["sex"] == "_T", ["ref_area", "year", "weight"]]
    frame = values.to_pandas().merge(total, on=["ref_area", "year"])
    frame = frame[frame["weight"] > 0].reset_index(drop=True)
    frame["series"] = frame.groupby(["indicator", "breakdown"]).ngroup()
    frame["area"] = frame["ref_area"].astype("category").cat.codes
    return frame


def _state(rows: pd.DataFrame, ahead: int) -> pa.Table:
    """Give the members of each mean, filed under the year that lies `ahead`."""
    state = rows[["series", "group", "value", "weight"]].assign(year=rows["year"] + ahead, ref_area=rows["area"])
    return pa.Table.from_pandas(state, preserve_index=False)


def _given_both(parts: pd.DataFrame, known: pd.DataFrame) -> pa.Table:
    """Keep the changes between two years of which both have a figure."""
    key = [*_SAME, "year"]
    there = known[key].drop_duplicates()
    parts = parts.merge(there, on=key).assign(year_before=lambda one: one["year"] - 1)
    parts = parts.merge(there.rename(columns={"year": "year_before"}), on=[*_SAME, "year_before"])
    parts = parts.rename(columns={"left": "departed"}).sort_values(key)
    kinds = {"year": pa.int32(), "year_before": pa.int32(), "entered": pa.int64(), "departed": pa.int64()}
    text = dict.fromkeys(_SAME, pa.string())
    fields = [pa.field(name, {**kinds, **text}.get(name, pa.float64())) for name in COLUMNS]
    return pa.table([pa.array(parts[one.name], one.type, from_pandas=True) for one in fields], schema=pa.schema(fields))
