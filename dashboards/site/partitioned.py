"""The figures themselves: one file per indicator and one per economy, so that a page loads what it shows."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dashboards.site import columns
from dashboards.site.texts import query
from warehouse.query import Session


def write(session: Session, folder: Path) -> None:
    """Write `data/i/<indicator>.js` and `data/e/<economy>.js`, what lies ahead of it in `o/`, and divides in `d/`.

    The series of each are sorted.
    """
    series = session.sql(query("series"))
    for indicator, rows in parts(series, "indicator"):
        columns.write(folder, f"i/{indicator}", columns.packed(rows.drop_columns(["kind"])))
    economies = series.filter(pc.equal(series["kind"], "economy")).sort_by(
        [("ref_area", "ascending"), ("indicator", "ascending")]
    )
    for area, rows in parts(economies, "ref_area"):
        columns.write(folder, f"e/{area}", columns.packed(rows.drop_columns(["kind"])))
    _write_beside(session, folder, "o", "ref_area", ("projections", "distances"), economies)
    _write_beside(session, folder, "d", "indicator", ("divides", "inequality"), session.sql(query("groups")))


def _write_beside(
    session: Session, folder: Path, place: str, column: str, tables: tuple[str, ...], named: pa.Table
) -> None:
    """Write a file for every name that `named` holds; where a table says nothing of it, its part is empty."""
    whole = {name: session.sql(query(name)).sort_by(column) for name in tables}
    cut = {name: dict(parts(table, column)) for name, table in whole.items()}
    for one in pc.unique(named[column]).to_pylist():
        empty = {name: table.slice(0, 0).drop_columns([column]) for name, table in whole.items()}
        content = {name: columns.packed(cut[name].get(one, empty[name])) for name in tables}
        columns.write(folder, f"{place}/{one}", content)


def parts(table: pa.Table, column: str) -> Iterator[tuple[str, pa.Table]]:
    """Cut a table that is sorted by a column of names into one table per name, without that column."""
    counts = table[column].combine_chunks().value_counts() if table.num_rows else []
    start = 0
    for one in counts:
        name, rows = one["values"].as_py(), one["counts"].as_py()
        yield name, table.slice(start, rows).drop_columns([column])
        start += rows
