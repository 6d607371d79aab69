"""How long something lasts, as settings and data files write it: plain time, days, working hours or working days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, cast

from pydantic import BeforeValidator

from normalizer.day import TEHRAN, tehran_day
from ticketing.working_time import WorkingTime

Unit = Literal["s", "m", "h", "d", "wh", "wd"]
_WRITTEN: Final = re.compile(r"([0-9]{1,4})(w?[hd]|[sm])")
_PLAIN: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Length:
    """A number above 0 of one unit; `d` are days of the calendar, `wh` and `wd` are worked hours and days."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    def after(self, at: datetime, calendar: WorkingTime) -> datetime:
        """When it is over, if it begins at `at`: working days end with the work of the last of them, and the day it
        begins on is not one of them; days of the calendar end at the same time of Tehran's clock."""
        return self._from(at, calendar, 1)

    def before(self, at: datetime, calendar: WorkingTime) -> datetime:
        """When it begins, if it is over at `at`: working days begin as the work of the day before them ends."""
        return self._from(at, calendar, -1)

    def _from(self, at: datetime, calendar: WorkingTime, way: Literal[1, -1]) -> datetime:
        if self.unit == "wd":
            return calendar.end_of(calendar.nth_worked(tehran_day(at), way * self.number))
        if self.unit == "wh":
            return (calendar.add if way > 0 else calendar.take)(at, timedelta(hours=self.number))
        plain = timedelta(**{_PLAIN[self.unit]: self.number})
        zone = TEHRAN if self.unit == "d" else UTC
        return (at.astimezone(zone) + way * plain).astimezone(UTC)


def parse_length(written: object) -> Length:
    """Read `"36h"`, `"10d"`, `"5wd"` or `"16wh"`. Raises ValueError for anything else, nothing at all (`"0h"`) too."""
    if isinstance(written, Length):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("a time is written as a number above 0 and s, m, h, d, wh or wd: 90m, 36h, 10d, 16wh, 5wd")
    return Length(int(found[1]), cast("Unit", found[2]))


def parse_duration(written: object) -> timedelta:
    """Read `"36h"`, `"10d"`, `"90m"` or `"30s"`. Raises ValueError for anything else, nothing at all (`"0h"`) too."""
    if isinstance(written, timedelta):
        return written
    try:
        length = parse_length(written)
    except ValueError:
        length = None
    if length is None or length.unit not in _PLAIN:
        raise ValueError("a time is written as a number above 0 and s, m, h or d: 90m, 36h, 10d")
    return timedelta(**{_PLAIN[length.unit]: length.number})


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
DurationOrNone = Annotated[timedelta | None, BeforeValidator(lambda value: parse_duration(value) if value else None)]
"""A time; an empty one is none."""
Lasting = Annotated[Length, BeforeValidator(parse_length)]
"""A `Length` as a data file writes it."""
