"""From economies to groups: population-weighted means, with how much of the group's population they rest on.

ITU's rule for the share of internet users and for coverage (SDG metadata 17.8.1 and 9.c.1): users of all economies
over their population, that is the mean of rates weighted by population. We estimate nothing that is missing: a figure
for a group is given when economies that hold at least the minimum share of its population report, and says how much
that is; otherwise it is withheld with the reason.

Membership is judged on 1 July of the figure's year, the day to which mid-year population refers.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.batches import batches
from indicators.gap import measures
from indicators.unweighted import by_rule

METHOD, VERSION = "population_weighted_mean", "1"
FORMULA = "Σ population × figure / Σ population, over the economies that report"
SERIES = ["indicator", "time_period", "year", "sex", "age", "urbanisation", "breakdown"]
FROZEN = ("_2017", "2017-07-06")
"""Ending of the codes of groups whose membership is that of one day, and the day: the resolution's adoption."""
_BASIS = {True: "population of that sex", False: "total population"}


def members_by_year(members: pa.Table, years: list[int]) -> pd.DataFrame:
    """Give who belongs to which group in which year: group_code, ref_area, year.

    `members` has group_code, ref_area, valid_from (inclusive) and valid_to (exclusive), dates or null.
    """
    frame = members.select(["group_code", "ref_area", "valid_from", "valid_to"]).to_pandas()
    start = pd.to_datetime(frame["valid_from"]).fillna(pd.Timestamp("1677-10-01")).to_numpy()
    end = pd.to_datetime(frame["valid_to"]).fillna(pd.Timestamp("2261-01-01")).to_numpy()
    days = np.array([f"{year}-07-01" for year in years], dtype="datetime64[us]")[:, None]
    year_at, row_at = np.nonzero((start[None, :] <= days) & (days < end[None, :]))
    belonging = frame[["group_code", "ref_area"]].take(row_at).reset_index(drop=True)
    return belonging.assign(year=np.array(years, dtype="int64")[year_at])


def weighted(
    values: pa.Table,
    members: pa.Table,
    weights: pa.Table,
    minimum_coverage: Mapping[str, float],
    rules: Mapping[str, str] | None = None,
) -> pa.Table:
    """Give the figure of every series for every group and year that has a member reporting.

    `values`: one figure per economy and series (SERIES, ref_area, value, source, obs_status). `weights`: ref_area,
    year, sex, weight. `minimum_coverage`: share of the group's population, 0 to 1, by indicator. `rules`: by indicator
    METHOD (where none is named), or one of `indicators/unweighted.py`. The result has SERIES, group_code, value (null
    when withheld), coverage, members, reporting, weightless, weight_basis, estimated_share, areas, sources, reason,
    method, composition (`year`, or the day as of which the membership is frozen).
    """
    parts = [_weighted(part, members, weights, minimum_coverage, rules or {}) for part in batches(values)]
    return pa.concat_tables(parts)


def _weighted(
    values: pa.Table,
    members: pa.Table,
    weights: pa.Table,
    minimum_coverage: Mapping[str, float],
    rules: Mapping[str, str],
) -> pa.Table:
    frame = _with_weights(values.to_pandas(), weights.to_pandas())
    people = weights.to_pandas()
    belonging = members_by_year(members, sorted(frame["year"].unique().tolist()))
    frame["series"] = frame.groupby(SERIES, sort=True).ngroup()
    usable = frame[frame["weight"] > 0].reset_index(drop=True)
    at, member = pair_with_groups(usable, belonging)
    if len(at) == 0:
        return _result(pd.DataFrame(columns=_COLUMNS), {})
    sums, number = _sum_up(usable, at, belonging["group_code"].take(member))
    who = {
        "areas": _lists(number, usable["ref_area"].to_numpy(dtype=object)[at]),
        "sources": _distinct(number, usable["source"].to_numpy(dtype=object)[at]),
    }
    told = frame.drop_duplicates("series").set_index("series")[SERIES]
    whole = _group_weights(belonging, people)
    found = sums.join(told, on="series").merge(whole, on=["group_code", "year"], how="left")
    found["method"] = found["indicator"].map(lambda name: rules.get(name, METHOD))
    found["mean"] = by_rule(found["mean"], found["method"], usable["value"].to_numpy()[at], number)
    return _result(_judge(found, minimum_coverage), who)


def pair_with_groups(frame: pd.DataFrame, belonging: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Pair each figure with every membership of its economy in its year: rows of the frame, rows of `belonging`.

    The same as a join, without copying the figures once for each of the groups that they count for.
    """
    code, _ = pd.factorize(pd.concat([frame["ref_area"], belonging["ref_area"]], ignore_index=True))
    place = code * 10_000 + pd.concat([frame["year"], belonging["year"]], ignore_index=True).to_numpy()
    wanted, held = place[: len(frame)], place[len(frame) :]
    order = np.argsort(held, kind="stable")
    first = np.searchsorted(held, wanted, side="left", sorter=order)
    count = np.searchsorted(held, wanted, side="right", sorter=order) - first
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(frame)), count), order[np.repeat(first, count) + within]


def _with_weights(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add to each figure its weights (total population and, where held, that of its sex) and weighted values."""
    total = people.loc[people["sex"] == "_T", ["ref_area", "year", "weight"]]
    frame = frame.merge(total, on=["ref_area", "year"], how="left")
    by_sex = people.rename(columns={"weight": "weight_of_sex"})[["ref_area", "year", "sex", "weight_of_sex"]]
    frame = frame.merge(by_sex, on=["ref_area", "year", "sex"], how="left")
    frame["product"] = frame["value"] * frame["weight"]
    frame["lacks_sex"] = frame["weight_of_sex"].isna().astype("float64")
    frame["weight_of_sex"] = frame["weight_of_sex"].fillna(0.0)
    frame["product_of_sex"] = frame["value"] * frame["weight_of_sex"]
    frame["estimated"] = np.where(frame["obs_status"] == "E", frame["weight"], 0.0)
    return frame


def _group_weights(belonging: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Give the population of each whole group by year, how many belong to it, and how many have no population."""
    total = people.loc[people["sex"] == "_T", ["ref_area", "year", "weight"]]
    known = belonging.merge(total, on=["ref_area", "year"], how="left")
    known["weightless"] = known["weight"].isna()
    grouped = known.groupby(["group_code", "year"], sort=True)
    return grouped.agg(
        whole=("weight", "sum"), members=("ref_area", "size"), weightless=("weightless", "sum")
    ).reset_index()


def _sum_up(frame: pd.DataFrame, at: np.ndarray, groups: pd.Series) -> tuple[pd.DataFrame, np.ndarray]:
    """Sum weights and weighted values by group and series; by the sex's own population where all members have it.

    `at` and `groups` say, side by side, which row of the frame counts for which group. Gives the sums, and for each
    of those pairs the row of the sums to which it went.
    """
    code, names = pd.factorize(groups, sort=True)
    count = int(frame["series"].max()) + 1
    keys, number = np.unique(code * count + frame["series"].to_numpy()[at], return_inverse=True)
    sums = pd.DataFrame({"group_code": np.asarray(names, dtype=object)[keys // count], "series": keys % count})
    for name in ("weight", "product", "weight_of_sex", "product_of_sex", "lacks_sex", "estimated"):
        sums[name] = np.bincount(number, weights=frame[name].to_numpy()[at])
    sums["reporting"] = np.bincount(number)
    own = sums["lacks_sex"].eq(0) & (sums["weight_of_sex"] > 0)
    by_sex = sums["product_of_sex"] / sums["weight_of_sex"].where(own)
    sums["mean"] = by_sex.where(own, sums["product"] / sums["weight"])
    sums["own"] = own
    return sums, number


def _lists(number: np.ndarray, texts: np.ndarray) -> pa.ListArray:
    """List the texts of each group, in the order of the groups; texts within a group in their own order."""
    order = np.argsort(number, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(number))]).astype("int32")
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(texts[order], pa.string()))


def _distinct(number: np.ndarray, texts: np.ndarray) -> pa.ListArray:
    """List the different texts of each group, sorted."""
    code, names = pd.factorize(texts, sort=True)
    pairs = np.unique(number * len(names) + code)
    return _lists(pairs // len(names), np.asarray(names, dtype=object)[pairs % len(names)])


def _judge(found: pd.DataFrame, minimum_coverage: Mapping[str, float]) -> pd.DataFrame:
    """Withhold what rests on too little of the group's population, and say so."""
    found["coverage"] = found["weight"] / found["whole"]
    basis = (found["own"] & (found["sex"] != "_T")).map(_BASIS)
    found["weight_basis"] = basis.where(found["method"] == METHOD, "each economy once")
    found["composition"] = np.where(found["group_code"].str.endswith(FROZEN[0]), FROZEN[1], "year")
    found["estimated_share"] = found["estimated"] / found["weight"]
    needed = found["indicator"].map(lambda name: minimum_coverage.get(name, 0.5)).astype("float64")
    enough = found["coverage"] >= needed
    found["value"] = found["mean"].where(enough)
    found["reason"] = np.where(enough, "", _too_little(found["coverage"], needed))
    return found


def _too_little(coverage: pd.Series, needed: pd.Series) -> np.ndarray:
    return np.array(
        [
            f"cannot say: figures cover {share:.0%} of the group's population, at least {least:.0%} is needed"
            for share, least in zip(coverage, needed, strict=True)
        ],
        dtype=object,
    )


_COLUMNS = [
    "group_code", *SERIES, "value", "coverage", "members", "reporting", "weightless", "weight_basis",
    "estimated_share", "areas", "sources", "reason", "method", "composition",
]  # fmt: skip
_TYPES: dict[str, pa.DataType] = {
    "year": pa.int32(), "value": pa.float64(), "coverage": pa.float64(), "estimated_share": pa.float64(),
    "members": pa.int64(), "reporting": pa.int64(), "weightless": pa.int64(),
    "areas": pa.list_(pa.string()), "sources": pa.list_(pa.string()),
}  # fmt: skip


def _result(frame: pd.DataFrame, who: Mapping[str, pa.ListArray]) -> pa.Table:
    """Put the columns into their order and types; `who` are the columns that are lists, row by row."""
    fields = []
    for name in _COLUMNS:
        kind = _TYPES.get(name, pa.string())
        fields.append(who[name] if name in who else pa.array(frame[name], kind, from_pandas=True))
    return pa.table(fields, schema=pa.schema([(name, _TYPES.get(name, pa.string())) for name in _COLUMNS]))


def group_gaps(pairs: pa.Table, members: pa.Table, weights: pa.Table, minimum_coverage: float = 0.5) -> pa.Table:
    """Give the gender gap of every group from its women's and men's rates, each weighted by population.

    `pairs`: comparable pairs, one per indicator, economy and period (indicator, time_period, year, ref_area, female,
    male, source). Both rates are taken over the economies that have both, never a mean of gaps. Where the population
    by sex is not held the total serves, and `weight_basis` says so. The result has group_code, indicator,
    time_period, year, female, male, relative_gap_pct, parity, gap_points, coverage, members, reporting,
    weight_basis, areas, sources, reason.
    """
    long = [_one_sex(pairs, name, code) for name, code in (("female", "F"), ("male", "M"))]
    minima = dict.fromkeys(set(pairs["indicator"].to_pylist()), minimum_coverage)
    frame = weighted(pa.concat_tables(long), members, weights, minima).to_pandas()
    place = ["group_code", "indicator", "time_period", "year"]
    women = frame[frame["sex"] == "F"].rename(columns={"value": "female"})
    men = frame.loc[frame["sex"] == "M", [*place, "value"]].rename(columns={"value": "male"})
    both = women.merge(men, on=place)
    for name, values in measures(both["female"].to_numpy(), both["male"].to_numpy()).items():
        both[name] = values
    columns = [*place, "female", "male", "relative_gap_pct", "parity", "gap_points", "coverage", "members", "reporting"]
    columns += ["weight_basis", "areas", "sources", "reason"]
    floats = {"female", "male", "relative_gap_pct", "parity", "gap_points"}
    schema = pa.schema([(name, pa.float64() if name in floats else _TYPES.get(name, pa.string())) for name in columns])
    return pa.Table.from_pandas(both[columns], schema=schema, preserve_index=False)


def _one_sex(pairs: pa.Table, column: str, code: str) -> pa.Table:
    """Give one sex's rates as figures of one series per indicator, whatever the age base of each survey."""
    count = pairs.num_rows
    text = {"sex": code, "age": "_T", "urbanisation": "_T", "breakdown": "_T", "obs_status": "A"}
    return pa.table(
        {
            **{name: pairs[name] for name in ("indicator", "time_period", "year", "ref_area", "source")},
            "value": pairs[column],
            **{name: pa.repeat(pa.scalar(value), count) for name, value in text.items()},
        }
    )
