"""Recorded exchanges with the World Bank's API, and answers of its shapes made up here."""

import json
from typing import Any

from schemas.source import Series
from tests.payloads import payload

NET = Series(indicator="internet_users", code="IT.NET.USER.ZS", unit="percent_of_population")
GDP = Series(indicator="gni_per_capita", code="NY.GDP.MKTP.CD", unit="current_usd")

REFUSAL = b'[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]'
"""What the API sends with status 200 for a series that it does not carry."""
OUTAGE = b"<!DOCTYPE html><html><body>The service is unavailable.</body></html>"


def recorded(name: str) -> dict[str, Any]:
    """Give the answer of a recorded exchange: status, headers, body as text."""
    content = json.loads(payload(f"world_bank/http_exchanges/{name}.json").read_text(encoding="utf-8"))
    answer: dict[str, Any] = content[0]["response"]
    return answer


def row(area: str = "SEN", year: str = "2020", value: object = 50.5, **more: object) -> dict[str, object]:
    """Give one row of an API page."""
    usual = {
        "indicator": {"id": NET.code, "value": "Individuals using the Internet"},
        "country": {"id": area[:2], "value": area},
        "countryiso3code": area,
        "date": year,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }
    return {**usual, **more}


def page(
    *rows: dict[str, object], number: int = 1, pages: int = 1, total: int | None = None, updated: str = "2026-07-13"
) -> bytes:
    """Give one API page; `total` is the number of rows here unless told otherwise."""
    count = len(rows) if total is None else total
    envelope = {"page": number, "pages": pages, "per_page": 20000, "total": count, "lastupdated": updated}
    return json.dumps([envelope, list(rows)]).encode()
