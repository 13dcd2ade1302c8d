"""Economies by name, for publishers that give no codes: the English names of the area list, and other spellings."""

import re
import unicodedata
from functools import cache

import pyarrow as pa

from schemas.codelist import rows


def by_name(names: list[str]) -> pa.Array:
    """Give our codes of economies named in English; null where a name is not known."""
    known = _known()
    return pa.array([known.get(_plain(name)) for name in names], pa.string())


@cache
def _known() -> dict[str, str]:
    found = {_plain(row["name_en"]): row["ref_area"] for row in rows("area")}
    found.update({_plain(row["name"]): row["ref_area"] for row in rows("area_name")})
    return found


def _plain(name: str) -> str:
    """Leave out case, accents, remarks in brackets at the end, and every sign that is no letter."""
    without = re.sub(r"\s*(\d\)|\*+)$", "", name.strip())
    letters = unicodedata.normalize("NFKD", without.lower())
    return re.sub(r"[^a-z]", "", letters)
