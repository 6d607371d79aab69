"""The days a figure is about, and the days before it is held against: Jalali months, in Tehran.

A period that is still running is held against as much of the one before as has run of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from persiantools.jdatetime import JalaliDate

from normalizer.day import TEHRAN, parse_day, tehran_day
from normalizer.text import fold
from ticketing.errors import FieldError
from ticketing.measuring import Span

PRESETS: Final = ("this_month", "last_month", "week", "this_year")
LONGEST_DAYS: Final = 366
_ONE: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_MONTH: Final = re.compile(r"(1[34][0-9]{2})[-/.]([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day through the last, in Tehran. `preset` is "" where the days were given."""

    first: date
    last: date
    preset: str = ""

    @property
    def span(self) -> Span:
        """Its moments."""
        return Span(midnight(self.first), midnight(self.last + _ONE))

    def so_far(self, at: datetime) -> Span:
        """What has come of it at `at`, to the minute."""
        since, until = self.span
        return Span(since, min(max(_minute(at), since), until))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self, at: datetime) -> Span:
        """What it is held against: whole months against as many months, else as many days; cut where `at` cuts it."""
        months = _whole_months(self.first, self.last)
        first = _months_back(self.first, months) if months else self.first - timedelta(days=self.days)
        since, end = midnight(first), self.span.since
        run = self.so_far(at).until - self.span.since
        return Span(since, min(since + run, end) if at < self.span.until else end)


def read_period(asked: Mapping[str, str], at: datetime, errors: list[FieldError]) -> Period:
    """The period `from` … `to` (days, any script), else of the preset `period`, else this month so far.

    What cannot be one is added to `errors`: no day, an end before the beginning, days to come, over a year.
    """
    today = tehran_day(at)
    given = {name: asked.get(name, "").strip() for name in ("from", "to")}
    if not any(given.values()):
        return preset_period(asked.get("period", "") or PRESETS[0], today, errors)
    days = {name: parse_day(written) for name, written in given.items()}
    errors.extend(FieldError(name, "invalid_date" if given[name] else "required") for name in days if not days[name])
    first, last = days["from"], days["to"]
    if first is None or last is None:
        return preset_period(PRESETS[0], today, errors)
    if first > today:
        errors.append(FieldError("from", "in_future"))
    if last < first or (last - first).days >= LONGEST_DAYS:
        errors.append(FieldError("to", "out_of_range"))
    return Period(first, last)


def read_range(written: str) -> Period:
    """The period `FROM..TO`, both with it: Jalali months (1399-03..1399-06; or one) or days. Raises ValueError."""
    first, to, last = written.partition("..")
    begins, ends = _days_of(first), _days_of(last if to else first)
    if begins is None or ends is None or ends[1] < begins[0]:
        raise ValueError("no period")
    return Period(begins[0], ends[1])


def preset_period(name: str, today: date, errors: list[FieldError]) -> Period:
    """A period by its name: whole Jalali months or years, to their end, or the last seven days through today."""
    jalali = JalaliDate(today)  # type: ignore[no-untyped-call]
    month = jalali_day(jalali.year, jalali.month)
    if name == "last_month":
        return Period(_months_back(month, 1), month - _ONE, name)
    if name == "week":
        return Period(today - _WEEK + _ONE, today, name)
    if name == "this_year":
        return Period(jalali_day(jalali.year, 1), jalali_day(jalali.year + 1, 1) - _ONE, name)
    if name != "this_month":
        errors.append(FieldError("period", "not_allowed"))
    return Period(month, _months_back(month, -1) - _ONE, "this_month")


def jalali_day(year: int, month: int, day: int = 1) -> date:
    """The Gregorian day of a Jalali one."""
    found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return found


def midnight(day: date) -> datetime:
    """The moment a day begins in Tehran, in UTC."""
    return datetime.combine(day, time.min, TEHRAN).astimezone(UTC)


def _days_of(written: str) -> tuple[date, date] | None:
    """The first and the last day of a month, or a day twice; None for what is neither."""
    day = parse_day(written.strip())
    if day is not None:
        return day, day
    match = _MONTH.fullmatch(fold(written))
    first = parse_day(f"{match[1]}-{match[2]}-1") if match else None
    return (first, _months_back(first, -1) - _ONE) if first is not None else None


def end_of(day: date) -> datetime:
    """The moment a day ends in Tehran, in UTC."""
    return midnight(day + _ONE)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _months_back(first: date, months: int) -> date:
    """The first day of the Jalali month so many months before the one that begins on `first`."""
    jalali = JalaliDate(first)  # type: ignore[no-untyped-call]
    year, month = divmod(jalali.year * 12 + jalali.month - 1 - months, 12)
    return jalali_day(year, month + 1)


def _whole_months(first: date, last: date) -> int:
    """How many whole Jalali months the days make up; 0 where they do not."""
    begins, after = JalaliDate(first), JalaliDate(last + _ONE)  # type: ignore[no-untyped-call]
    if begins.day != 1 or after.day != 1:
        return 0
    months: int = (after.year - begins.year) * 12 + after.month - begins.month
    return months
