"""How many bytes of memory the writer may take: enough for the work, and never more than the machine has to give."""

from collections.abc import Iterator
from pathlib import Path

from warehouse.home import Home

LEAST_MEMORY = 160_000_000
MEMORY_PER_BYTE = 6
"""Bytes of memory for each byte of history and of what comes in, both compressed: what a usual refresh needs."""
SHARE_OF_FREE = 0.8
"""Of the memory that is free, what the database may take; the rest is for Python and for what else runs."""
SYSTEM = Path("/")
_UNLIMITED = 1 << 60
"""A control group without a limit says a number beyond this, or `max`."""


def memory_for(home: Home, incoming: int) -> int:
    """Give the bytes of memory that writing `incoming` bytes into a home should take."""
    held = home.history.stat().st_size if home.history.exists() else 0
    return LEAST_MEMORY + MEMORY_PER_BYTE * (held + incoming)


def most_memory() -> int | None:
    """Give the most bytes that the database may take on this machine now; None where the system does not say."""
    free = free_memory()
    return None if free is None else int(free * SHARE_OF_FREE)


def free_memory(system: Path | None = None) -> int | None:
    """Give the bytes that this process can still take: free on the machine, and within every control group's limit.

    `system` is the root of the file system, for tests. None where there is no `/proc/meminfo`.
    """
    root = system or SYSTEM
    found = [_available(root), *_left_in_groups(root)]
    known = [one for one in found if one is not None]
    return min(known) if known else None


def _available(root: Path) -> int | None:
    for line in _lines(root / "proc/meminfo"):
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _left_in_groups(root: Path) -> Iterator[int]:
    """Give what each control group that this process is in still allows, of either version of control groups."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        top, limit, used, cache = _V1 if "memory" in controllers.split(",") else _V2
        if not controllers or "memory" in controllers.split(","):
            for folder in _upwards(root / top, path):
                yield from _left(folder, limit, used, cache)


_V1 = ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = ("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file")


def _upwards(top: Path, path: str) -> Iterator[Path]:
    """Give the folders of a group and of those around it; inside a container only the top is there."""
    folder = top / path.strip("/")
    while folder != top:
        yield folder
        folder = folder.parent
    yield top


def _left(folder: Path, limit: str, used: str, cache: str) -> Iterator[int]:
    """Give what a group's limit leaves; cached files count as used there, and make way when memory is needed."""
    bound, taken = "".join(_lines(folder / limit)), "".join(_lines(folder / used))
    if bound.isdigit() and taken.isdigit() and int(bound) < _UNLIMITED:
        notes = dict(line.split() for line in _lines(folder / "memory.stat"))
        yield max(0, int(bound) - int(taken) + int(notes.get(cache, 0)))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
