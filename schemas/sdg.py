"""Codes of the SDG database and of its copies: sex, nature, units, areas, and the breakdown that each series has."""

from collections.abc import Mapping

from schemas.observation import TOTAL

SEX = {"bothsex": TOTAL, "female": "F", "male": "M", "_t": TOTAL, "f": "F", "m": "M", "": TOTAL}
NATURE = {
    "": "A", "c": "A", "ca": "A", "g": "A", "na": "A", "n": "A", "notspec": "A", "_x": "A",
    "e": "E", "m": "E",
}  # fmt: skip
"""Nature of a figure → observation status: country data are normal values, estimated and modelled ones estimates."""
AGE = {"": TOTAL, "allage": TOTAL, "_t": TOTAL, "15+": "Y_GE15", "15-24": "Y15T24", "10+": "Y_GE10"}
LOCATION = {"": TOTAL, "allarea": TOTAL, "_t": TOTAL, "urban": "U", "rural": "R", "u": "U", "r": "R"}
SPEED = {
    "": TOTAL, "anys": TOTAL, "_t": TOTAL, "256kt2mbps": "SPEED_256K_2M", "2mt10mbps": "SPEED_2M_10M",
    "10mbps": "SPEED_GE_10M",
}  # fmt: skip
EDUCATION = {"primar": "EDU_PRIMARY", "lowsec": "EDU_LOWER_SEC", "uppsec": "EDU_UPPER_SEC"}
SKILL = {
    code.lower(): f"SKILL_{code}"
    for code in ("ARSP", "CMFL", "COPA", "EMAIL", "EPRS", "INST", "PCPR", "SOFT", "TRAF")
}  # fmt: skip
NETWORK = {"al2g": "2G", "al3g": "3G", "al4g": "4G", "al5g": "5G"}
UNITS: Mapping[str, frozenset[str]] = {
    "percent": frozenset({"PT"}),
    "per_100_pop": frozenset({"PT", "PER_100_POP"}),
    "number": frozenset({"NUMBER", "PS"}),
    "": frozenset({"PT", "PER_100_POP", "NUMBER", "PS"}),
}
"""Units of the database, and the SDMX units (`unit.csv`) with which each agrees."""
