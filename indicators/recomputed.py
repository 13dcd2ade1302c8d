"""A publisher's figures of groups against the same figures worked out from economies, and why the two differ.

With P the publisher's figure, A ours by the membership of each year, B ours by today's membership for all years (as the
World Bank groups economies), and c the share of the group's population that B rests on:

    P − A = (B − A) + (P − B)

The first part is membership. The second can come from economies without a figure, for which the publisher has put one,
where the figure that they would need, (P − c · B) / (1 − c), is possible (0 to 100). Where it is not, the publisher has
used another figure of some economy than the one it publishes: told is what the most populous one would need,
v + (P − B) / share.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from indicators.aggregate import weighted

KEY = ["group_code", "year"]
MEMBERSHIP, MISSING, UNEXPLAINED = "membership", "economies without a figure", "not explained"
LARGE = 1.0
"""Points from which on a difference is explained."""


def compared(
    published: pa.Table, values: pa.Table, members: pa.Table, weights: pa.Table, indicator: str, half_unit: float = 0.05
) -> pd.DataFrame:
    """Compare the figures that both give, one row per group and year, in points.

    `published`: group_code, year, value (per cent). `values`, `members`, `weights` as of `aggregate.weighted`; groups
    of which less than half is covered are left out. `half_unit` is half of the publisher's last printed digit. Given
    are published, ours, today, coverage, difference, membership, rest, needed (of the economies without a figure),
    largest (the most populous that reports) with largest_value, _share and _needed, and why (empty up to LARGE).
    """
    by_year = _ours(values, members, weights, indicator).rename(columns={"value": "ours"})
    now = _ours(values, today(members), weights, indicator).rename(columns={"value": "today"})
    frame = published.to_pandas().rename(columns={"value": "published"})
    frame = frame.merge(by_year[[*KEY, "ours"]], on=KEY).merge(now[[*KEY, "today", "coverage"]], on=KEY)
    frame["difference"] = frame["published"] - frame["ours"]
    frame["membership"] = frame["today"] - frame["ours"]
    frame["rest"] = frame["published"] - frame["today"]
    missing = (1 - frame["coverage"]).where(frame["coverage"] < 1)
    frame["needed"] = (frame["published"] - frame["coverage"] * frame["today"]) / missing
    possible = frame["needed"].between(-half_unit / missing, 100 + half_unit / missing)
    frame = frame.merge(_largest(values, members, weights), on=KEY, how="left")
    frame["largest_needed"] = frame["largest_value"] + frame["rest"] / frame["largest_share"]
    large = frame["difference"].abs() > LARGE
    frame["why"] = np.where(large, _why(frame, possible), "")
    return frame.sort_values(KEY).reset_index(drop=True)


def _largest(values: pa.Table, members: pa.Table, weights: pa.Table) -> pd.DataFrame:
    """Give of each group and year the most populous economy that reports, by today's membership, and its share."""
    people = weights.to_pandas().query("sex == '_T'")[["ref_area", "year", "weight"]]
    frame = values.to_pandas()[["ref_area", "year", "value"]].merge(people, on=["ref_area", "year"])
    now = today(members).to_pandas()[["group_code", "ref_area"]]
    frame = frame.merge(now, on="ref_area").sort_values("weight", ascending=False)
    frame["largest_share"] = frame["weight"] / frame.groupby(KEY)["weight"].transform("sum")
    first = frame.drop_duplicates(KEY).rename(columns={"ref_area": "largest", "value": "largest_value"})
    return first[[*KEY, "largest", "largest_value", "largest_share"]]


def today(members: pa.Table) -> pa.Table:
    """Give the memberships that hold today, as if they had always held."""
    frame = members.to_pandas()
    frame = frame[frame["valid_to"].isna()].assign(valid_from=None)
    return pa.Table.from_pandas(frame, schema=members.schema, preserve_index=False)


def _ours(values: pa.Table, members: pa.Table, weights: pa.Table, indicator: str) -> pd.DataFrame:
    found = weighted(values, members, weights, {indicator: 0.5}).to_pandas()
    return found.loc[found["value"].notna(), [*KEY, "value", "coverage"]]


def _why(frame: pd.DataFrame, possible: pd.Series) -> np.ndarray:
    """Name what explains a difference, leaving less than LARGE; what nothing explains is said to be so."""
    member = frame["membership"].abs() > LARGE
    left = frame["rest"].abs() > LARGE
    cases = [~left, member & possible, possible, member]
    texts = [MEMBERSHIP, f"{MEMBERSHIP}, {MISSING}", MISSING, f"{MEMBERSHIP} in part"]
    return np.select([case.to_numpy() for case in cases], texts, UNEXPLAINED)
