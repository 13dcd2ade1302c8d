"""What is written down of runs beside the releases: how the last went, when each publisher was asked, what was told.

Only who holds the home's lock writes it; readers (`/health`, `/metrics`, the schedule) take it as it stands.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson

from warehouse.home import Home, write_atomically


@dataclass(frozen=True, slots=True)
class Run:
    """How one run went."""

    run: str
    started: datetime
    seconds: float
    exit_status: int
    vintage: str = ""
    """The release that stood when it ended."""
    changed: bool = False
    error: str = ""
    """What kept it from its end, in one line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a publisher was last asked, and what came of it."""

    at: datetime
    state: str


@dataclass
class Runbook:
    """The notes of a home."""

    begun: tuple[str, datetime] | None = None
    """Name and beginning of a run that has not ended: it goes on, or was killed."""
    last: Run | None = None
    asked: dict[str, Asked] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Conditions that last and were told of, by key, with the day: they are told once."""
    unsent: list[dict[str, Any]] = field(default_factory=list)
    """Notices that no receiver took yet, with the channel that is owed them."""

    def save(self, home: Home) -> None:
        """Put the notes in the place of the former ones in one step."""
        write_atomically(home.runs, orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))


def load(home: Home) -> Runbook:
    """Read the notes. What is absent or damaged counts as empty: they can be made anew and hold up no run."""
    try:
        note = orjson.loads(home.runs.read_bytes())
        return Runbook(
            begun=(note["begun"][0], _moment(note["begun"][1])) if note["begun"] else None,
            last=Run(**{**note["last"], "started": _moment(note["last"]["started"])}) if note["last"] else None,
            asked={source: Asked(_moment(one["at"]), one["state"]) for source, one in note["asked"].items()},
            told=note["told"],
            unsent=note["unsent"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return Runbook()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
