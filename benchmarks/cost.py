"""What a command costs, watched from outside: wall, CPU of all its processes, the peak of their memory together.

Memory is the greatest sum of PSS (proportional set size): pages that several processes share count once. It is sampled
through /proc, at most a twentieth of the time, so that watching changes little. CPU is exact: this process adopts whoever
is orphaned below it (PR_SET_CHILD_SUBREAPER) and so is told what each process took when it ends. Linux only; one command
at a time.
"""

import ctypes
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from subprocess import Popen as Process
from typing import Any

INTERVAL, SHARE = 0.05, 20
"""Seconds between two samples at least, and at least so many times the CPU that a sample took."""
_POLL = 0.005
_SUBREAPER = 36
ROOT = Path(__file__).parents[1]


@dataclass
class Cost:
    """Seconds of wall and CPU, bytes of memory, processes that outlived the command, and the JSON of its last line."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    left: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)


def of(
    command: Sequence[object], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT, watch_memory: bool = True
) -> Cost:
    """Run a command to its end. Raises RuntimeError with the end of what it said when it fails."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        strangers, watched = set(_adopting()), Cost()
        started = time.perf_counter()
        process = Process(words, stdin=DEVNULL, stdout=out, stderr=err, env=env, cwd=cwd, start_new_session=True)
        try:
            status = _watch(process.pid, strangers, watched, INTERVAL if watch_memory else float("inf"))
            watched.wall = time.perf_counter() - started
        finally:
            _end_what_is_left(strangers, watched)  # also where a person interrupts the measuring
        process.returncode = status
        if status:
            raise RuntimeError(f"{' '.join(words)} ended with {status}: {_text(err)[-2000:] or _text(out)[-2000:]}")
        watched.found = _last_json(_text(out))
    return watched


def of_script(name: str, *words: object, env: Mapping[str, str] | None = None) -> Cost:
    """Run `benchmarks.NAME` with words on its command line, in a process of its own."""
    return of([sys.executable, "-m", f"benchmarks.{name}", *words], env=env)


def apart(name: str, *words: object) -> dict[str, Any]:
    """Run one of our scripts apart; give what its last line says, and the peak of its memory as `peak`."""
    cost = of_script(name, *words)
    return {"peak": cost.peak, **cost.found}


def best(work: Callable[[], object], rounds: int = 5, clock: Callable[[], float] = time.perf_counter) -> float:
    """Give the shortest of several times of a function in this process, in seconds."""

    def once() -> float:
        started = clock()
        work()
        return clock() - started

    return min(once() for _ in range(rounds))


def _adopting() -> list[int]:
    """Adopt orphans from now on; give the children that are here already."""
    if sys.platform != "linux":
        raise RuntimeError("memory and CPU of all processes are measured on Linux only")
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    return _children(os.getpid())


def _watch(first: int, strangers: set[int], watched: Cost, interval: float) -> int:
    """Watch until the first process ends; give its status, negative for the signal that ended it."""
    due = time.perf_counter()
    while (ended := _reap(strangers, watched).get(first)) is None:
        if interval < float("inf") and time.perf_counter() >= due:
            began = time.thread_time()
            watched.peak = max(watched.peak, _memory(strangers))
            due = time.perf_counter() + max(interval, SHARE * (time.thread_time() - began))
        time.sleep(_POLL if interval < float("inf") else _POLL / 4)  # short commands are timed more closely
    return os.waitstatus_to_exitcode(ended)


def _reap(strangers: set[int], watched: Cost) -> dict[int, int]:
    """Take leave of our children that have ended, and add up what they and those they waited for took."""
    ended = {}
    for child in _ours(strangers):
        with suppress(ChildProcessError):
            done, status, used = os.wait4(child, os.WNOHANG)
            if done:
                ended[done] = status
                watched.cpu += used.ru_utime + used.ru_stime
    return ended


def _end_what_is_left(strangers: set[int], watched: Cost) -> None:
    """Note which processes outlived the command, and end them."""
    for process in _tree(_ours(strangers)):
        if said := _command(process):
            watched.left.append(said)
    until = time.perf_counter() + 10
    while alive := _ours(strangers):
        for child in alive:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM if time.perf_counter() < until else signal.SIGKILL)
        time.sleep(0.05)
        _reap(strangers, watched)


def _ours(strangers: set[int]) -> list[int]:
    return [child for child in _children(os.getpid()) if child not in strangers]


def _children(process: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def _tree(roots: Iterable[int]) -> Iterable[int]:
    for process in roots:
        yield process
        yield from _tree(_children(process))


def _memory(strangers: set[int]) -> float:
    return float(sum(_pss(process) for process in _tree(_ours(strangers))))


def _pss(process: int) -> int:
    """Give the proportional set size in bytes; 0 for a process that has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _command(process: int) -> str:
    """Give a process's command line; empty for one that has ended and only waits to be noticed."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def _text(handle: Any) -> str:
    handle.seek(0)
    return str(handle.read().decode(errors="replace"))


def _last_json(text: str) -> dict[str, Any]:
    """Give the last line where it is a JSON object; else nothing."""
    with suppress(IndexError, json.JSONDecodeError):
        found = json.loads(text.splitlines()[-1])
        return found if isinstance(found, dict) else {}
    return {}
