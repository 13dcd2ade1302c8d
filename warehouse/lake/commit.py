"""Committing releases to the shared storage: each as one transaction, which is one snapshot, told by its vintage.

Only rows that differ are written, so that a snapshot costs what changed. What was written is hashed before the commit
and held against the manifest of the single file.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
import orjson

from schemas.errors import Unshared
from warehouse.describe import comment_statements, table_order
from warehouse.home import Home
from warehouse.journal import made_here
from warehouse.lake import connection
from warehouse.lake.address import Address
from warehouse.literals import quoted
from warehouse.pointer import Release, latest
from warehouse.releases import AS_OF, content, folders, manifest, row_hash

MESSAGE = "release "
"""Begins the message of a snapshot that is a release; its vintage follows."""
NOTE = "shared_release"
"""Table of one row: vintage and manifest of the release that the snapshot is. Two writers collide in it."""


def catch_up(home: Home, address: Address) -> list[str]:
    """Commit every release that stands in the home and is newer than what the storage holds; give their names.

    Call it under `warehouse.lock.exclusive`. Raises Unshared where the storage does not take them, or holds a release
    that this home never made; releases that were committed before that stay.
    """
    standing = latest(home)
    if standing is None:
        return []
    with connection.writing(address) as con:
        there = vintages(con)
        _guard_against_strangers(home, list(there))
        newest = max(there, default="")
        missing = [path.name for path in folders(home) if newest < path.name <= standing.vintage]
        return [name for name in missing if _commit_whole(con, home, name)]


def vintages(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Give the snapshot of each release that the storage holds, oldest first."""
    rows = con.execute(
        "SELECT commit_message, max(snapshot_id) FROM ducklake_snapshots('lake') "
        f"WHERE starts_with(commit_message, '{MESSAGE}') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {message.removeprefix(MESSAGE): snapshot for message, snapshot in rows}


def note_at(con: duckdb.DuckDBPyConnection, snapshot: int) -> dict[str, Any]:
    """Give the manifest of the release that a snapshot is."""
    rows = con.execute(f"SELECT manifest FROM lake.{NOTE} AT (VERSION => {snapshot})").fetchall()
    found: dict[str, Any] = orjson.loads(rows[0][0])
    return found


def _guard_against_strangers(home: Home, there: list[str]) -> None:
    """Refuse to write where another home has written, or this one before it lost what it knew."""
    if there and there[-1] not in made_here(home):
        raise Unshared(
            f"the shared storage holds the release {there[-1]}, which this home never made",
            why="another home writes there, or this one is an older copy of the one that does",
            next_step="let one home only write to a storage: name another storage here, or restore the newer home",
        )


def _commit_whole(con: duckdb.DuckDBPyConnection, home: Home, name: str) -> bool:
    """Commit a release that has its manifest; tell whether it has."""
    told = manifest(home, name)
    if told is None:
        return False
    commit(con, Release(home.releases / name, told))
    return True


def commit(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Make the storage's tables those of a release, in one transaction. Raises Unshared where they differ after it."""
    with _attached(con, release), _transaction(con):
        former = _former(con)
        for table, note in release.manifest["tables"].items():
            if former.get(table) != note or not _alike(con, table):
                _bring(con, table)
                _prove(con, table, note)
        for table in former.keys() - release.manifest["tables"].keys():
            con.execute(f"DROP TABLE lake.{table}")
        _define(con)
        _sign(con, release)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, release: Release) -> Iterator[None]:
    con.execute(f"ATTACH {quoted(release.database)} AS release (READ_ONLY)")
    con.execute("USE lake")
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # what broke the transaction is what has to be told
            con.execute("USE memory")
            con.execute("DETACH release")


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has rolled back already
            con.execute("ROLLBACK")
        raise


def _former(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Give rows and content hash of each table as the release before left them; make the note where none was."""
    con.execute(f"CREATE TABLE IF NOT EXISTS lake.{NOTE} (vintage VARCHAR, manifest VARCHAR)")
    rows = con.execute(f"SELECT manifest FROM lake.{NOTE}").fetchall()
    found: dict[str, Any] = orjson.loads(rows[0][0])["tables"] if rows else {}
    return found


def _alike(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Tell whether the storage has the table with the columns that the release gives it."""
    shapes = con.execute(
        "SELECT database_name, list((column_name, data_type) ORDER BY column_index) FROM duckdb_columns() "
        "WHERE database_name IN ('lake', 'release') AND table_name = ? GROUP BY 1",
        [table],
    ).fetchall()
    return len(shapes) == 2 and shapes[0][1] == shapes[1][1]


def _bring(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make the storage's table the release's: by the rows that differ, or whole where its columns are others."""
    if _alike(con, table):
        _change(con, table)
        return
    con.execute(f"DROP TABLE IF EXISTS lake.{table}")
    order = table_order(table)
    con.execute(f"CREATE TABLE lake.{table} AS FROM release.{table}" + (f" ORDER BY {order}" if order else ""))
    for statement in comment_statements(con, [table], "TABLE", "lake"):
        con.execute(statement)


def _change(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Take away and add the rows that differ. Equal rows are told apart by counting them."""
    digest = row_hash(con, f"release.{table}")
    numbered = f"{digest} AS h, row_number() OVER (PARTITION BY h) AS n"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT rowid AS place, {numbered} FROM lake.{table};"
        f"CREATE OR REPLACE TEMP TABLE wanted AS SELECT rowid AS place, {numbered} FROM release.{table}"
    )
    gone = "SELECT place FROM temp.held ANTI JOIN temp.wanted USING (h, n)"
    come = "SELECT place FROM temp.wanted ANTI JOIN temp.held USING (h, n)"
    con.execute(f"DELETE FROM lake.{table} WHERE rowid IN ({gone})")
    con.execute(f"INSERT INTO lake.{table} FROM release.{table} WHERE rowid IN ({come})")
    con.execute("DROP TABLE temp.held; DROP TABLE temp.wanted")


def _prove(con: duckdb.DuckDBPyConnection, table: str, note: dict[str, Any]) -> None:
    found = content(con, f"lake.{table}")
    if found != note:
        raise Unshared(
            f"the table {table} is not in the shared storage what it is in the release; nothing was committed",
            why=f"{found['rows']} rows of hash {found['content_sha256'][:12]} against {note['rows']} rows of hash "
            f"{note['content_sha256'][:12]}",
            next_step="ictdev verify   looks whether the release is whole; if it is, this is worth a report",
        )


def _define(con: duckdb.DuckDBPyConnection) -> None:
    """Define views and macros where they are others than those of the release before."""
    for name, statement, former in con.execute(_VIEWS).fetchall():
        if statement != former:
            con.execute(f"CREATE OR REPLACE VIEW {name} AS {view_query(name, statement)}")
    con.execute(AS_OF)


_VIEWS = """
SELECT wanted.view_name, wanted.sql, held.sql
FROM duckdb_views() wanted
LEFT JOIN duckdb_views() held ON held.view_name = wanted.view_name AND held.database_name = 'lake'
WHERE wanted.database_name = 'release' AND NOT wanted.internal
ORDER BY wanted.view_name"""


def view_query(name: str, statement: str) -> str:
    """Give the query of a view from the statement that makes it."""
    return statement.removeprefix(f"CREATE VIEW {name} AS ").rstrip(";")


def _sign(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Name the release in the snapshot and in the snapshot's message."""
    con.execute(f"DELETE FROM lake.{NOTE}")
    con.execute(f"INSERT INTO lake.{NOTE} VALUES (?, ?)", [release.vintage, orjson.dumps(release.manifest).decode()])
    con.execute(f"CALL lake.set_commit_message('ictdev', '{MESSAGE}{release.vintage}')")
