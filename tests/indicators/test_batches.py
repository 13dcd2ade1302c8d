"""Batches hold every row once, and each indicator whole."""

import pyarrow as pa

from indicators.batches import batches


def test_every_row_is_in_one_batch_and_indicators_stay_whole():
    table = pa.table({"indicator": ["b", "a", "c", "a", "b", "a"], "n": [1, 2, 3, 4, 5, 6]})
    parts = [part.to_pylist() for part in batches(table, size=3)]
    assert [[row["n"] for row in part] for part in parts] == [[2, 4, 6], [1, 3, 5]]


def test_few_rows_are_one_batch_as_they_are():
    table = pa.table({"indicator": ["b", "a"]})
    assert list(batches(table)) == [table]
    assert [part.num_rows for part in batches(table.slice(0, 0))] == [0]
