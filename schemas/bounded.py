"""Work in a process of its own, under limits that the system enforces: a query, a workbook that came from anywhere.

A process can be bounded, and killed; a library that aborts, or takes all memory, then costs one question and not the
run. The child imports one module of ours and gets neither our environment nor numpy, which halves its start; what it
does with itself is in `schemas/bounded_child.py`. Where the system has no `resource` (Windows) memory and processor
time are not bounded: there the clock and the size of the answer are what holds. macOS bounds no memory.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Timer
from typing import IO

_START = """
import sys
module, sys.path[:] = sys.argv[1], sys.argv[2:]
sys.modules["numpy"] = None
from importlib import import_module
import_module(module).main()"""
_KEPT = ("TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""Of the environment: what the clock and the loader of libraries need."""
_PIECE = 1 << 20


class TooLarge(Exception):
    """The child's answer has more bytes than it may have."""


def unbounded() -> str:
    """Name what this system does not bound for a child; blank for nothing."""
    if find_spec("resource") is None:
        return "memory and processor time"
    return "memory" if sys.platform == "darwin" else ""


def start(module: str, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a child that runs `main` of a module of ours, with three pipes."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - this interpreter, our own module; what it works on comes on stdin
        [sys.executable, "-I", "-S", "-B", "-c", _START, module, *_places()],
        cwd=folder,
        env={**environment, "ARROW_DEFAULT_MEMORY_POOL": "system"},  # the other pools claim more than they use
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _places() -> list[str]:
    """Give the folders to import from: ours first, so that a checkout and an installed package both find themselves."""
    return [str(Path(__file__).parents[1]), *(str(Path(place).absolute()) for place in sys.path if place)]


def send(stream: IO[bytes], *pieces: bytes, close: bool = False) -> None:
    """Write the pieces. A child that ended early says why by other means; closing would complain once more."""
    for piece in pieces:
        with suppress(BrokenPipeError):
            stream.write(piece)
    with suppress(BrokenPipeError):
        stream.close() if close else stream.flush()


@contextmanager
def deadline(child: subprocess.Popen[bytes], seconds: float) -> Iterator[Event]:
    """Kill the child when its time is over; the event then says that this was the reason."""
    late = Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def received(stream: IO[bytes], most: int, size: int | None = None) -> bytearray:
    """Read `size` bytes, or all there are where it is None. Gives fewer where the child ended. Raises TooLarge."""
    answer = bytearray()
    if (size or 0) > most:
        raise TooLarge
    while size is None or len(answer) < size:
        piece = stream.read1(_PIECE if size is None else min(_PIECE, size - len(answer)))  # type: ignore[attr-defined]
        if not piece:
            break
        answer += piece
        if len(answer) > most:
            raise TooLarge
    return answer
