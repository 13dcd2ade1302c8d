"""Uniting parts of an answer keeps what each withdraws, leaves unread and loses, in whatever order they come."""

import itertools

import pyarrow as pa
import pytest

from flows.answers import Part, united
from schemas.observation import REJECT
from schemas.rejecting import UNREAD, coverage
from schemas.source import Reading, Scope
from tests.conftest import observations
from warehouse.snapshots import Receipt

COSTS = ("series_code", "area", "lost", "total", "total_lost")
PAGES = (
    [("NET", "SEN", True, 1, 1), ("NET", "GHA", False, 1, 0)],
    [("NET", "SEN", False, 2, 1)],
    [("NET", "KEN", True, 1, 1), ("MOB", "KEN", False, 1, 0)],
)


def _part(number: int) -> Part:
    area = ("SEN", "GHA", "KEN")[number]
    costs = pa.Table.from_pylist([dict(zip(COSTS, row, strict=True)) for row in PAGES[number]])
    reading = Reading(
        observations({"ref_area": area, "snapshot": f"{number:064}"}),
        REJECT.empty_table(),
        "2021-01-01",
        withdrawn=(Scope("made_up", "NET", (area,), place=("2019", "_T", "_T", "_T", "_T")),),
        unread=pa.Table.from_pylist([{"series_code": "NET", "ref_area": area, "time_period": "2020"}], schema=UNREAD),
        costs=costs,
        coverage=coverage(costs),
    )
    receipt = Receipt(
        f"{number:064}", "made_up", "fetched", f"NET page {number + 1}", "", "2021-01-01", 1, series=("NET",),
        page=number + 1,
    )  # fmt: skip
    return Part(receipt, reading)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_parts_withdraw_leave_unread_and_lose_is_united(order):
    (answer,) = united([_part(number) for number in order])
    reading = answer.reading
    assert [scope.areas for scope in reading.withdrawn] == [("SEN",), ("GHA",), ("KEN",)]
    assert all(scope.basis == "whole" for scope in reading.withdrawn)
    assert reading.unread is not None
    assert reading.coverage is not None
    assert reading.unread["ref_area"].to_pylist() == ["SEN", "GHA", "KEN"]
    found = {row.pop("series_code"): row for row in reading.coverage.to_pylist()}
    assert found["NET"] == {"economies": 3, "lost": 1, "totals": 5, "totals_lost": 3}
    assert found["MOB"] == {"economies": 1, "lost": 0, "totals": 1, "totals_lost": 0}
