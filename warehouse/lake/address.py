"""Where the shared storage is, as `ICTDEV_STORAGE` names it; its password is kept apart and never shown.

Imports no engine, so that a mistaken address is told at once.
"""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from schemas.errors import Usage

VARIABLE = "ICTDEV_STORAGE"
LOCAL = "file"
"""The default: releases are single files in the home, and nothing is shared."""

_PREFIX = "ducklake:"
_SERVER = "postgres:"
_OTHERS = ("mysql:", "sqlite:", "motherduck:", "md:", "quack:")
_PAIR = re.compile(r"\s*(\w+)\s*=\s*('(?:\\.|[^'\\])*'|(?:\\.|[^\s'\\])+)\s*")
_PATIENCE = "10"
"""Seconds to wait for the catalogue's server, where the address names none."""


@dataclass(frozen=True, slots=True)
class Address:
    """The catalogue of a shared storage, without its password, and where its data files lie."""

    catalogue: str
    """What DuckDB attaches after `ducklake:`."""
    server: bool
    """True for PostgreSQL; else the catalogue is a file, which one process at a time can open for writing."""
    data: str = ""
    """Folder of the Parquet files; needed by the first commit only, the catalogue remembers it."""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{_PREFIX}{self.catalogue}"


def from_environment() -> Address | None:
    """Give the storage that the environment names, or None for single files. Raises Usage."""
    return parse(os.environ.get(VARIABLE, ""))


def parse(text: str, data: str = "") -> Address | None:
    """Read an address; None stands for single files. Raises Usage, which never repeats what was given."""
    given = text.strip()
    if given in {"", LOCAL}:
        return None
    if not given.startswith(_PREFIX) or given == _PREFIX:
        raise _mistaken("it does not begin with ducklake:")
    catalogue = given.removeprefix(_PREFIX)
    if catalogue.startswith(_OTHERS):
        raise _mistaken(f"catalogues of the kind {catalogue.partition(':')[0]} are not supported")
    if not catalogue.startswith(_SERVER):
        return Address(catalogue, server=False, data=data)
    words = _words(catalogue.removeprefix(_SERVER))
    password = words.pop("password", "")
    words.setdefault("connect_timeout", _PATIENCE)
    shown = " ".join(f"{name}={_quoted(word)}" for name, word in words.items())
    return Address(_SERVER + shown, server=True, data=data, password=password)


def _words(text: str) -> dict[str, str]:
    """Read a connection string of PostgreSQL, in either of its two forms, into its words."""
    if text.startswith(("postgresql://", "postgres://")):
        return _of_url(text)
    found, place = {}, 0
    while place < len(text.strip()):
        pair = _PAIR.match(text, place)
        if not pair:
            raise _mistaken("after ducklake:postgres: there is something that is no list of name=value")
        found[pair[1]] = re.sub(r"\\(.)", r"\1", pair[2].removeprefix("'").removesuffix("'"))
        place = pair.end()
    if not found:
        raise _mistaken("after ducklake:postgres: nothing says which database")
    return found


def _of_url(text: str) -> dict[str, str]:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise _mistaken("the address of the PostgreSQL server cannot be read") from None  # its text holds the password
    words = {
        "host": url.hostname,
        "port": port,
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "dbname": unquote(url.path.removeprefix("/")),
    }
    return {name: str(word) for name, word in words.items() if word} | dict(parse_qsl(url.query))


def _quoted(word: str) -> str:
    if re.fullmatch(r"[\w./:@%+-]+", word):
        return word
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _mistaken(why: str) -> Usage:
    return Usage(
        f"the setting storage ({VARIABLE}) cannot be understood",
        why=why,
        next_step="write ducklake:postgres:host=db.example.org dbname=ictdev user=ictdev, or ducklake:/path/to/file, "
        "or file for no shared storage; docs/storage.md shows each",
    )
