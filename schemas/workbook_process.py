"""The process that opens workbooks for us, warm between two of them, bounded in memory, time and answer.

Whatever a workbook does to it costs that workbook: the child is killed and the next one gets another.
"""

import atexit
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Timer
from typing import IO, Any, cast

import orjson

from schemas import bounded
from schemas.errors import Invalid

_SMALLER = "save the sheet with the figures alone as a new workbook, or as CSV UTF-8, and give that"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may use."""

    memory: int = 1_500_000_000
    seconds: float = 120.0
    cpu_seconds: int = 120
    bytes: int = 600_000_000


_IDLE_SECONDS = 20.0
"""After so long without a question the child is ended; it holds some 50 MB."""


class Process:
    """A child that holds one open workbook at a time. Threads take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._parent = 0
        self._open = ""
        self._opened: dict[str, Any] = {}
        self._busy = False
        """True while an answer is awaited; a child that was left so would answer the wrong question next."""
        self._idle = Timer(0, self._rest)

    def ask(self, key: str, content: bytes, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """Have the workbook `content`, known as `key`, opened if it is not, and answer. Raises Invalid."""
        with self._lock:
            self._idle.cancel()
            try:
                return self._asked(key, content, name, request)
            finally:
                self._idle = Timer(_IDLE_SECONDS, self._rest)
                self._idle.daemon = True
                self._idle.start()

    def _rest(self) -> None:
        with self._lock:
            self.close()

    def close(self) -> None:
        """End the child."""
        child, self._child, self._open, self._busy = self._child, None, "", False
        if child is not None and self._parent == os.getpid():
            child.kill()
            for stream in (child.stdin, child.stdout, child.stderr):
                with suppress(BrokenPipeError):
                    cast("IO[bytes]", stream).close()
            child.wait()

    def _asked(self, key: str, content: bytes, name: str, request: dict[str, Any]) -> dict[str, Any]:
        if self._child is None or self._busy or self._parent != os.getpid() or self._child.poll() is not None:
            self.close()
            self._child, self._parent = bounded.start("schemas.workbook_child"), os.getpid()
        if self._open != key:
            self._open = ""
            self._opened = self._exchange({"do": "open"}, content, name)
            self._open = key
        if request["do"] == "open":
            return self._opened
        answer = self._exchange(request, b"", name)
        if answer["full"]:
            self.close()
        return answer

    def _exchange(self, request: dict[str, Any], content: bytes, name: str) -> dict[str, Any]:
        child, limits = cast("subprocess.Popen[bytes]", self._child), self.limits
        stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        head = orjson.dumps({**request, "memory": limits.memory, "cpu_seconds": limits.cpu_seconds})
        self._busy = True
        with bounded.deadline(child, limits.seconds) as late:
            bounded.send(stdin, _size(head), head, _size(content), content)
            try:
                size = bounded.received(stdout, 8, 8)
                answer = bounded.received(stdout, limits.bytes, int.from_bytes(size, "big"))
            except bounded.TooLarge as error:
                self.close()
                raise _beyond(name, f"what it holds is larger than {limits.bytes:,} bytes") from error
        if late.is_set():
            self.close()
            raise _beyond(name, f"it takes longer than {limits.seconds:g} seconds")
        if len(size) < 8 or len(answer) < int.from_bytes(size, "big"):
            status = child.wait()
            self.close()
            raise _broken(name, status)
        self._busy = False
        return self._checked(orjson.loads(answer), name)

    def _checked(self, answer: dict[str, Any], name: str) -> dict[str, Any]:
        """Raise what the child could not do."""
        if "error" not in answer:
            return answer
        if answer["error"] == "ours":
            raise Invalid(f"{name}: {answer['what']}", why=answer["why"], next_step=answer["next_step"])
        if answer["error"] == "memory":
            self.close()
            raise _beyond(name, f"it needs more memory than {self.limits.memory:,} bytes")
        raise damaged(name, answer["why"])


def damaged(name: str, why: str) -> Invalid:
    """Give the error for a workbook that its library cannot open."""
    return Invalid(
        f"{name} is a damaged or protected workbook",
        why=why,
        next_step="open it in a spreadsheet program; if that works, save it anew as .xlsx without a password",
    )


def _beyond(name: str, why: str) -> Invalid:
    return Invalid(f"{name} was given up: it is too large to read", why=why, next_step=_SMALLER)


def _broken(name: str, status: int) -> Invalid:
    if status == -getattr(signal, "SIGXCPU", 0):
        return _beyond(name, "it takes more processor time than it may")
    return Invalid(f"{name} broke the process that reads workbooks", why=f"it ended with {status}", next_step=_SMALLER)


def _size(content: bytes) -> bytes:
    return len(content).to_bytes(8, "big")


PROCESS = Process()
"""The one of this program."""
atexit.register(PROCESS.close)
