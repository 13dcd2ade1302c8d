"""Releases as another machine finds them: in the shared storage, each pinned to its snapshot."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import orjson

from schemas.errors import Invalid, Unanswered
from warehouse import pointer
from warehouse.home import Home, write_atomically
from warehouse.lake import connection
from warehouse.lake.address import Address, from_environment
from warehouse.lake.commit import note_at, view_query, vintages
from warehouse.pointer import DATABASE, Release
from warehouse.releases import attached, file_note, write_tables

_KEPT = 2
"""So many fetched releases stay on a reading machine: whoever still reads the one before is not disturbed."""


@dataclass(frozen=True, slots=True)
class SharedRelease(Release):
    """A release in the shared storage; what has to be a file is fetched into `folder` when it is asked for."""

    address: Address
    snapshot: int
    found_with: list[duckdb.DuckDBPyConnection] = field(default_factory=list, repr=False, compare=False)
    """The connection that found it, which the first session takes over."""

    @property
    def database(self) -> Path:
        """The DuckDB file: what runs under limits, or hands files on, needs one. Raises Unshared."""
        if not (self.folder / "manifest.json").exists():
            _fetch(self)
            _retire(self.folder.parent)
        return self.folder / DATABASE

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the release at its snapshot, to read it where it is. Raises Unshared."""
        if not self.found_with:
            return connection.reading(self.address, self.snapshot)
        con = self.found_with.pop()
        connection.pin(con, self.address, self.snapshot)
        return con


def storage_of(home: Home) -> Address | None:
    """Give the storage that this home reads from: the one of the environment, unless it has releases of its own."""
    own = home.pointer.exists() or home.history.exists()
    return None if own else from_environment()


def find(home: Home, address: Address, vintage: str | None = None) -> SharedRelease:
    """Give the newest release of the storage, or the one of the named vintage.

    Raises Unshared where the storage cannot be read, Unanswered where it holds no such release.
    """
    con = connection.reading(address, shut=False)
    try:
        with connection.telling(address):
            there = vintages(con)
            name = _chosen(list(there), vintage)
            return SharedRelease(home.shared / name, note_at(con, there[name]), address, there[name], [con])
    except BaseException:
        con.close()
        raise


def _chosen(there: list[str], vintage: str | None) -> str:
    if not there:
        raise connection.StillEmpty(
            "the shared storage holds no release yet",
            next_step="run ictdev refresh on the machine that writes, with the same storage set",
        )
    if vintage is not None and vintage not in there:
        raise Unanswered(f"there is no release {vintage} in the shared storage", why=f"there are: {', '.join(there)}")
    return vintage or there[-1]


def newest(home: Home) -> Release:
    """Give the newest release that this home reads: its own, or the shared storage's. Raises Unanswered."""
    address = storage_of(home)
    return pointer.newest(home) if address is None else find(home, address)


def _fetch(release: SharedRelease) -> None:
    """Write the release's file under a name that nobody reads, prove it, and give it its name in one step."""
    release.folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=release.folder.parent, prefix=".building-"))
    try:
        _write(release, building / DATABASE)
        note = {**release.manifest, "files": {DATABASE: file_note(building / DATABASE)}}
        write_atomically(building / "manifest.json", orjson.dumps(note, option=orjson.OPT_INDENT_2))
        if not release.folder.exists():
            os.replace(building, release.folder)  # noqa: PTH105 - the one call that is atomic
    except OSError:
        if not release.folder.exists():  # else another process was faster
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write(release: SharedRelease, path: Path) -> None:
    con = connection.reading(release.address, release.snapshot, shut=False)
    try:
        with connection.telling(release.address):
            tables = list(release.manifest["tables"])
            views = {
                name: view_query(name, statement)
                for name, statement in con.execute(
                    "SELECT view_name, sql FROM duckdb_views() WHERE database_name = 'lake' AND NOT internal"
                ).fetchall()
            }
            for table in tables:
                con.execute(f"CREATE TEMP VIEW {table} AS FROM lake.{table}")
            with attached(con, path):
                hashes = write_tables(con, tables, views)
    finally:
        con.close()
    if hashes != release.manifest["tables"]:
        raise Invalid(
            f"the release {release.vintage} came from the shared storage with other content than its manifest says",
            next_step="data files of the storage were changed or lost: restore them, or name a mirror of the releases",
        )


def _retire(folder: Path) -> None:
    for left in sorted(path for path in folder.glob("2*") if path.is_dir())[:-_KEPT]:
        shutil.rmtree(left, ignore_errors=True)
