"""Timeliness: whether a source or a series is as new as its publisher's rhythm lets one expect.

Four facts decide: the date of the edition, the newest reference year, the rhythm with its usual lag, and the edition
with which a figure last changed. When figures were fetched decides nothing: an old edition that arrives today is old.
Timeliness is principle 13 of the European Statistics Code of Practice (2017): the lag between the reference period
and the release.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.cadence import CADENCES

Timeliness = Literal["current", "late", "stale", "frozen", "no rhythm"]
LATE, STALE = 1.5, 3.0
"""An edition older than so many times the usual days between two editions is late, or stale."""
FROZEN, LEAST_FROZEN_DAYS = 2.0, 400
"""A series is frozen where newer editions repeat it for so many times the usual days, and at least so many days."""


@dataclass(frozen=True, slots=True)
class TimelinessFacts:
    """What is known of a source or of one of its series."""

    cadence: str
    edition: date | None
    """Day of the newest edition."""
    newest_year: int | None
    """Newest reference year; None for a source without figures."""
    changed: date | None
    """Day of the newest edition in which a figure was another than in the edition before."""
    edition_days: int = 0
    """Usual days between two editions; 0 takes the cadence's."""
    lag_years: int = 2
    """Years between the newest reference year and the present that are usual for the publisher."""


def assess_timeliness(facts: TimelinessFacts, today: date) -> tuple[Timeliness, str]:
    """Give the state of a source or series on a day, and the reason in words; no reason where it is current."""
    rhythm = CADENCES.get(facts.cadence)
    if rhythm is None:
        return "no rhythm", ""
    days = facts.edition_days or rhythm.fresh_days
    found = [_of_edition(facts.edition, days, today), _of_year(facts, today), _of_changes(facts, days)]
    order = ("stale", "frozen", "late", "current")
    return min(found, key=lambda one: order.index(one[0]))


def _of_edition(edition: date | None, days: int, today: date) -> tuple[Timeliness, str]:
    if edition is None:
        return "stale", "the edition is not known"
    age = (today - edition).days
    reason = f"the newest edition is of {edition.isoformat()}, {age:,} days ago; a new one is usual every {days} days"
    if age > STALE * days:
        return "stale", reason
    return ("late", reason) if age > LATE * days else ("current", "")


def _of_year(facts: TimelinessFacts, today: date) -> tuple[Timeliness, str]:
    if facts.newest_year is None:
        return "current", ""
    expected = today.year - facts.lag_years
    reason = f"the newest figures are of {facts.newest_year}; figures of {expected} are usual by now"
    if facts.newest_year < expected - 1:
        return "stale", reason
    return ("late", reason) if facts.newest_year < expected else ("current", "")


def _of_changes(facts: TimelinessFacts, days: int) -> tuple[Timeliness, str]:
    """Find figures that newer editions only repeat: a publisher that goes on publishing and has stopped measuring."""
    if facts.edition is None or facts.changed is None:
        return "current", ""
    unchanged = (facts.edition - facts.changed).days
    if unchanged > max(FROZEN * days, LEAST_FROZEN_DAYS):
        return "frozen", f"no figure has changed since the edition of {facts.changed.isoformat()}"
    return "current", ""
