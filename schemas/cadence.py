"""The words for how often a publisher renews its figures: how long they stay fresh, and on which days it is asked.

A publisher is asked more often than it renews, so that a new edition is seen soon and one failure makes nothing stale.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cronsim import CronSim


@dataclass(frozen=True, slots=True)
class Cadence:
    """One rhythm of renewal."""

    fresh_days: int
    """Days after which figures that were not confirmed count as stale."""
    asked: str
    """The days, UTC, on which the publisher is asked: the three day fields of a cron line."""
    meaning: str
    """The same in words."""

    def last_asking_day(self, moment: datetime) -> datetime:
        """Give the beginning of the newest asking day that is not after the moment (both aware, UTC)."""
        today = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return today if self.is_asking_day(today) else next(CronSim(f"0 0 {self.asked}", today, reverse=True))

    def is_asking_day(self, day: datetime) -> bool:
        """Tell whether the publisher is asked on the day of this moment."""
        midnight = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return next(CronSim(f"* * {self.asked}", midnight)).date() == midnight.date()


CADENCES = {
    "monthly": Cadence(31, "* * 1", "every Monday"),
    "quarterly": Cadence(92, "1,15 * *", "on the 1st and the 15th of a month"),
    "twice a year": Cadence(183, "1 * *", "on the 1st of a month"),
    "yearly": Cadence(366, "1 * *", "on the 1st of a month"),
}
"""By the words of a contract."""
WITHOUT_RHYTHM = ("as they come", "as it is exported", "never")
"""Words of a contract for figures that come when somebody hands them in."""
