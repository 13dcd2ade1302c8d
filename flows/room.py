"""The memory that the tries of one run may take: what the work usually needs, then what the machine can give."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.home import Home
from warehouse.memory import memory_for, most_memory
from warehouse.store import MemoryTooSmall

_TIMES = 8
"""So many times the first bound, where the system does not say how much memory is free."""


@dataclass
class Room:
    """The bytes that the database may take, and what a person should know of earlier tries."""

    memory: int
    remarks: list[str] = field(default_factory=list)

    def widen(self, error: MemoryTooSmall) -> None:
        """Take what the machine can give for the next try. Raises MemoryTooSmall where that is no more than before."""
        former, self.memory = self.memory, most_memory() or _TIMES * self.memory
        if self.remarks or self.memory <= former:
            raise _too_little(former, error) from error
        self.remarks.append(
            f"the work did not fit into {_shown(former)} of memory and was done once more with up to "
            f"{_shown(self.memory)} of what the machine has free"
        )


def room_for(home: Home, folders: Sequence[Path]) -> Room:
    """Give the memory for staging what lies in the folders: what is usual, at most what the machine can give."""
    usual = memory_for(home, sum(path.stat().st_size for folder in folders for path in folder.iterdir()))
    return Room(min(usual, most_memory() or usual))


def _too_little(memory: int, error: MemoryTooSmall) -> MemoryTooSmall:
    return MemoryTooSmall(
        f"the history could not be written with the {_shown(memory)} of memory that the machine could give",
        why=error.why,
        next_step="end other programs, take fewer sources at a time (ictdev refresh --source ID), or use a machine "
        "with more memory; the last release stands and nothing was half-written",
    )


def _shown(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
