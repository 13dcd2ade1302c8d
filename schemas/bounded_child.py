"""The child's side of `schemas/bounded.py`: its limits, its channels, and what want of memory looks like.

It imports nothing but the standard library, because each import is paid at every start.
"""

import os
import signal
from contextlib import suppress
from typing import BinaryIO

SAID = 3
"""Exit status of a child that wrote its error; Python's own for a failed start is 1."""
_SHORTAGE = ("bad_alloc", "Out of Memory", "out of memory", "Allocation failure", "malloc of size", "Memory allocation",
             "failed to map segment", "annot allocate memory")  # fmt: skip
"""How a want of memory reads where it comes as another library's error."""


def channels() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdout and stderr for ourselves: libraries print profiles, warnings and logs there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ours = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return os.fdopen(ours[0], "wb"), os.fdopen(ours[1], "wb", buffering=0)


def bound(memory: int, cpu_seconds: int) -> None:
    """Let the system bound this process, for good. Windows cannot: see `schemas/bounded.py`."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    bounds = (
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1),  # at the second number SIGKILL, which says nothing
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, memory, memory),
    )
    for what, soft, hard in bounds:
        with suppress(ValueError, OSError):  # a stricter bound is in force, or it is macOS, which sets none on memory
            resource.setrlimit(what, (soft, hard))


def allow_seconds(cpu_seconds: int) -> None:
    """Give so much processor time from now on, beyond what was used: for a child that works on one thing after another.

    Call it in place of the bound that `bound` sets for good.
    """
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu_seconds + 1, hard))


def is_shortage(error: BaseException) -> bool:
    """Tell whether an error, or its cause, is a want of memory."""
    reason = error.__cause__ or error
    return isinstance(reason, MemoryError) or any(sign in str(reason) for sign in _SHORTAGE)
