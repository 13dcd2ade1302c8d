"""Prices as a share of income: the formula, the thresholds, the breaks, and every missing part."""

import numpy as np
import pyarrow as pa
import pytest

from indicators import affordability
from indicators.affordability import NO_INCOME, NO_PRICE, NOT_POSITIVE, shares

USUAL = {
    "ref_area": "SEN", "breakdown": "BASKET_DATA_2GB", "time_period": "2022", "year": 2022, "price_usd": 5.0,
    "gni_per_capita": 1500.0, "income_year": 2022, "published_pct_gni": None, "obs_status": "A", "source": "s",
    "edition": "e", "income_source": "w",
}  # fmt: skip
NUMBERS = ("price_usd", "gni_per_capita", "published_pct_gni")
SCHEMA = pa.schema(
    [(name, pa.float64() if name in NUMBERS else pa.int32() if "year" in name else pa.string()) for name in USUAL]
)


def _rows(*given):
    return affordability.affordability(
        pa.Table.from_pylist([{**USUAL, **row} for row in given], schema=SCHEMA)
    ).to_pylist()


def test_the_share_is_the_price_over_a_months_income():
    (found,) = _rows({})
    assert found["price_pct_gni"] == pytest.approx(5 / (1500 / 12) * 100)
    assert (found["judged_by"], found["within_5_pct"], found["within_2_pct"]) == ("recomputed", True, False)


def test_the_published_share_is_judged_and_ours_stands_beside_it():
    (found,) = _rows({"published_pct_gni": 1.0})
    assert found["difference"] == pytest.approx(3)
    assert (found["judged_by"], found["within_2_pct"], found["within_1_pct"]) == ("published", True, True)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"price_usd": None}, NO_PRICE),
        ({"gni_per_capita": None}, NO_INCOME),
        ({"gni_per_capita": 0.0}, NOT_POSITIVE),
        ({"gni_per_capita": -3.0}, NOT_POSITIVE),
    ],
)
def test_without_price_or_income_there_is_no_share_but_a_reason(given, reason):
    (found,) = _rows(given)
    assert (found["price_pct_gni"], found["within_5_pct"], found["reason"]) == (None, None, reason)
    (found,) = _rows({**given, "published_pct_gni": 4.0})
    assert (found["within_5_pct"], found["judged_by"], found["reason"]) == (True, "published", reason)


ACROSS = [(2017, 2018), (2020, 2021), (2024, 2025), (2021, 2023)]
WITHIN = [(2016, 2017), (2021, 2022)]


@pytest.mark.parametrize(
    ("before", "after", "told"), [*((*one, False) for one in ACROSS), *((*one, True) for one in WITHIN)]
)
def test_no_change_is_told_across_a_redefinition_or_a_missing_year(before, after, told):
    years = [
        {"year": year, "time_period": str(year), "price_usd": price} for year, price in ((before, 5.0), (after, 10.0))
    ]
    found = {row["year"]: row["change_pct_gni"] for row in _rows(*years)}
    assert found[before] is None
    assert found[after] == (pytest.approx(4.0) if told else None)


def test_no_change_is_told_between_a_published_and_a_recomputed_share():
    rows = _rows({"year": 2021, "time_period": "2021", "published_pct_gni": 2.0}, {})
    assert [row["change_pct_gni"] for row in rows] == [None, None]


def test_nothing_in_is_nothing_out():
    assert _rows() == []
    assert shares(np.empty(0), np.empty(0)).tolist() == []
