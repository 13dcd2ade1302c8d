"""The sandbox's child: reads one request from stdin, answers it in Arrow on stdout, or says on stderr why not.

Started by `warehouse/sandbox.py` in the release's folder. Exit status: 0 answered, 3 an error was told.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

import duckdb
import pyarrow as pa

from schemas import bounded_child
from schemas.errors import IctdevError, Unanswered
from warehouse import asking

_BATCH = 65_536
_HEADROOM = 0.66
"""Of the process's memory, what DuckDB plans with; the rest is for what it does not count."""


class _Exceeded(Exception):
    """A limit was reached."""


def main() -> NoReturn:
    """Answer one request and end, without the interpreter's own slow way out."""
    answers, errors = bounded_child.channels()
    try:
        _answer(json.load(sys.stdin.buffer), answers)
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        errors.write(json.dumps(_told(error)).encode())
        status = bounded_child.SAID
    os._exit(status)


def _answer(request: dict[str, Any], stream: BinaryIO) -> None:
    bounded_child.bound(request["memory"], request["cpu_seconds"])
    budget = f"{int(request['memory'] * _HEADROOM)}B"
    con = asking.connect("ictdev.duckdb", request["vintage"], memory_limit=budget)
    asking.set_clock(con, request["as_of"], request["edition_as_of"])
    con.sql("SELECT 1").to_arrow_reader().read_all()  # loads what it loads late, while files can still be opened
    _close_the_door()
    _send(asking.relation(con, request["text"]).to_arrow_reader(_BATCH), stream, request["rows"])


def _send(reader: Any, stream: BinaryIO, most: int) -> None:
    rows = 0
    with pa.ipc.new_stream(stream, reader.schema) as writer:
        for batch in reader:
            rows += batch.num_rows
            if rows > most:
                raise _Exceeded("rows")
            writer.write_batch(batch)
    stream.flush()


def _close_the_door() -> None:
    """Forbid to open anything from here on, the release's own file too, which DuckDB lets a query read as bytes."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _told(error: BaseException) -> dict[str, str]:
    """Put an error into words that the parent can raise again."""
    if isinstance(error, _Exceeded):
        return {"limit": str(error)}
    if isinstance(error.__cause__ or error, duckdb.OutOfMemoryException) or bounded_child.is_shortage(error):
        return {"limit": "memory"}
    known = error if isinstance(error, IctdevError) else _known(error)
    return {
        "kind": type(known).__name__,
        "what": known.what,
        "why": known.why[:8_000],
        "next_step": known.next_step,
    }


def _known(error: BaseException) -> IctdevError:
    if "Too many open files" in str(error):
        return Unanswered(
            "the query was refused",
            why="it tries to open a file; a query reaches the tables of the release and nothing else",
            next_step='ictdev sql "SHOW TABLES"   lists what there is',
        )
    if isinstance(error, duckdb.Error):
        return asking.refused(error)
    return Unanswered("the query failed", why=f"{type(error).__name__}: {error}", next_step="write it another way")
