"""Where the inputs of the ICT Development Index come from: from a table that somebody gave, or from publishers' series.

An edition is worked out from publishers' series only where each of its inputs has one. The first method's inputs on
literacy, schooling and bandwidth have none, so its editions need a table.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from indicators import index_edition
from indicators.index_edition import TOTAL, Edition

GIVEN = "idi_input"
"""Indicator under which the inputs of a table are held."""
PREFIX = "IDI_IN_"
"""Begins the breakdown code of an input in a table."""
CARRIERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "internet_users_pct": ("internet_users", "_T"),
        "hh_internet_pct": ("households_with_internet", "_T"),
        "mbb_subs_per100": ("active_mobile_broadband_per_100", "_T"),
        "cov3g_pct": ("mobile_coverage", "3G"),
        "cov4g_pct": ("mobile_coverage", "4G"),
        "mob_traffic_gb": ("mobile_traffic_per_subscription", "_T"),
        "fix_traffic_gb": ("fixed_traffic_per_subscription", "_T"),
        "mob_basket_pct_gni": ("price_basket_pct_gni", "BASKET_HIGH_140M_2GB"),
        "fix_basket_pct_gni": ("price_basket_pct_gni", "BASKET_FBB_5GB"),
        "own_mobile_pct": ("mobile_phone_owners", "_T"),
    }
)
"""Input → indicator and breakdown that carry it."""


def breakdown_of(name: str) -> str:
    """Give the breakdown code of an input in a table."""
    return PREFIX + name.upper()


def table() -> pa.Table:
    """Give each edition's inputs: edition, reference_year, input, given (code), indicator and breakdown (or null)."""
    rows = [
        {
            "edition": edition.edition,
            "reference_year": edition.reference_year,
            "input": name,
            "given": breakdown_of(name),
            **dict(zip(("indicator", "breakdown"), _carrier(edition, name), strict=True)),
        }
        for edition in index_edition.load().values()
        for name in edition.inputs
    ]
    text, whole = pa.string(), pa.int32()
    kinds = {"edition": whole, "reference_year": whole, "input": text, "given": text, "indicator": text}
    return pa.Table.from_pylist(rows, schema=pa.schema([*kinds.items(), ("breakdown", text)]))


def _carrier(edition: Edition, name: str) -> tuple[str | None, str | None]:
    return CARRIERS[name] if set(edition.inputs) <= set(CARRIERS) else (None, None)


def parts() -> pa.Table:
    """Give which inputs go into each score: edition, breakdown, input."""
    rows = [
        {"edition": edition.edition, "breakdown": breakdown, "input": name}
        for edition in index_edition.load().values()
        for breakdown, names in _inputs_by_breakdown(edition).items()
        for name in names
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("edition", pa.int32()), ("breakdown", pa.string()), ("input", pa.string())])
    )


def _inputs_by_breakdown(edition: Edition) -> dict[str, list[str]]:
    found = {TOTAL: list(edition.inputs)}
    for pillar in edition.pillars:
        found[pillar.breakdown] = [one.id for part in pillar.components for one in part.inputs]
        found |= {part.breakdown: [one.id for one in part.inputs] for part in pillar.components}
    return found
