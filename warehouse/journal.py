"""The journal: what each run took in and let through, written before the history changes.

Together with the snapshots it is enough to make the history anew. An entry whose run never became part of the history,
because the machine stopped in between, is set aside at the next start.
"""

import gzip
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from schemas.errors import IctdevError, Invalid
from warehouse.home import Home, parse_vintage, vintage_text, write_atomically
from warehouse.releases import folders
from warehouse.store import Store

Note = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One run: its vintage, whether it meant to publish, the rules of that day, and how each source's part went."""

    vintage: datetime
    published: bool
    rules: str
    outcomes: list[Note] = field(default_factory=list)
    """Per source: arrivals, what did not come, the day of the checks, what a guard held, who let it through."""


class Journal:
    """The entries of a home, one compressed file per run."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def path(self, vintage: datetime) -> Path:
        """Place of a run's entry."""
        return self.home.journal / f"{vintage_text(vintage)}.gz"

    def write(self, entry: Entry) -> None:
        """Write an entry, before the transaction that it tells of is committed."""
        self.home.journal.mkdir(parents=True, exist_ok=True)
        content: Mapping[str, Any] = {
            "vintage": vintage_text(entry.vintage),
            "published": entry.published,
            "rules": entry.rules,
            "outcomes": entry.outcomes,
        }
        write_atomically(self.path(entry.vintage), gzip.compress(orjson.dumps(content), mtime=0))

    def vintages(self) -> list[datetime]:
        """Give the vintage of every entry, oldest first."""
        return [parse_vintage(path.stem) for path in sorted(self.home.journal.glob("*Z.gz"))]

    def entries(self) -> Iterator[Entry]:
        """Give every entry, oldest first. Raises Invalid for one that was damaged."""
        for vintage in self.vintages():
            yield self.entry(vintage)

    def entry(self, vintage: datetime) -> Entry:
        """Give one entry. Raises Invalid where it was damaged."""
        path = self.path(vintage)
        try:
            content = orjson.loads(gzip.decompress(path.read_bytes()))
            return Entry(vintage, content["published"], content["rules"], content["outcomes"])
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise Invalid(
                f"the journal's entry {path.stem} was damaged on disk",
                why=str(error),
                next_step=f"restore {path.name} in the folder snapshots/journal from a backup",
            ) from error

    def settle_with(self, store: Store) -> None:
        """Set aside an entry whose run never reached the history. Raises where the history lost runs it had."""
        known = {row[0] for row in store.con.execute("SELECT DISTINCT started FROM store.run").fetchall()}
        unknown = [vintage for vintage in self.vintages() if vintage not in known]
        if lost := [vintage for vintage in unknown if not self._may_be_interrupted(vintage)]:
            raise history_lost(self.home, f"run {vintage_text(lost[-1])} is not in it")
        for vintage in unknown:
            self._set_aside(vintage)

    def set_interrupted_aside(self, known: AbstractSet[datetime]) -> None:
        """Set aside the newest entry if it is the only one that a whole history does not know."""
        unknown = [vintage for vintage in self.vintages() if vintage not in known]
        if len(unknown) == 1 and self._may_be_interrupted(unknown[0]):
            self._set_aside(unknown[0])

    def _may_be_interrupted(self, vintage: datetime) -> bool:
        """Tell whether a crash can have kept the run out of the history: only the newest, before it was published."""
        published = (self.home.releases / vintage_text(vintage)).exists()
        return vintage == self.vintages()[-1] and not published

    def _set_aside(self, vintage: datetime) -> None:
        self.path(vintage).rename(self.path(vintage).with_suffix(".interrupted"))


def made_here(home: Home) -> set[str]:
    """Give the name of every release that this home made, also of those that went."""
    return {vintage_text(vintage) for vintage in Journal(home).vintages()} | {path.name for path in folders(home)}


def guard_against_loss(home: Home) -> None:
    """Refuse to begin an empty history where the journal tells of runs. Raises IctdevError."""
    if not home.history.exists() and Journal(home).vintages():
        raise history_lost(home, "the file is not there, and the journal tells of earlier runs")


def history_lost(home: Home, why: str) -> IctdevError:
    """Give the error of a history that is not what the journal tells."""
    return IctdevError(
        f"the history {home.history.name} has lost what it held",
        why=why,
        next_step="ictdev rebuild   makes it anew from snapshots and journal",
    )
