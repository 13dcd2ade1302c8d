"""From one year to the next: how much of a group's change is its members' data, and how much other members.

The split of `indicators/composition.py`, for every group, series and pair of consecutive years at once. Members differ
where an economy begins or ceases to report (coverage) and where it joins or leaves the group (membership); both are
composition.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from indicators.aggregate import members_by_year, pair_with_groups
from indicators.batches import batches

METHOD, VERSION = "change_split", "1"
_SAME = ["indicator", "breakdown", "group_code"]
_PARTS = ["before", "after", "by_data", "by_composition", "entered", "departed"]
COLUMNS = [*_SAME, "year", "year_before", *_PARTS]


def year_to_year(values: pa.Table, members: pa.Table, weights: pa.Table, given: pa.Table) -> pa.Table:
    """Split the change of each group's weighted mean since the year before.

    `values`: one figure per economy and series (indicator, breakdown, ref_area, year, value, of all people). `members`
    and `weights` as of `aggregate.weighted`. `given`: group_code, indicator, breakdown, year of the figures that were
    given; a change from or to a year without one is left out. The result has indicator, breakdown, group_code, year,
    year_before, before, after, by_data, by_composition (in the indicator's unit; null where no member is in both
    years), entered and departed (economies).
    """
    return pa.concat_tables([_changes(part, members, weights, _of(given, part)) for part in batches(values)])


def _of(given: pa.Table, part: pa.Table) -> pa.Table:
    return given.filter(pc.is_in(given["indicator"], value_set=pc.unique(part["indicator"]).cast(pa.string())))


def _changes(values: pa.Table, members: pa.Table, weights: pa.Table, given: pa.Table) -> pa.Table:
    frame = _weighed(values, weights)
    belonging = members_by_year(members, sorted(frame["year"].unique().tolist()))
    at, member = pair_with_groups(frame, belonging)
    if len(at) == 0:
        return _table(pd.DataFrame(columns=COLUMNS))
    known = given.to_pandas()
    names = pd.concat([known["group_code"], belonging["group_code"]], ignore_index=True).astype("category")
    group = names.cat.codes.to_numpy()[len(known) :][member].astype("int64")
    count = len(names.cat.categories)
    parts = _split(frame, at, frame["series"].to_numpy()[at] * count + group)
    parts["group_code"] = names.cat.categories.to_numpy()[parts["mean"] % count]
    parts["series"] = parts["mean"] // count
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


def _split(frame: pd.DataFrame, at: np.ndarray, mean: np.ndarray) -> pd.DataFrame:
    """Split the change of each mean since the year before; `at` and `mean` say which figure counts for which mean.

    Each mean and year has a cell, consecutive years side by side: the cell before is that of the year before.
    """
    year, area = frame["year"].to_numpy()[at].astype("int64"), frame["area"].to_numpy()[at].astype("int64")
    first, span = int(frame["year"].min()), int(frame["year"].max() - frame["year"].min()) + 2
    cell = mean * span + (year - first) + 1
    step = int(area.max()) + 1
    key = cell * step + area
    weight = frame["weight"].to_numpy()[at]
    rows = pd.DataFrame({"cell": cell, "n": 1.0, "w": weight, "p": weight * frame["value"].to_numpy()[at]})
    size = int(cell.max()) + 1
    whole, stay = _sums(rows, size), _sums(rows[_held(key + step, key)], size)
    since = _sums(rows[_held(key - step, key)], size)
    now = np.flatnonzero((whole["n"][1:] > 0) & (whole["n"][:-1] > 0)) + 1
    with np.errstate(invalid="ignore", divide="ignore"):
        means, kept = whole["p"] / whole["w"], since["p"] / since["w"]
        data = kept[now] - (stay["p"] / stay["w"])[now - 1]
    found = {"mean": now // span, "year": now % span + first - 1, "before": means[now - 1], "after": means[now]}
    gone = {"entered": whole["n"][now] - since["n"][now], "departed": whole["n"][now - 1] - since["n"][now]}
    return pd.DataFrame({**found, "by_data": data, "by_composition": means[now] - means[now - 1] - data, **gone})


def _sums(rows: pd.DataFrame, size: int) -> dict[str, np.ndarray]:
    cell = rows["cell"].to_numpy()
    return {name: np.bincount(cell, weights=rows[name].to_numpy(), minlength=size) for name in ("n", "w", "p")}


def _held(wanted: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Tell which of the wanted keys are among those held."""
    order = np.sort(held)
    place = np.minimum(np.searchsorted(order, wanted), max(len(order) - 1, 0))
    return order[place] == wanted if len(order) else np.zeros(0, dtype=bool)


def _given_both(parts: pd.DataFrame, known: pd.DataFrame) -> pa.Table:
    """Keep the changes between two years of which both have a figure."""
    key = [*_SAME, "year"]
    there = known[key].drop_duplicates()
    parts = parts.merge(there, on=key).assign(year_before=lambda one: one["year"] - 1)
    parts = parts.merge(there.rename(columns={"year": "year_before"}), on=[*_SAME, "year_before"])
    parts = parts.sort_values(key)
    return _table(parts)


def _table(parts: pd.DataFrame) -> pa.Table:
    kinds = {"year": pa.int32(), "year_before": pa.int32(), "entered": pa.int64(), "departed": pa.int64()}
    text = dict.fromkeys(_SAME, pa.string())
    fields = [pa.field(name, {**kinds, **text}.get(name, pa.float64())) for name in COLUMNS]
    return pa.table([pa.array(parts[one.name], one.type, from_pandas=True) for one in fields], schema=pa.schema(fields))
