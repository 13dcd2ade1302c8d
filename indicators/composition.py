"""Why a weighted mean changed: because its members' figures did, or because other members make it up.

With R the members that report, x their values, w their weights, A(R) = Σ w·x / Σ w, and C the members that report at
both times, the change splits without rest:

    A₁(R₁) − A₀(R₀) = [A₁(C) − A₀(C)] + [(A₁(R₁) − A₁(C)) − (A₀(R₀) − A₀(C))]

The first part is data (values and weights of the same members), the second is composition (coverage and membership).
"""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

PARTS = ("before", "after", "by_data", "by_composition", "entered", "left")

_TYPES = {name: pa.int64() if name in ("entered", "left") else pa.float64() for name in PARTS}


def decompose(before: pa.Table, after: pa.Table, key: Sequence[str]) -> pa.Table:
    """Split the change of each mean between two states.

    `before` and `after`: one row per mean and member, with the columns of `key`, ref_area, value, weight (> 0). Gives
    `key`, before and after (the means), by_data, by_composition (adding up to after − before; null where no member is
    in both), and how many members entered and left. Means that stand in one state only are left out.
    """
    names = list(key)
    if not before.num_rows or not after.num_rows:
        return pa.table({name: pa.array([], _TYPES.get(name, pa.string())) for name in (*names, *PARTS)})
    frame = before.to_pandas().merge(
        after.to_pandas(), on=[*names, "ref_area"], how="outer", suffixes=("_0", "_1"), indicator="where"
    )
    frame["common"] = frame["where"] == "both"
    for at in ("0", "1"):
        frame[f"product_{at}"] = frame[f"value_{at}"] * frame[f"weight_{at}"]
    everyone, common = _means(frame, names), _means(frame[frame["common"]], names)
    told = everyone.join(common.add_suffix("_c")).dropna(subset=["mean_0", "mean_1"])
    counted = frame.groupby(names)["where"].value_counts().unstack(fill_value=0)
    counted = counted.reindex(columns=["left_only", "right_only", "both"], fill_value=0)
    data = told["mean_1_c"] - told["mean_0_c"]
    result = pd.DataFrame(
        {
            "before": told["mean_0"],
            "after": told["mean_1"],
            "by_data": data,
            "by_composition": told["mean_1"] - told["mean_0"] - data,
            "entered": counted["right_only"],
            "left": counted["left_only"],
        }
    ).loc[told.index]
    return pa.Table.from_pandas(result.reset_index()[[*names, *PARTS]], preserve_index=False)


def _means(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Give the weighted mean of each key at both times."""
    columns = [f"{name}_{at}" for name in ("product", "weight") for at in ("0", "1")]
    sums = frame.groupby(names)[columns].sum(min_count=1)
    return pd.DataFrame({f"mean_{at}": sums[f"product_{at}"] / sums[f"weight_{at}"] for at in ("0", "1")})
