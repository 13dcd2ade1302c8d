"""Which publishers are due to be asked, by the cadence of their contracts and by when they were last asked.

The schedule looks at every tick. Whatever was missed meanwhile, each source is due once: a machine that slept for a
month catches up in one run. One that did not answer is due again at the next tick.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from flows.runbook import Asked
from schemas.cadence import CADENCES, Cadence
from schemas.errors import Usage
from schemas.sources import readers


@dataclass(frozen=True, slots=True)
class Firing:
    """One moment at which a source will be asked."""

    source: str
    at: datetime
    why: str


def words_of(source: str) -> str:
    """Give how often a source's publisher renews, in the words of its contract."""
    return readers()[source].SOURCE.cadence


def cadence_of(source: str) -> Cadence:
    """Give the rhythm of a source's contract. Raises Usage where its words name none."""
    words = words_of(source)
    if words not in CADENCES:
        raise Usage(
            f"{source} has no rhythm in which it can be asked",
            why=f"its contract says “{words}”; rhythms are: {', '.join(CADENCES)}",
            next_step="schemas/cadence.py tells what each word means",
        )
    return CADENCES[words]


def due(sources: Sequence[str], asked: Mapping[str, Asked], now: datetime) -> list[str]:
    """Name the sources that are due at this moment (aware), in the order given."""
    return [source for source in sources if why_due(source, asked.get(source), now)]


def why_due(source: str, former: Asked | None, now: datetime) -> str:
    """Say why a source is due at this moment; empty where it is not."""
    if former is None:
        return "never asked"
    if former.state == "unavailable":
        return "did not answer when it was last asked"
    rhythm = cadence_of(source)
    return rhythm.meaning if former.at < rhythm.last_asking_day(now) else ""


def firings(
    sources: Sequence[str], asked: Mapping[str, Asked], tick: str, now: datetime, count: int
) -> Iterator[Firing]:
    """Give the next `count` moments at which each source will be asked if it answers each time."""
    for source in sources:
        former, rhythm, found = asked.get(source), cadence_of(source), 0
        for at in ticks(tick, now):
            if found == count:
                break
            why = why_due(source, former, at)
            if why:
                yield Firing(source, at, why if found == 0 else rhythm.meaning)
                former, found = Asked(at, "good"), found + 1


def ticks(cron: str, now: datetime) -> Iterator[datetime]:
    """Give the moments after now at which the schedule looks what is due. Raises Usage for what is no cron line."""
    try:
        yield from CronSim(cron, now.astimezone(UTC))
    except CronSimError as error:
        raise Usage(
            f"“{cron}” is no cron line",
            why=str(error),
            next_step="five fields: minute hour day month weekday, for example ICTDEV_SCHEDULE='17 4 * * *'",
        ) from error
