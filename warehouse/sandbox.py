"""Running a query that came from anywhere: in a process of its own, under limits that the system enforces.

DuckDB's settings keep a query inside the release, but not its appetite: its memory limit covers its buffers alone, and
some functions do not heed an interrupt. A process can be bounded, and killed.
"""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import IO, TYPE_CHECKING, NoReturn, cast

from schemas import bounded
from schemas.bounded_child import SAID
from schemas.errors import IctdevError, Invalid, Unanswered, Usage
from warehouse.pointer import Release

if TYPE_CHECKING:
    import pyarrow as pa

    Pipes = tuple[IO[bytes], IO[bytes], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use, and how large its answer may be."""

    memory: int = 1_500_000_000
    seconds: float = 60.0
    cpu_seconds: int = 60
    rows: int = 1_000_000
    bytes: int = 300_000_000


_TELLABLE: dict[str, type[IctdevError]] = {kind.__name__: kind for kind in (Unanswered, Usage, Invalid)}
_MOST_TOLD = 64_000


def run(
    release: Release,
    text: str,
    *,
    as_of: str | None = None,
    edition_as_of: str | None = None,
    limits: Limits | None = None,
) -> "pa.Table":
    """Run one reading statement in a child process and give its whole answer.

    Takes and raises what `Session.sql` does, and Unanswered too where a limit was reached.
    """
    with asked(release, text, as_of=as_of, edition_as_of=edition_as_of, limits=limits) as answer:
        return answer()


@contextmanager
def asked(
    release: Release,
    text: str,
    *,
    as_of: str | None = None,
    edition_as_of: str | None = None,
    limits: Limits | None = None,
) -> "Iterator[Callable[[], pa.Table]]":
    """Set a child to work on a statement, and give what waits for its answer; see `run`. Meanwhile there is time."""
    limits = limits or Limits()
    request = _request(release, text, as_of, edition_as_of, limits)
    with _child(release) as child, bounded.deadline(child, limits.seconds) as late:
        bounded.send(cast("Pipes", (child.stdin, child.stdout, child.stderr))[0], request, close=True)
        yield lambda: _answer(child, limits, late)


def _answer(child: subprocess.Popen[bytes], limits: Limits, late: Event) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 - while the child works

    _, stdout, stderr = cast("Pipes", (child.stdin, child.stdout, child.stderr))
    try:
        answer = bounded.received(stdout, limits.bytes)
    except bounded.TooLarge as error:
        raise _beyond("bytes", limits) from error
    told = stderr.read(_MOST_TOLD)
    if child.wait() or late.is_set():
        _tell(child.returncode, told, limits, late=late.is_set())
    return pa.ipc.open_stream(pa.py_buffer(answer)).read_all()


def _request(release: Release, text: str, as_of: str | None, edition_as_of: str | None, limits: Limits) -> bytes:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Usage("the query is not valid UTF-8 text", why=str(error), next_step="type it anew") from error
    bounds = {"memory": limits.memory, "cpu_seconds": limits.cpu_seconds, "rows": limits.rows}
    asked = {"text": text, "as_of": as_of, "edition_as_of": edition_as_of, "vintage": release.vintage}
    return json.dumps({**asked, **bounds}).encode()


@contextmanager
def _child(release: Release) -> Iterator[subprocess.Popen[bytes]]:
    """Start the child in the release's folder; whatever happens, it is gone afterwards."""
    if not release.database.exists():
        raise Invalid(
            f"the release {release.vintage} has no database", next_step="run ictdev refresh, which publishes anew"
        )
    with bounded.start("warehouse.sandbox_child", release.folder) as child:
        try:
            yield child
        finally:
            child.kill()


def _tell(status: int, told: bytes, limits: Limits, *, late: bool) -> NoReturn:
    """Raise the error that the child's end amounts to."""
    if late:
        raise _beyond("seconds", limits)
    if status == SAID:
        _repeat(json.loads(told), limits)
    if status == -getattr(signal, "SIGXCPU", 0):
        raise _beyond("cpu_seconds", limits)
    if status < 0:
        raise Unanswered(
            "the query broke the process that ran it",
            why=f"{signal.Signals(-status).name}: it is nested too deeply, or memory ran out where nothing can tell it",
            next_step=f"write it more simply, ask for less, or {_raise('memory')}; the release is unharmed",
        )
    last = told.decode(errors="replace").strip().splitlines()[-1:]
    raise IctdevError(
        "the process that runs queries ended without an answer",
        why=" ".join(last) or "it could not even say why, as when memory runs out",
        next_step="see what ictdev doctor says",
    )


def _repeat(told: dict[str, str], limits: Limits) -> NoReturn:
    if "limit" in told:
        raise _beyond(told["limit"], limits)
    raise _TELLABLE[told["kind"]](told["what"], why=told["why"], next_step=told["next_step"])


_EXCESS = {
    "memory": ("the query was stopped", "it needs more memory than the {0:,} bytes it may use"),
    "seconds": ("the query was stopped", "it took longer than the {0:g} seconds it may take"),
    "cpu_seconds": ("the query was stopped", "it used more than the {0:,} seconds of processor time it may use"),
    "rows": ("the answer is not given", "it has more than the {0:,} rows it may have"),
    "bytes": ("the answer is not given", "it is larger than the {0:,} bytes it may have"),
}


def _beyond(limit: str, limits: Limits) -> Unanswered:
    """Give the error for a limit that was reached: which, and which setting raises it."""
    what, why = _EXCESS[limit]
    return Unanswered(
        what,
        why=why.format(getattr(limits, limit)),
        next_step=f"ask for less (WHERE, LIMIT), or {_raise(limit)}",
    )


def _raise(limit: str) -> str:
    return f"raise sql_{limit} in ictdev.toml or as ICTDEV_SQL_{limit.upper()}"
