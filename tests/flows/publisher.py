"""A World Bank on loopback that answers for every series, for runs that ask a publisher."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.exchanges import page, row
from tests.flows.fault_server import Answer, http, serving


def answer(path: str, value: float = 50.0) -> bytes:
    """Give one page for the series that a path names: a figure that a share and a count can be."""
    series = re.search(r"/indicator/([\w.]+)", path)
    code = series[1] if series else "IT.NET.USER.ZS"
    return page(row(value=value, indicator={"id": code, "value": code}))


@contextmanager
def world_bank(value: float = 50.0, pause: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """Serve while the context lasts; gives the address to set as base URL, and what was asked.

    With a pause each answer comes so many seconds after its beginning.
    """

    def behave(path: str, parameters: dict[str, str]) -> Answer:
        whole = http(answer(path, value))
        return [whole[:20], pause, whole[20:]] if pause else whole

    with serving(behave) as (place, asked):
        yield f"http://{place}/v2", asked
