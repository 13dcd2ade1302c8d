"""Names in one language: areas, indicators, codes, what paragraphs ask for; what is missing is left out."""

from typing import Any

import pyarrow as pa

from dashboards.site.texts import query, texts
from warehouse.query import Session

LISTS = ("unit", "breakdown", "age")
"""Code lists whose names the pages show."""


def of(session: Session, language: str) -> dict[str, dict[str, str]]:
    """Give the names that there are, by kind and code; the page falls back to English for the rest, and says so."""
    return {
        "areas": _pairs(session.sql(query("names")), "ref_area", f"name_{language}"),
        "indicators": _pairs(session.sql(query("indicator_names")), "indicator", f"name_{language}")
        | texts(language).get("indicators", {}),
        "codes": _codes(session, language) | texts(language).get("codes", {}),
        "paragraphs": _pairs(session.sql(query("summaries")), "paragraph", f"summary_{language}"),
    }


def _codes(session: Session, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in LISTS:
        found |= _pairs(session.codes(name), "code", f"name_{language}")
    return found


def _pairs(table: pa.Table, code: str, name: str) -> dict[str, Any]:
    if name not in table.column_names:
        return {}
    pairs = zip(table[code].to_pylist(), table[name].to_pylist(), strict=True)
    return {key: value for key, value in pairs if value}
