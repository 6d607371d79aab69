"""When citizens are asked how their matter was handled, and how long their answer counts; the settings' `[survey]`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from normalizer.day import TEHRAN

WEEK: Final = timedelta(days=7)
"""Nobody is sent two surveys within it, a reminder included."""


@dataclass(frozen=True, slots=True)
class SurveyTimes:
    """So long `after` a close its citizen is asked, between `opens` and `closes` on Tehran's clock; None: nobody is.

    Whoever has not answered is reminded once, `reminder` after (None: never). An answer counts for `answers`. A close
    that could not be asked about within `asks` is not any more. A rating up to `low` is low.
    """

    after: timedelta | None = timedelta(hours=2)
    opens: time = time(8)
    closes: time = time(21)
    reminder: timedelta | None = WEEK
    answers: timedelta = timedelta(days=21)
    asks: timedelta = timedelta(days=30)
    low: int = 2

    def quiet_until(self, at: datetime) -> datetime | None:
        """When citizens may be disturbed next; None where they may at `at`."""
        local = at.astimezone(TEHRAN)
        if self.opens <= local.time() < self.closes:
            return None
        days = 1 if local.time() >= self.closes else 0
        return datetime.combine(local.date() + timedelta(days=days), self.opens, TEHRAN).astimezone(at.tzinfo)
