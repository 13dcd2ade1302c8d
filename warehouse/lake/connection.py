"""Connections to a DuckLake: its extensions, its catalogue, and what can go wrong with both, without its password."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from schemas.errors import IctdevError, Unshared
from warehouse.asking import CONFIG
from warehouse.lake.address import Address
from warehouse.lake.bucket import is_bucket, secret
from warehouse.lake.missing import missing
from warehouse.literals import quoted

_EXTENSIONS = ("ducklake", "postgres_scanner")
_FOR_BUCKETS = "httpfs"
_OPEN = {"enable_external_access", "allow_unsigned_extensions"}
"""Settings that cannot be as strict while the storage is being attached; readers shut them right after."""
_BRIEF = 500


class StillEmpty(Unshared):
    """The catalogue answers, and nothing was committed to it yet."""


@contextmanager
def writing(address: Address) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that has the storage attached as `lake`, made where it was not there yet."""
    con = _loaded(address)
    try:
        data = f", DATA_PATH {quoted(address.data)}" if address.data else ""
        _attach(con, address, f"CREATE_IF_NOT_EXISTS true{data}")
        with telling(address):
            _let_in(con)
            yield con
    finally:
        con.close()


def reading(address: Address, snapshot: int | None = None, *, shut: bool = True) -> duckdb.DuckDBPyConnection:
    """Give a connection that reads the storage at a snapshot, or at its newest; shut, it reaches no other file.

    The tables lie in `lake`, which is also where a name without a catalogue is looked for. Close it after use.
    """
    con = _loaded(address)
    try:
        _attach(con, address, "READ_ONLY" + (f", SNAPSHOT_VERSION {snapshot}" if snapshot is not None else ""))
        with telling(address):
            _let_in(con)
            con.execute("USE lake")
            if shut:
                _shut(con)
    except BaseException:
        con.close()
        raise
    return con


def pin(con: duckdb.DuckDBPyConnection, address: Address, snapshot: int) -> None:
    """Let a connection that is not shut read a snapshot, and shut it: loading the extensions anew would take longer."""
    with telling(address):
        con.execute("USE memory")
        con.execute("DETACH lake")
    _attach(con, address, f"READ_ONLY, SNAPSHOT_VERSION {snapshot}")
    with telling(address):
        con.execute("USE lake")
        _shut(con)


def _shut(con: duckdb.DuckDBPyConnection) -> None:
    """Leave a connection the data files of the storage and nothing else, for good."""
    con.execute(f"SET allowed_directories = [{quoted(_data(con))}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def ready(address: Address) -> None:
    """Look whether the extensions that a storage needs are installed. Raises MissingExtra."""
    for name in (*_EXTENSIONS, _FOR_BUCKETS) if is_bucket(address.data) else _EXTENSIONS:
        _extension(name)


@contextmanager
def telling(address: Address) -> Iterator[None]:
    """Turn the engine's errors into ours, without the password."""
    try:
        yield
    except duckdb.Error as error:
        raise _failed(address, error) from None  # the engine's own text may hold the password


def _loaded(address: Address) -> duckdb.DuckDBPyConnection:
    ready(address)
    con = duckdb.connect(":memory:", config={name: value for name, value in CONFIG.items() if name not in _OPEN})
    try:
        for name in _EXTENSIONS if address.server else _EXTENSIONS[:1]:
            con.execute(f"LOAD {quoted(_extension(name))}")
    except duckdb.Error as error:
        con.close()
        raise missing(str(error).splitlines()[0]) from error
    return con


def _extension(name: str) -> Path:
    """Give the extension for the installed DuckDB; it comes as a package, so that nothing is fetched at run time."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise missing(f"the package duckdb-extension-{name.replace('_', '-')} is not there")
    path = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.exists():
        raise missing(f"the extension {name} that is installed is not for DuckDB {duckdb.__version__}")
    return path


def _attach(con: duckdb.DuckDBPyConnection, address: Address, options: str) -> None:
    with telling(address):
        if address.server:
            # a secret of its own, also without a password: or the user's kept secrets are looked through
            password = f", PASSWORD {quoted(address.password)}" if address.password else ""
            con.execute(f"CREATE SECRET IF NOT EXISTS catalogue (TYPE postgres{password})")
            options += ", META_SECRET 'catalogue'"
        _attach_with_files(con, f"ATTACH {quoted(address)} AS lake ({options})")


def _attach_with_files(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Attach; only the catalogue knows whether data files lie in a bucket, and what reads buckets is slow to load."""
    try:
        con.execute(statement)
    except duckdb.Error as error:
        if f"requires the extension {_FOR_BUCKETS}" not in str(error):
            raise
        con.execute(f"LOAD {quoted(_extension(_FOR_BUCKETS))}")
        con.execute(statement)


def _let_in(con: duckdb.DuckDBPyConnection) -> None:
    """Give a connection access to the bucket of the data files, if they lie in one; it outlasts what is attached."""
    place = _data(con)
    if is_bucket(place):
        con.execute(secret(place))


def _data(con: duckdb.DuckDBPyConnection) -> str:
    ((place,),) = con.execute("SELECT data_path FROM ducklake_settings('lake')").fetchall()
    return str(place)


_EMPTY = "the catalogue holds no shared storage yet"
_CASES = (
    ("data_path is not set", "the shared storage is not there yet, and nothing says where its data files go",
     "set storage_data (ICTDEV_STORAGE_DATA) to a folder that every machine reaches under the same path"),
    ("creating a new DuckLake is explicitly disabled", _EMPTY,
     "run ictdev refresh on the machine that writes, with the same storage set; or check the name of the database"),
    ("database does not exist", _EMPTY,
     "run ictdev refresh on the machine that writes, with the same storage set; or check the path"),
    ("Unable to connect to Postgres", "the catalogue of the shared storage cannot be reached",
     "check that the server runs and that storage names host, database and user rightly; then run the command again"),
    ("Transaction conflict", "another writer committed to the shared storage at the same time",
     "let one home only write to it; then run the command again, which commits what is missing"),
    ("Could not set lock", "another process has the catalogue of the shared storage open",
     "wait until it ends, then run the command again; with PostgreSQL as catalogue none waits for another"),
    ("NoSuchBucket", "the bucket with the data files of the shared storage is not there",
     "make the bucket, or check its name in storage_data (ICTDEV_STORAGE_DATA); then run the command again"),
    ("(HTTP code 403)", "the bucket with the data files of the shared storage lets nobody in with this access",
     "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, and what they may do in the bucket"),
    ("for HTTP", "the bucket with the data files of the shared storage cannot be reached",
     "check the network, AWS_ENDPOINT_URL and the region; then run the command again, which commits what is missing"),
    ("DATA_PATH parameter", "the shared storage keeps its data files elsewhere than storage_data says",
     "leave storage_data (ICTDEV_STORAGE_DATA) empty: the catalogue remembers where they are"),
)  # fmt: skip
"""What the engine says, what that means here, and what to do."""


def _failed(address: Address, error: duckdb.Error) -> IctdevError:
    said = str(error).strip()
    if address.password:
        said = said.replace(address.password, "…")
    for sign, what, next_step in _CASES:
        if sign in said:
            kind = StillEmpty if what == _EMPTY else Unshared
            return kind(what, why=said[:_BRIEF], next_step=next_step)
    return Unshared(
        "the shared storage refused",
        why=said[:_BRIEF],
        next_step="see that its catalogue and its data files can be reached and written; "
        "then run the command again, which commits what is missing",
    )
