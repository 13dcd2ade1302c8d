"""How fresh each source is: its state after the last run, held against the cadence of its contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from schemas.cadence import CADENCES
from schemas.observation import edition_date
from schemas.sources import readers
from schemas.timeliness import Timeliness, TimelinessFacts, assess_timeliness
from warehouse.home import Home

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Freshness:
    """One source as it stands."""

    source: str
    state: str
    """`good`, `partial`, `held` or `unavailable`, as the last run left it."""
    cadence: str
    last_good: datetime | None
    edition: str
    reason: str
    next_step: str
    age_days: int | None
    """Whole days since it was last good; None where it never was."""
    timeliness: Timeliness = "no rhythm"
    """Whether its edition, its newest year and its last change are as new as its publisher's rhythm lets one expect."""
    timeliness_reason: str = ""

    @property
    def fresh_days(self) -> int | None:
        """Days that its figures stay fresh; None where its contract sets no rhythm."""
        known = CADENCES.get(self.cadence)
        return known.fresh_days if known else None

    @property
    def overdue_days(self) -> int:
        """Days beyond its cadence; 0 while it is fresh, or where there is no rhythm to keep."""
        if self.fresh_days is None or self.age_days is None:
            return 0
        return max(0, self.age_days - self.fresh_days)

    @property
    def stale(self) -> bool:
        """True beyond its cadence, and for a source with a rhythm that never came in whole or in part."""
        return self.overdue_days > 0 or (self.fresh_days is not None and self.last_good is None)

    def words(self) -> str:
        """Say whether it was confirmed in time, and how new its figures are."""
        if self.fresh_days is None or self.last_good is None:
            return self.cadence
        late = self.overdue_days
        return f"{self.cadence}, overdue by {late} days" if late else f"{self.cadence}, {self.timeliness}"


def rows(home: Home) -> list[dict[str, Any]]:
    """Give the state of every source after the last run. Raises FileNotFoundError where nothing was refreshed yet."""
    content: dict[str, list[dict[str, Any]]] = orjson.loads(home.state.read_bytes())
    return content["sources"]


def of(home: Home, now: datetime) -> list[Freshness]:
    """Give how fresh each source is at this moment (aware); nothing where nothing was refreshed yet."""
    try:
        found: Sequence[dict[str, Any]] = rows(home)
    except FileNotFoundError:
        return []
    return [read(row, now) for row in found]


def read(row: dict[str, Any], now: datetime) -> Freshness:
    """Compare one source's state with its contract."""
    reader = readers().get(row["source"])
    timely = timeliness_of(row, now.date())
    good = row["last_good"]
    last_good = datetime.fromisoformat(str(good)).replace(tzinfo=UTC) if good else None
    return Freshness(
        source=row["source"],
        state=row["state"],
        cadence=reader.SOURCE.cadence if reader else "",
        last_good=last_good,
        edition=row["edition"] or "",
        reason=row["reason"] or "",
        next_step=row["next_step"] or "",
        age_days=None if last_good is None else int((now - last_good).total_seconds() // DAY),
        timeliness=timely["timeliness"],
        timeliness_reason=timely["timeliness_reason"],
    )


def timeliness_of(row: dict[str, Any], today: date) -> dict[str, Any]:
    """Give `timeliness` and `timeliness_reason` of a source or series on a day.

    `row` has source, edition, newest_year and edition_changed, and cadence for a source that has no reader.
    """
    reader = readers().get(row["source"])
    changed = row.get("edition_changed")
    facts = TimelinessFacts(
        cadence=reader.SOURCE.cadence if reader else row.get("cadence") or "",
        edition=edition_date(row["edition"] or ""),
        newest_year=row.get("newest_year"),
        changed=date.fromisoformat(changed) if isinstance(changed, str) else changed,
        edition_days=reader.SOURCE.edition_days if reader else 0,
        lag_years=reader.SOURCE.lag_years if reader else 2,
    )
    state, reason = assess_timeliness(facts, today)
    return {"timeliness": state, "timeliness_reason": reason}
