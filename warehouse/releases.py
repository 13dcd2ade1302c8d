"""Releases: whole, immutable, each in a folder of its own; a pointer names the newest.

A release is built beside the others under a name that readers ignore, gets its name in one step when it is whole,
and only then does the pointer move. A crash leaves the last release as it was.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import orjson

from schemas.observation import OBSERVATION
from warehouse.describe import comment_statements, table_order
from warehouse.home import Home, vintage_text, write_atomically
from warehouse.literals import quoted
from warehouse.pointer import DATABASE, Release, latest, newest
from warehouse.storage_version import attach_pinned

__all__ = ["Release", "latest", "newest", "publish"]

AS_OF = f"""CREATE OR REPLACE MACRO observation_as_of(moment) AS TABLE
SELECT {", ".join(OBSERVATION.names)} FROM observation_history
WHERE vintage_from <= moment::TIMESTAMP AND (vintage_to IS NULL OR vintage_to > moment::TIMESTAMP)"""


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    vintage: datetime,
    tables: Sequence[str],
    views: Mapping[str, str],
    about: Mapping[str, Any],
    *,
    parquet: bool = True,
    beside: Callable[[Path], None] = lambda _: None,
    pages: Callable[[Release], None] = lambda _: None,
) -> Release:
    """Write a release from the temporary tables and models of the writer's connection, and move the pointer to it.

    `views` are queries on the written tables, kept as views: they name tables without a catalogue, so that they hold
    under whatever name a reader attaches the file. `beside` writes what else belongs into the folder, while the
    connection has the release's tables before it. `pages` then adds what reads the finished release as anybody does;
    there is no manifest yet, for it will hold the hashes of the pages too.
    """
    name = vintage_text(vintage)
    _clear_unfinished(home)
    folder = home.releases / f".building-{name}"
    folder.mkdir(parents=True)
    with attached(con, folder / DATABASE):
        hashes = write_tables(con, tables, views)
        if parquet:
            _write_parquet(con, folder / "parquet", [*views, *tables])
        beside(folder)
    pages(Release(folder, {"vintage": name}))
    manifest = {
        "vintage": name,
        "code_version": version("ictdev"),
        **about,
        "tables": hashes,
        "files": {str(path.relative_to(folder)): file_note(path) for path in _files(folder)},
    }
    write_atomically(folder / "manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    final = home.releases / name
    os.replace(folder, final)  # noqa: PTH105 - the one call that is atomic
    _point(home, name)
    return Release(final, manifest)


def folders(home: Home) -> list[Path]:
    """Give the folder of every release, oldest first, whole or not."""
    return sorted(path for path in home.releases.glob("[0-9]*Z") if path.is_dir())


def manifest(home: Home, name: str) -> dict[str, Any] | None:
    """Give the manifest of a release, or None where it cannot be read."""
    try:
        content: dict[str, Any] = orjson.loads((home.releases / name / "manifest.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return content


def point_to_newest(home: Home) -> None:
    """Let the pointer name the newest release that has a manifest; with none there is no pointer."""
    whole = [folder.name for folder in folders(home) if manifest(home, folder.name) is not None]
    if whole:
        _point(home, whole[-1])


def pointer_content(name: str) -> bytes:
    """Give the bytes of a pointer that leads to a release."""
    leads = {"vintage": name, "release": f"releases/{name}", "database": f"releases/{name}/{DATABASE}"}
    return orjson.dumps(leads, option=orjson.OPT_INDENT_2)


def _point(home: Home, name: str) -> None:
    write_atomically(home.pointer, pointer_content(name))


def _clear_unfinished(home: Home) -> None:
    """Remove what a crash left half built; nobody reads under these names."""
    for left in home.releases.glob(".building-*"):
        shutil.rmtree(left)


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach the file that is being written as `release`; afterwards the connection is where it was before."""
    ((former,),) = con.execute("SELECT current_database()").fetchall()
    con.execute(attach_pinned(path, "release"))
    try:
        yield
    finally:
        con.execute(f"USE {former}")
        con.execute("DETACH release")


def write_tables(con: duckdb.DuckDBPyConnection, tables: Sequence[str], views: Mapping[str, str]) -> dict[str, Any]:
    """Write each table once and define the views on them; models that stand on a table read the written one."""
    models = {row[0] for row in con.execute("SELECT view_name FROM duckdb_views() WHERE temporary").fetchall()}
    for table in tables:
        order = table_order(table)
        con.execute(f"CREATE TABLE release.{table} AS FROM temp.{table}" + (f" ORDER BY {order}" if order else ""))
        if table in models:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS FROM release.{table}")
    con.execute("USE release")
    for name, query in views.items():
        con.execute(f"DROP VIEW IF EXISTS temp.{name}")
        con.execute(f"CREATE VIEW release.{name} AS {query}")
    con.execute(AS_OF)
    _comment(con, tables, list(views))
    return {table: content(con, f"release.{table}") for table in tables}


def _comment(con: duckdb.DuckDBPyConnection, tables: Sequence[str], views: Sequence[str]) -> None:
    """Write the meanings in one transaction: hundreds of their own take as long as writing the tables."""
    con.execute("BEGIN")
    for kind, names in (("TABLE", tables), ("VIEW", views)):
        for statement in comment_statements(con, names, kind):
            con.execute(statement)
    con.execute("COMMIT")


def content(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Count and hash a table's rows: the same rows give the same hash on every machine, whatever their order.

    The hashes of the rows are sorted here: within DuckDB an aggregate of all of them can neither spill to disk nor use
    two threads.
    """
    import numpy as np  # noqa: PLC0415 - whoever only reads a release needs it not

    parts = [np.empty(0, _ROW_HASH)]
    for batch in con.execute(f"SELECT {row_hash(con, table)} FROM {table}").to_arrow_reader(_ROWS_AT_A_TIME):
        column = batch.column(0)
        parts.append(np.frombuffer(column.buffers()[2], _ROW_HASH, len(column), column.offset * 32).copy())
    hashes = np.concatenate(parts)
    hashes.sort()
    return {"rows": len(hashes), "content_sha256": hashlib.sha256(hashes.tobytes()).hexdigest()}


_ROW_HASH, _ROWS_AT_A_TIME = "S32", 100_000


def row_hash(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Give the SQL of the hash of one row of a table.

    A row's text is its columns' texts joined by the unit separator, with the record separator for null.
    """
    columns = [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]
    text = ", ".join(f"coalesce({name}::VARCHAR, chr(30))" for name in columns)
    return f"md5(concat_ws(chr(31), {text}))"


def _write_parquet(con: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[str]) -> None:
    folder.mkdir()
    for table in tables:
        path = folder / f"{table}.parquet"
        con.execute(f"COPY release.{table} TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def file_note(path: Path) -> dict[str, Any]:
    """Give hash and size of a file, as the manifest holds them."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {"sha256": digest, "size": path.stat().st_size}
