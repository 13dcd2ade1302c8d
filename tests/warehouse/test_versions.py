"""Versions of whole rows: what one outer join writes is what a comparison row by row in Python says."""

from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.versions import keep_versions

_SCHEMA = pa.schema([("name", pa.string()), ("areas", pa.list_(pa.string())), ("value", pa.float64())])
_ROW = st.tuples(
    st.sampled_from("abc"),
    st.one_of(st.none(), st.lists(st.sampled_from(["SEN", "GHA", ""]), max_size=2).map(tuple)),
    st.one_of(st.none(), st.sampled_from([0.0, 1.5])),
)
_FIRST = datetime(2026, 1, 1)


def _store() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS store")
    con.execute(
        "CREATE TABLE store.kept (name VARCHAR, areas VARCHAR[], value DOUBLE, "
        "vintage_from TIMESTAMP NOT NULL, vintage_to TIMESTAMP)"
    )
    return con


def _keep(con: duckdb.DuckDBPyConnection, rows: set[tuple[object, ...]], vintage: datetime) -> None:
    named = [dict(zip(_SCHEMA.names, row, strict=True)) for row in sorted(rows, key=repr)]
    keep_versions(con, "kept", pa.Table.from_pylist(named, schema=_SCHEMA), vintage)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(_ROW, max_size=6), min_size=1, max_size=4))
def test_rows_open_and_close_as_they_come_and_go(runs: list[set[tuple[object, ...]]]) -> None:
    """Each run's rows are the open ones; a row that was said before and is not now is closed at the run's vintage."""
    con = _store()
    expected: list[tuple[object, ...]] = []
    for number, rows in enumerate(runs):
        vintage = _FIRST + timedelta(days=number)
        _keep(con, rows, vintage)
        expected = [
            (row, opened, vintage if closed is None and row not in rows else closed) for row, opened, closed in expected
        ]
        standing = {row for row, _, closed in expected if closed is None}
        expected += [(row, vintage, None) for row in rows - standing]
    found = con.execute("SELECT name, areas, value, vintage_from, vintage_to FROM store.kept").fetchall()
    shown = [((row[0], None if row[1] is None else tuple(row[1]), row[2]), row[3], row[4]) for row in found]
    assert sorted(shown, key=repr) == sorted(expected, key=repr)


def test_the_same_rows_write_nothing() -> None:
    """A second run that says the same leaves every row as it was."""
    con = _store()
    for number in range(2):
        _keep(con, {("a", None, None), ("b", ("SEN",), 1.5)}, _FIRST + timedelta(days=number))
    assert con.execute("SELECT count(*), max(vintage_from), count(vintage_to) FROM store.kept").fetchall() == [
        (2, _FIRST, 0)
    ]
