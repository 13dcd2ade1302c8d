"""Holding each standing against the yardsticks of others: the table `yardstick`, one row per standing and yardstick."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from indicators import catalogue, progress, targets, yardstick

_KEY = ("mandate", "paragraph", "target", "indicator", "ref_area", "breakdown", "basis", "source", "edition")
_TARGETS = pa.schema(
    [
        ("row", pa.int64()),
        ("comparison", pa.string()),
        ("target_value", pa.float64()),
        ("direction", pa.string()),
        ("base_year", pa.int64()),
        ("deadline", pa.int64()),
    ]
)
_POINTS = pa.schema([("row", pa.int64()), ("year", pa.int64()), ("value", pa.float64())])


def held_against(standings: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Give the table `yardstick` of the standings that `judge.standings` gives, except where no series is held."""
    judged = [one for one in standings if one["basis"] != "none"]
    found = progress.yardsticks(_targets(judged), _points(judged), yardstick.load())
    at = found["row"]
    key = {name: pa.array([one[name] for one in judged], pa.string()).take(at) for name in _KEY}
    rest = {name: found[name] for name in found.column_names if name != "row"}
    method = {name: pa.repeat(pa.scalar(text), found.num_rows) for name, text in _METHOD.items()}
    return pa.table({**key, **rest, **method})


_METHOD = {"method": progress.METHOD, "version": progress.VERSION}


def _targets(judged: Sequence[Mapping[str, Any]]) -> pa.Table:
    base = {one.id: one.base_year for framework in targets.load() for one in framework.targets}
    known = catalogue.load()
    rows = [
        {**one, "row": at, "base_year": base[one["target"]], "direction": known[one["indicator"]].direction}
        for at, one in enumerate(judged)
    ]
    return pa.Table.from_pylist(rows, schema=_TARGETS)


def _points(judged: Sequence[Mapping[str, Any]]) -> pa.Table:
    rows = [
        {"row": at, "year": year, "value": value}
        for at, one in enumerate(judged)
        for year, value in one.get("points", ())
    ]
    return pa.Table.from_pylist(rows, schema=_POINTS)
