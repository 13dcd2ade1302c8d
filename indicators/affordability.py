"""What connectivity costs as a share of income: recomputed from price and income, beside the published share.

share = price of the basket (US dollars a month) / (GNI per capita, Atlas method, US dollars a year / 12) × 100
(ITU, *The ICT Development Index 2024*; *ICT price baskets*, methodology)

Thresholds, in per cent of monthly GNI per capita: 5 (Broadband Commission 2011, Connect 2020), 2 (Broadband Commission
2018, universal and meaningful connectivity 2030), 1 (goalpost of ITU's index since 2023). What a basket holds was
redefined in 2018, 2021 and 2025: a change is told only within one definition and one span between those years.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

METHOD, VERSION = "price_share", "1"
FORMULA = "price / (GNI per capita / 12) × 100"
BREAKS = (2018, 2021, 2025)
SPANS = ("to 2017", "2018 to 2020", "2021 to 2024", "from 2025")
THRESHOLDS = (5, 2, 1)
NO_PRICE, NO_INCOME, NOT_POSITIVE = (
    "no price is held",
    "no GNI per capita of that year or the year before is held",
    "GNI per capita is not above zero",
)
_TEXT, _NUMBER, _YES = pa.string(), pa.float64(), pa.bool_()
SCHEMA = pa.schema(
    [
        ("ref_area", _TEXT), ("breakdown", _TEXT), ("time_period", _TEXT), ("year", pa.int32()), ("span", _TEXT),
        ("price_usd", _NUMBER), ("gni_per_capita", _NUMBER), ("income_year", pa.int32()), ("price_pct_gni", _NUMBER),
        ("published_pct_gni", _NUMBER), ("difference", _NUMBER), ("change_pct_gni", _NUMBER), ("judged_by", _TEXT),
        ("within_5_pct", _YES), ("within_2_pct", _YES), ("within_1_pct", _YES), ("reason", _TEXT),
        ("obs_status", _TEXT), ("source", _TEXT), ("edition", _TEXT), ("income_source", _TEXT), ("method", _TEXT),
        ("version", _TEXT),
    ]
)  # fmt: skip


def shares(price_usd: np.ndarray, gni_per_capita: np.ndarray) -> np.ndarray:
    """Give prices (US dollars a month) in per cent of monthly income; NaN where one is missing or income is not > 0."""
    price, income = np.asarray(price_usd, dtype="float64"), np.asarray(gni_per_capita, dtype="float64")
    return price / np.where(income > 0, income / 12, np.nan) * 100


def affordability(prices: pa.Table) -> pa.Table:
    """Give the table `affordability`, one row per economy, basket and year. No row is dropped.

    `prices`: ref_area, breakdown, time_period, year, price_usd, gni_per_capita, income_year, published_pct_gni (null
    where missing), obs_status, source, edition, income_source. Judged is the published share where there is one, else
    ours; `change_pct_gni` is the change of what is judged since the year before, empty across a break.
    """
    frame = prices.to_pandas().sort_values(["ref_area", "breakdown", "year"]).reset_index(drop=True)
    price, income = (frame[name].astype("float64") for name in ("price_usd", "gni_per_capita"))
    published = frame["published_pct_gni"].astype("float64")
    frame["price_pct_gni"] = shares(price.to_numpy(), income.to_numpy())
    frame["difference"] = frame["price_pct_gni"] - published
    judged = published.fillna(frame["price_pct_gni"])
    frame["judged_by"] = np.select([published.notna(), judged.notna()], ["published", "recomputed"], "")
    for limit in THRESHOLDS:
        frame[f"within_{limit}_pct"] = (judged <= limit).astype(object).where(judged.notna(), None)
    frame["span"] = np.array(SPANS, dtype=object)[np.searchsorted(BREAKS, frame["year"], side="right")]
    frame["change_pct_gni"] = _changes(frame, judged)
    cases = [price.isna(), income.isna(), income <= 0]
    frame["reason"] = np.select([case.to_numpy() for case in cases], [NO_PRICE, NO_INCOME, NOT_POSITIVE], "")
    frame = frame.assign(method=METHOD, version=VERSION)
    return pa.table([pa.array(frame[one.name], one.type, from_pandas=True) for one in SCHEMA], schema=SCHEMA)


def _changes(frame: pd.DataFrame, judged: pd.Series) -> pd.Series:
    """Give the change since the year before within one basket, span and way of judging."""
    same = ["ref_area", "breakdown", "span", "judged_by"]
    before = judged.groupby([frame[name] for name in same]).shift()
    years = frame.groupby(same)["year"].diff()
    return (judged - before).where(years == 1)
