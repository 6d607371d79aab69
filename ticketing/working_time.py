"""Working time in Iran: which days are worked and when, and the arithmetic of working days and hours.

One calendar for the whole program, in Tehran's own time with the summer time it had up to 1401; moments go in and come
out as aware UTC. It knows nothing of tickets: which terms run in working time is the deadlines' to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from normalizer.day import TEHRAN, tehran_day
from ticketing.days_off import Corrections, days_off
from ticketing.title import Title

Thursday = Literal["off", "half", "on"]
_ONE: Final = timedelta(days=1)
_THURSDAY, _FRIDAY = 3, 4  # as `date.weekday` counts


class Hours(NamedTuple):
    """From when to when a day is worked, in UTC."""

    opens: datetime
    closes: datetime


class _Year(NamedTuple):
    """`worked[n]` is how many of the year's first n + 1 days are worked."""

    off: Mapping[date, Title]
    worked: tuple[int, ...]


@dataclass(frozen=True)
class WorkingTime:
    """The calendar: Friday is off, Thursday as said, holidays as corrected. A half Thursday has half the hours."""

    thursday: Thursday = "off"
    opens: time = time(8)
    closes: time = time(16)
    corrections: Corrections = field(default_factory=Corrections)
    _years: dict[int, _Year] = field(default_factory=dict, compare=False, repr=False)

    def is_worked(self, day: date) -> bool:
        """True where offices work that day. Raises `UnknownYearError`, as all here do."""
        return not self._is_weekend(day) and day not in self._year(day.year).off

    def holiday(self, day: date) -> Title | None:
        """What a holiday is called, or why a correction takes the day off; None where it is neither."""
        return self._year(day.year).off.get(day)

    def nth_worked(self, day: date, number: int) -> date:
        """The `number`th worked day after `day`, or before it where the number is negative; never `day` itself."""
        if number == 0:
            raise ValueError("days are counted from 1")
        year = day.year
        wanted = self._counted(day) + number + (0 if number > 0 else 1 - self.is_worked(day))
        while wanted > (whole := self._year(year).worked[-1]):
            wanted, year = wanted - whole, year + 1
        while wanted < 1:
            year -= 1
            wanted += self._year(year).worked[-1]
        return date(year, 1, 1) + bisect_left(self._year(year).worked, wanted) * _ONE

    def worked_between(self, after: date, until: date) -> int:
        """How many days are worked after `after`, up to `until` and with it; negative where that lies before."""
        if until < after:
            return -self.worked_between(until, after)
        whole = sum(self._year(year).worked[-1] for year in range(after.year, until.year))
        return whole + self._counted(until) - self._counted(after)

    def hours(self, day: date) -> Hours | None:
        """The hours a day is worked; None for a day off."""
        if not self.is_worked(day):
            return None
        opens, closes = (datetime.combine(day, each, TEHRAN).astimezone(UTC) for each in (self.opens, self.closes))
        if day.weekday() == _THURSDAY and self.thursday == "half":
            closes = opens + (closes - opens) / 2
        return Hours(opens, closes)

    def end_of(self, day: date) -> datetime:
        """When the work of a worked day ends."""
        hours = self.hours(day)
        if hours is None:
            raise ValueError(f"{day} is not worked")
        return hours.closes

    def add(self, at: datetime, worked: timedelta) -> datetime:
        """The moment by which `worked` (above nothing) has been worked since `at`; it is never outside the hours."""
        left = worked
        for hours in self._from(tehran_day(at)):
            there = max(hours.closes - max(hours.opens, at), timedelta())
            if there >= left:
                return hours.closes - (there - left)
            left -= there
        raise AssertionError("days do not end")

    def take(self, at: datetime, worked: timedelta) -> datetime:
        """The moment since which `worked` (above nothing) has been worked at `at`."""
        left = worked
        for hours in self._back_from(tehran_day(at)):
            there = max(min(hours.closes, at) - hours.opens, timedelta())
            if there >= left:
                return hours.opens + (there - left)
            left -= there
        raise AssertionError("days do not end")

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How much is worked from one moment to a later one."""
        if until <= since:
            return timedelta()
        total, last = timedelta(), tehran_day(until)
        for hours in self._from(tehran_day(since)):
            if tehran_day(hours.opens) > last:
                break
            total += max(min(hours.closes, until) - max(hours.opens, since), timedelta())
        return total

    def _from(self, day: date) -> Iterator[Hours]:
        while True:
            if (hours := self.hours(day)) is not None:
                yield hours
            day = self.nth_worked(day, 1)

    def _back_from(self, day: date) -> Iterator[Hours]:
        while True:
            if (hours := self.hours(day)) is not None:
                yield hours
            day = self.nth_worked(day, -1)

    def _is_weekend(self, day: date) -> bool:
        return day.weekday() == _FRIDAY or (day.weekday() == _THURSDAY and self.thursday == "off")

    def _counted(self, day: date) -> int:
        """How many days of its year are worked up to `day`."""
        return self._year(day.year).worked[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            off, first = days_off(year, self.corrections), date(year, 1, 1)
            days = (first + number * _ONE for number in range((date(year + 1, 1, 1) - first).days))
            worked = (0 if self._is_weekend(day) or day in off else 1 for day in days)
            self._years[year] = _Year(off, tuple(accumulate(worked)))
        return self._years[year]
