"""Codes of the SDG database and of its copies: sex, nature, units, areas, and the breakdown that each series has."""

from collections.abc import Mapping

import pyarrow.compute as pc

from schemas.codelist import rows as codelist_rows
from schemas.observation import TOTAL
from schemas.translate import Column, translated

_ALL = dict.fromkeys(("", "_t", "_z", "t", "total", "notspec", "all"), TOTAL)
"""Codes by which any dimension says that it does not part a figure."""
SEX = {**_ALL, "bothsex": TOTAL, "both sexes": TOTAL, "female": "F", "male": "M", "f": "F", "m": "M"}
NATURE = {
    "": "A", "c": "A", "ca": "A", "g": "A", "na": "A", "n": "A", "notspec": "A", "_x": "A",
    "e": "E", "m": "E",
}  # fmt: skip
"""Nature of a figure → observation status: country data are normal values, estimated and modelled ones estimates."""
AGE = {**_ALL, "allage": TOTAL, "all ages": TOTAL, **{row["code"].lower(): row["code"] for row in codelist_rows("age")}}
_SPANS = (
    (r"^y?(\d+)\s*[-_t]\s*y?(\d+)y?$", r"Y\1T\2"), (r"^(?:<|lt|y_lt|under )\s*(\d+)y?$", r"Y_LT\1"),
    (r"^(?:>=|ge|y_ge|≥)?\s*(\d+)y?\s*(?:\+|and over|or over)$", r"Y_GE\1"), (r"^(?:>=|ge|≥)\s*(\d+)y?$", r"Y_GE\1"),
)  # fmt: skip
"""How spans of age are written: `25-74`, `<15Y`, `75+`."""
LOCATION = {**_ALL, "allarea": TOTAL, "all areas": TOTAL, "urban": "U", "rural": "R", "u": "U", "r": "R"}
SPEED = {
    **_ALL, "anys": TOTAL, "any speed": TOTAL, "256kt2mbps": "SPEED_256K_2M", "2mt10mbps": "SPEED_2M_10M",
    "10mbps": "SPEED_GE_10M",
}  # fmt: skip
EDUCATION = {
    **_ALL, "primar": "EDU_PRIMARY", "lowsec": "EDU_LOWER_SEC", "uppsec": "EDU_UPPER_SEC", "second": "EDU_SECONDARY",
}  # fmt: skip
SKILL = {
    **_ALL,
    **{
        code.lower(): f"SKILL_{code}"
        for code in ("ARSP", "CMFL", "COPA", "EMAIL", "EPRS", "INST", "PCPR", "PRVCY", "SCRTY", "SOFT", "TRAF", "VRFY")
    },
}
NETWORK = {**_ALL, "al2g": "2G", "al3g": "3G", "al4g": "4G", "al5g": "5G"}
REQUIRED = {
    "IT_MOB_OWN": ("sex",), "IT_MOB_NTWK": ("network",), "IT_NET_BBN": ("speed",), "IT_NET_BBP": ("speed",),
    "IT_NET_BBND": ("speed",), "IT_NET_BBNDN": ("speed",), "SE_ADT_ACTS": ("sex", "skill"),
    "SE_ACC_COMP": ("education",), "SE_ACC_INTN": ("education",), "SE_ACS_CMPTR": ("education",),
    "SE_ACS_INTNT": ("education",),
}  # fmt: skip
"""Dimensions that part a series in every edition: where one is absent, a figure is not known to be the total."""


def ages(column: Column) -> Column:
    """Translate ages; spans of any writing count where our list of ages has them. Null for the others."""
    different = pc.unique(column)
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(different))
    for pattern, code in _SPANS:
        lower = pc.replace_substring_regex(lower, pattern, code)
    return pc.take(translated(lower, AGE, "age"), pc.index_in(column, value_set=different))


UNITS: Mapping[str, frozenset[str]] = {
    "percent": frozenset({"PT"}),
    "per_100_pop": frozenset({"PT", "PER_100_POP"}),
    "number": frozenset({"NUMBER", "PS"}),
    "": frozenset({"PT", "PER_100_POP", "NUMBER", "PS"}),
}
"""Units of the database, and the SDMX units (`unit.csv`) with which each agrees."""
