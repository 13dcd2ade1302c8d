"""Working through many figures in batches of whole indicators, so that time and memory grow with their number only."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

SIZE = 100_000
"""Figures of a batch; one indicator alone may have more."""


def batches(values: pa.Table, size: int = SIZE) -> Iterator[pa.Table]:
    """Give the rows of `values` (with a column `indicator`) in batches; all figures of an indicator are in one."""
    if values.num_rows <= size:
        yield values
        return
    names: list[str] = []
    rows = 0
    for one in sorted(pc.value_counts(values["indicator"]).to_pylist(), key=lambda pair: str(pair["values"])):
        if names and rows + one["counts"] > size:
            yield _of(values, names)
            names, rows = [], 0
        names.append(one["values"])
        rows += one["counts"]
    yield _of(values, names)


def _of(values: pa.Table, names: list[str]) -> pa.Table:
    return values.filter(pc.is_in(values["indicator"], value_set=pa.array(names, pa.string())))
