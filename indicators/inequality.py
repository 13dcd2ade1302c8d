"""Inequality between economies: how unequally people's access is spread, with every person counted once.

With y_i the figure of economy i, p_i its share of the people counted and μ = Σ p y:
Gini      G = Σ p_i y_i (2 P_i − p_i − 1) / μ, y in rising order, P the running sum of p; the same as half the mean
          absolute difference over the mean, (1 / 2μ) ΣΣ p_i p_j |y_i − y_j|.
Theil     T = Σ p_i (y_i/μ) ln(y_i/μ), with 0 ln 0 = 0. For groups g with share of people p_g and mean μ_g it splits
          exactly: T = Σ p_g (μ_g/μ) ln(μ_g/μ) [between] + Σ p_g (μ_g/μ) T_g [within].
Variation CV = √(Σ p (y − μ)²) / μ.
H. Theil, *Economics and Information Theory* (1967); A. Shorrocks, *Econometrica* 48 (1980).

A share is measured twice, as it is and as its complement, people without: the Gini of 90 and 80 is not that of 10 and
20. Only differences between economies are seen, none inside an economy.

Columns in: `values` SERIES, ref_area, value; `weights` ref_area, year, sex, weight; `members` grouping (income, ldc),
group_code, ref_area, year. Out: see `inequality` and `contributions`.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa

SERIES = ["indicator", "time_period", "year", "sex", "age", "urbanisation", "breakdown"]
METHOD, VERSION = "inequality", "1"
REST = "OTHER"
"""Group of the economies that a grouping does not name: a split must take in everyone that the total does."""


def gini(value: np.ndarray, weight: np.ndarray) -> float:
    """Give the weighted Gini coefficient, 0 (all alike) to 1. NaN when the mean is not positive."""
    order = np.argsort(value, kind="stable")
    y, p = value[order], weight[order] / weight.sum()
    mean = float(p @ y)
    return float((p * y) @ (2 * np.cumsum(p) - p - 1)) / mean if mean > 0 else float("nan")


def theil(value: np.ndarray, weight: np.ndarray) -> float:
    """Give the weighted Theil index T, 0 (all alike) upwards. NaN when the mean is not positive."""
    p = weight / weight.sum()
    mean = float(p @ value)
    return float(p @ _x_log_x(value / mean)) if mean > 0 else float("nan")


def variation(value: np.ndarray, weight: np.ndarray) -> float:
    """Give the weighted coefficient of variation. NaN when the mean is not positive."""
    p = weight / weight.sum()
    mean = float(p @ value)
    return float(np.sqrt(p @ (value - mean) ** 2)) / mean if mean > 0 else float("nan")


def _x_log_x(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x * np.log(np.where(x > 0, x, 1.0)), 0.0)


def inequality(values: pa.Table, weights: pa.Table, members: pa.Table, shares: Collection[str]) -> pa.Table:
    """Give the measures of every series, once for each grouping, and for `shares` (indicators) also the complement.

    Columns: SERIES, of (value, complement), grouping, mean, gini, theil, theil_between, theil_within, variation
    (null when they cannot be said), economies, weightless (economies without population: they are not counted),
    coverage (share of all people that `weights` know in that year), reason.
    """
    frame = _prepared(values, weights, shares)
    cells = _split(frame, members)
    names = pd.DataFrame({"grouping": _groupings(members)})
    found = _measures(frame).merge(names, how="cross").merge(_sums(cells), on=["series", "of", "grouping"], how="left")
    return _table(_judged(found, frame, weights.to_pandas()))


def contributions(values: pa.Table, weights: pa.Table, members: pa.Table, shares: Collection[str]) -> pa.Table:
    """Give the part of every group in the split of Theil.

    Columns: SERIES, of, grouping, group_code, economies, population_share, mean, theil (inside the group), between and
    within (its parts of the two sums; over all groups of a grouping they add up to Theil).
    """
    frame = _prepared(values, weights, shares)
    cells = _split(frame, members)
    told = frame.drop_duplicates("series").set_index("series")[SERIES]
    names = ["of", "grouping", "group_code", "economies", "population_share", "mean", "theil", "between", "within"]
    result = cells.join(told, on="series").sort_values(["series", "of", "grouping", "group_code"])
    return pa.Table.from_pandas(result[[*SERIES, *names]], preserve_index=False)


def _prepared(values: pa.Table, weights: pa.Table, shares: Collection[str]) -> pd.DataFrame:
    """Number the series, add population and complement; p, y and terms of the sums for rows that count."""
    frame = values.select([*SERIES, "ref_area", "value"]).to_pandas()
    people = weights.to_pandas()
    total = people.loc[people["sex"] == "_T", ["ref_area", "year", "weight"]]
    frame = frame.merge(total, on=["ref_area", "year"], how="left")
    frame["series"] = frame.groupby(SERIES, sort=True).ngroup()
    complement = frame[frame["indicator"].isin(list(shares))]
    complement = complement.assign(value=100 - complement["value"], of="complement")
    frame = pd.concat([frame.assign(of="value"), complement], ignore_index=True)
    frame["counts"] = (frame["weight"] > 0) & frame["value"].notna()
    return _with_terms(frame)


def _with_terms(frame: pd.DataFrame) -> pd.DataFrame:
    """Add p (share of the series' people), its series' mean, and y/μ, all zero where a row does not count."""
    keys = [frame["series"], frame["of"]]
    weight = frame["weight"].where(frame["counts"], 0.0)
    whole = weight.groupby(keys).transform("sum")
    frame["p"] = (weight / whole.where(whole > 0)).fillna(0.0)
    frame["y"] = frame["value"].where(frame["counts"], 0.0)
    frame["mean"] = (frame["p"] * frame["y"]).groupby(keys).transform("sum")
    frame["x"] = (frame["y"] / frame["mean"].where(frame["mean"] > 0)).fillna(0.0)
    frame["term"] = frame["p"] * _x_log_x(frame["x"].to_numpy())
    return frame


def _measures(frame: pd.DataFrame) -> pd.DataFrame:
    """Work out mean, Gini, Theil and variation of every series and its complement at once."""
    rising = frame.sort_values(["series", "of", "y"], kind="stable")
    running = rising.groupby(["series", "of"])["p"].cumsum()
    rising = rising.assign(
        gini=rising["p"] * rising["x"] * (2 * running - rising["p"] - 1),
        square=rising["p"] * (rising["x"] - 1) ** 2,
        weightless=~(rising["weight"] > 0),
    )
    found = rising.groupby(["series", "of"], sort=True).agg(
        mean=("mean", "first"), gini=("gini", "sum"), theil=("term", "sum"), square=("square", "sum"),
        economies=("counts", "sum"), weightless=("weightless", "sum"), least=("y", "min"), year=("year", "first"),
    )  # fmt: skip
    found["variation"] = np.sqrt(found["square"])
    return found.drop(columns="square").reset_index()


def _groupings(members: pa.Table) -> list[str]:
    return sorted(set(members["grouping"].to_pylist())) or [REST]


def _split(frame: pd.DataFrame, members: pa.Table) -> pd.DataFrame:
    """Work out people, mean and Theil of every group: one row per series, of, grouping and group."""
    places = members.to_pandas()
    counted = frame[frame["counts"]]
    parts = [_grouped(counted, places[places["grouping"] == name], name) for name in _groupings(members)]
    rows = pd.concat(parts, ignore_index=True)
    rows["px"] = rows["p"] * rows["x"]
    key = [rows[name] for name in _CELL]
    part, px = (rows[name].groupby(key).transform("sum") for name in ("p", "px"))
    inside = np.where(px > 0, rows["x"] / (px / part).where(px > 0), 0.0)
    rows["inside"] = rows["p"] / part * _x_log_x(inside)
    return _cells(rows)


_CELL = ["series", "of", "grouping", "group_code"]


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum rows to groups; a group in which nobody has anything adds nothing to Theil and has none inside."""
    cells = rows.groupby(_CELL, sort=True).agg(
        population_share=("p", "sum"), px=("px", "sum"), theil=("inside", "sum"), economies=("p", "size"),
        whole=("mean", "first"),
    ).reset_index()  # fmt: skip
    ratio = cells["px"] / cells["population_share"]
    cells["mean"] = ratio * cells["whole"]
    cells["between"] = cells["population_share"] * _x_log_x(ratio.to_numpy())
    cells["within"] = cells["px"] * cells["theil"]
    cells["theil"] = cells["theil"].where(cells["px"] > 0)
    return cells


def _grouped(frame: pd.DataFrame, members: pd.DataFrame, name: str) -> pd.DataFrame:
    """Put every row into its group of one grouping in its year. Raises MergeError for an economy in two of them."""
    places = members[["ref_area", "year", "group_code"]]
    joined = frame.merge(places, on=["ref_area", "year"], how="left", validate="many_to_one")
    return joined.assign(grouping=name, group_code=joined["group_code"].fillna(REST))


def _sums(cells: pd.DataFrame) -> pd.DataFrame:
    """Add up the parts of the groups: theil_between and theil_within of every series and grouping."""
    sums = cells.groupby(["series", "of", "grouping"], sort=True)[["between", "within"]].sum().reset_index()
    return sums.rename(columns={"between": "theil_between", "within": "theil_within"})


def _judged(found: pd.DataFrame, frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add coverage, and withhold what cannot be said, with the reason."""
    total = people.loc[people["sex"] == "_T"].groupby("year")["weight"].sum()
    counted = frame[frame["counts"]].groupby(["series", "of"])["weight"].sum().rename("people")
    found = found.join(counted, on=["series", "of"])
    found["coverage"] = (found["people"] / found["year"].map(total)).fillna(0.0)
    reasons = [
        (found["economies"] == 0, "cannot say: no economy has both a figure and people"),
        (found["economies"] == 1, "cannot say: one economy alone is no inequality between economies"),
        (found["least"] < 0, "cannot say: a negative figure has no share in a total"),
        (found["mean"] <= 0, "cannot say: the mean is zero"),
    ]
    found["reason"] = np.select([mask.to_numpy() for mask, _ in reasons], [text for _, text in reasons], "")
    measured = ["gini", "theil", "theil_between", "theil_within", "variation"]
    found[measured] = found[measured].where(found["reason"] == "")
    found["mean"] = found["mean"].where(found["economies"] > 0)
    told = frame.drop_duplicates("series").set_index("series")[[name for name in SERIES if name != "year"]]
    return found.join(told, on="series").sort_values(["series", "of", "grouping"])


_COLUMNS = [
    *SERIES, "of", "grouping", "mean", "gini", "theil", "theil_between", "theil_within", "variation", "economies",
    "weightless", "coverage", "reason",
]  # fmt: skip
_WHOLE = {"year": pa.int32(), "economies": pa.int64(), "weightless": pa.int64()}
_NUMBERS = {"mean", "gini", "theil", "theil_between", "theil_within", "variation", "coverage"}


def _table(frame: pd.DataFrame) -> pa.Table:
    kinds = {name: _WHOLE.get(name, pa.float64() if name in _NUMBERS else pa.string()) for name in _COLUMNS}
    return pa.table({name: pa.array(frame[name], kind, from_pandas=True) for name, kind in kinds.items()})
