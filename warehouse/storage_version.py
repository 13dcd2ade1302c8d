"""The storage version of database files: one for all that we write, so that DuckDB 1.2 and newer can open them.

A file of DuckDB begins with a checksum of 8 bytes, the letters DUCK, the storage version as a number of 8 bytes, 32
bytes of flags and, in 32 bytes, the version of the DuckDB that made it
(https://duckdb.org/docs/stable/internals/storage).
"""

import struct
from pathlib import Path

import duckdb

from warehouse.literals import quoted

STORAGE_VERSION = "v1.2.0"
PINNED = 65
"""The number by which a file says `STORAGE_VERSION`."""
_MAGIC, _NUMBER, _MAKER = slice(8, 12), 12, slice(52, 84)


def attach_pinned(path: Path, name: str) -> str:
    """Give the statement that attaches a database under a name; a file that it makes gets our storage version."""
    return f"ATTACH {quoted(path)} AS {name} (STORAGE_VERSION '{STORAGE_VERSION}')"


def storage_number(path: Path) -> int | None:
    """Give the number of a file's storage version, or None where it is absent or no database of DuckDB."""
    header = _header(path)
    return int(struct.unpack_from("<Q", header, _NUMBER)[0]) if header else None


def maker_of(path: Path) -> str:
    """Give the version of the DuckDB that made a file, as `2.0.0`; empty where the file does not say it."""
    name = _header(path)[_MAKER].split(b"\0")[0].decode("ascii", errors="replace")
    return name.removeprefix("v") if name.isprintable() else ""


def newer_maker(path: Path) -> str:
    """Give the version of the DuckDB that made a file where that is newer than this one and the file is not pinned.

    Empty where this DuckDB can read it.
    """
    maker, number = maker_of(path), storage_number(path)
    is_newer = number is not None and number > PINNED and _parts(maker) > _parts(duckdb.__version__)
    return maker if is_newer else ""


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            header = handle.read(_MAKER.stop)
    except OSError:
        return b""
    return header if header[_MAGIC] == b"DUCK" and len(header) == _MAKER.stop else b""
