"""Writing docs/tables.md: every table and column of a release with its meaning, taken from the release itself."""

import sys
from collections.abc import Iterator
from pathlib import Path

from flows.settle import TABLES, VIEWS
from warehouse.query import Session, open_release

_COMMENT = """
SELECT comment FROM duckdb_tables() WHERE table_name = ?
UNION ALL SELECT comment FROM duckdb_views() WHERE view_name = ? AND NOT internal"""
_COLUMNS = """
SELECT column_name, data_type, comment FROM duckdb_columns()
WHERE table_name = ? AND NOT internal ORDER BY column_index"""


def page(session: Session) -> str:
    """Give the page as Markdown."""
    return "\n".join(_lines(session)) + "\n"


def _lines(session: Session) -> Iterator[str]:
    yield "# Tables of a release"
    yield ""
    yield "Made by `make docs` from `warehouse/tables.yml`. The same texts stand as comments in the database:"
    yield "`ictdev sql \"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'observation'\"`."
    for table in (*VIEWS, *TABLES):
        (told,) = session.rows(_COMMENT, [table, table])
        yield f"\n## {table}\n"
        yield f"{told['comment']}.\n"
        yield "| column | type | meaning |"
        yield "| --- | --- | --- |"
        for row in session.rows(_COLUMNS, [table]):
            yield f"| `{row['column_name']}` | {row['data_type']} | {row['comment']} |"


def main() -> None:
    """Write the page from the newest release of the home that the command line names."""
    with open_release(sys.argv[1]) as session:
        Path(sys.argv[2]).write_text(page(session), encoding="utf-8")


if __name__ == "__main__":
    main()
