"""What each table and column means, in one place: comments in the database and the pages of the SQL cookbook."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb

from schemas.yaml_text import read_yaml
from warehouse.literals import quoted


@cache
def meanings() -> dict[str, Any]:
    """Give `tables.yml`: `columns` that mean the same everywhere, and `tables` with a comment and their own columns."""
    text = (files("warehouse") / "tables.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = read_yaml(text)
    return content


def column_meaning(table: str, column: str) -> str | None:
    """Give a column's meaning: the table's own words first, then those that hold everywhere."""
    own = meanings()["tables"].get(table, {}).get("columns") or {}
    found = own.get(column) or meanings()["columns"].get(column)
    return None if found is None else str(found)


def table_meaning(table: str) -> str | None:
    """Give a table's meaning."""
    found = meanings()["tables"].get(table, {}).get("comment")
    return None if found is None else str(found)


def table_order(table: str) -> str:
    """Give the columns by which a table's rows are ordered; empty where its model orders them."""
    return ", ".join(meanings()["tables"].get(table, {}).get("order") or [])


def comment_statements(
    con: duckdb.DuckDBPyConnection, names: Sequence[str], kind: str, place: str = "release"
) -> Iterator[str]:
    """Give the statements that write the meanings into the database `place`; `kind` is TABLE or VIEW."""
    for table in names:
        comment = table_meaning(table)
        if comment:
            yield f"COMMENT ON {kind} {place}.{table} IS {quoted(comment.strip())}"
        columns = con.execute(f"DESCRIBE {place}.{table}").fetchall()
        for column, *_ in columns:
            text = column_meaning(table, column)
            if text:
                yield f"COMMENT ON COLUMN {place}.{table}.{column} IS {quoted(text.strip())}"
