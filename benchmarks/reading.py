"""Reading one page of 17,290 rows of the World Bank, against the standard library's JSON parser alone."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from schemas.source import Raw, Series
from schemas.sources import world_bank

PAYLOADS = Path(os.environ.get("ICTDEV_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
PAGE = PAYLOADS / "world_bank/http_exchanges/wb_gdp_all.json"
GDP = Series(indicator="gni_per_capita", code="NY.GDP.MKTP.CD", unit="current_usd")


def timed() -> dict[str, float] | None:
    """Give seconds of parsing the page and of reading it into observations; None where the page is not at hand."""
    if not PAGE.exists():
        return None
    body = json.loads(PAGE.read_text(encoding="utf-8"))[0]["response"]["body"].encode()
    raw = Raw(body, "page", "https://api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD")
    return {"parse": best(lambda: json.loads(body)), "read": best(lambda: world_bank.read(raw, [GDP]))}


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Give the shortest of several times, in seconds."""

    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(rounds))
