"""The SQL models that analysts see: one query per file, in file order, over the history and the catalogue tables."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeAlias

import duckdb
import pyarrow as pa

Connection: TypeAlias = duckdb.DuckDBPyConnection
"""The writer's connection, for those who hand rows to a calculation and its results back."""

KEPT = ("preferred_source", "latest")
"""Models that are small beside the figures and that many others read: tables, in the order in which they are made."""


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Give name and statement of every model, in file order: `10_observation.sql` makes `observation`."""
    folder = files("warehouse") / "models"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    return tuple((path.name.partition("_")[2].removesuffix(".sql"), path.read_text(encoding="utf-8")) for path in paths)


def text(name: str) -> str:
    """Give the query of one model."""
    return dict(_texts())[name]


def define(con: Connection, reference: Mapping[str, pa.Table]) -> None:
    """Define every model as a temporary view or table; `reference` are the catalogue tables that models join."""
    load(con, reference)
    for name, query in _texts():
        con.execute(f"CREATE OR REPLACE TEMP {'TABLE' if name in KEPT else 'VIEW'} {name} AS {query}")


def renew(con: Connection) -> None:
    """Make the models that are kept anew, after figures were staged."""
    for name in KEPT:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {text(name)}")


def load(con: Connection, tables: Mapping[str, pa.Table]) -> None:
    """Make temporary tables of Arrow tables."""
    for name, table in tables.items():
        con.register("table_in", table)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM table_in")
        con.unregister("table_in")


def inputs(con: Connection, name: str) -> pa.Table:
    """Give the rows that a calculation takes, by the name of its file in `models/inputs/`."""
    query = (files("warehouse") / "models" / "inputs" / f"{name}.sql").read_text(encoding="utf-8")
    found = con.sql(query).to_arrow_table()
    return found if found.num_rows else found.schema.empty_table()  # pandas cannot join columns without any chunk
