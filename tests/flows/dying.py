"""A child process that runs one refresh and dies, or is refused by the machine, at a chosen call into the system."""

import ctypes
import errno
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from flows.plan import Plan
from flows.run import run_plain
from schemas.errors import Busy, IctdevError
from tests.light import lighten

REFUSED, BUSY, UNFORESEEN, TOOK_A_WAL = 3, 5, 1, 9
"""Exit statuses of the child: an error that a person is told, another refresh, an error that nobody foresaw, and a log
that we removed."""
FILE_CALLS = frozenset({"replace", "rename", "mkdir", "fsync", "unlink", "rmdir", "chmod"})
OPENED_TO_WRITE = frozenset({"_mkstemp_inner", "fdopen", "write_bytes"})
DATABASE_STEPS = frozenset({"transaction", "__enter__", "__exit__", "attached", "_begin"})
"""Functions of the warehouse that begin, commit, attach, detach or close."""


@dataclass(frozen=True)
class Fate:
    """What befalls the child: at the n-th step (0 never) it is killed or the disk is full; limits from the start."""

    step: int = 0
    before: bool = True
    """True for before the call, False for just after it."""
    kind: Literal["kill", "full"] = "kill"
    largest_file: int = 0
    obeys_modes: bool = False
    light: bool = True
    """Without derived figures, the gate before the release and most tables: they take the time. See tests/light.py."""


class Steps:
    """Counts the calls that change what is on disk, and strikes at the chosen one. A hook for `sys.setprofile`."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.event = "c_call" if fate.before else "c_return"
        self.count = 0

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event == self.event and _is_step(frame, called):
            self.count += 1
            if self.count == self.fate.step:
                self.strike()

    def strike(self) -> None:
        if self.fate.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, "No space left on device")


def _is_step(frame: FrameType, called: Any) -> bool:
    name = getattr(called, "__name__", "")
    if name in FILE_CALLS:
        return getattr(called, "__module__", "") == "posix"
    if name == "open":
        callers = {frame.f_code.co_name, frame.f_back.f_code.co_name if frame.f_back else ""}
        return bool(callers & OPENED_TO_WRITE)
    return name in {"execute", "close"} and frame.f_code.co_name in DATABASE_STEPS


def refresh(plan: Plan, fate: Fate, counted: Any = None) -> None:
    """Run one refresh as the child: the target of `started`."""
    sys.addaudithook(_keep_the_log)
    if fate.light:
        lighten()
    _bound(fate)
    steps = Steps(fate)
    try:
        if fate.step or counted is not None:  # counting makes a refresh several times as slow
            sys.setprofile(steps)
        run_plain(plan)
    except Busy:
        sys.exit(BUSY)
    except (IctdevError, OSError):
        sys.exit(REFUSED)
    except Exception:  # noqa: BLE001 - the parent judges by the status
        traceback.print_exc()
        sys.exit(UNFORESEEN)
    finally:
        sys.setprofile(None)
        if counted is not None:
            counted.value = steps.count


def _keep_the_log(event: str, given: tuple[Any, ...]) -> None:
    """End the child at once when Python removes or renames the history's log: its newest commits may be in there."""
    if event in {"os.remove", "os.rename"} and str(given[0]).endswith("history.duckdb.wal"):
        os._exit(TOOK_A_WAL)


def _bound(fate: Fate) -> None:
    if fate.largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fate.largest_file, fate.largest_file))
    if fate.obeys_modes:
        _give_up_privileges()


def _give_up_privileges() -> None:
    """Drop every capability, so that root, too, is refused what a folder's mode forbids."""
    version_3, this_process = 0x20080522, 0
    header, none = (ctypes.c_uint32 * 2)(version_3, this_process), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capset")


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.flows.dying", "schemas.suites.received", "schemas.suites.stored"])
Child = multiprocessing.context.ForkServerProcess


def started(plan: Plan, fate: Fate, counted: Any = None) -> Child:
    """Start the child; it begins at once, because it forks from a process that has imported everything."""
    child = _FORKS.Process(target=refresh, args=(plan, fate, counted))
    child.start()
    return child


def ended(plan: Plan, fate: Fate) -> int:
    """Give the exit status of a child: negative when a signal ended it."""
    child = started(plan, fate)
    child.join()
    assert child.exitcode is not None
    return child.exitcode


def steps_of(plan: Plan, fate: Fate) -> int:
    """Give the number of steps of a whole refresh. It changes the home as any other does."""
    counted = _FORKS.Value("i", 0)
    child = started(plan, fate, counted)
    child.join()
    assert child.exitcode == 0, child.exitcode
    return int(counted.value)


def plan_of(home: Path, bundle: Path, keep: int = 3) -> Plan:
    """Give the plan of a refresh from a bundle."""
    return Plan(home=str(home), bundle=str(bundle), parquet=False, keep_releases=keep)
