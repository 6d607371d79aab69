"""What is left of a term that stops before its end, written so that it can go on later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, cast

from normalizer.day import tehran_day
from ticketing.working_time import WorkingTime

_WRITTEN: Final = re.compile(r"(-?[0-9]+)(s|ws|wd)")


@dataclass(frozen=True, slots=True)
class Remaining:
    """Seconds of plain time (below 0 where the term was over already), worked seconds, or working days."""

    number: int
    unit: Literal["s", "ws", "wd"]

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    def after(self, at: datetime, calendar: WorkingTime) -> datetime:
        """When the term ends that goes on at `at`. On its last working day it ends with that day's work, or, where that
        is over or none, with the next's."""
        if self.unit == "s":
            return at + timedelta(seconds=self.number)
        if self.unit == "ws":
            return calendar.add(at, timedelta(seconds=self.number))
        today = tehran_day(at)
        if self.number == 0 and (hours := calendar.hours(today)) is not None and at < hours.closes:
            return hours.closes
        return calendar.end_of(calendar.nth_worked(today, max(self.number, 1)))


def is_worked(lasting: str) -> bool:
    """True where a `Length` or `Remaining`, as text, is one of working time."""
    return lasting.endswith(("wd", "wh", "ws"))


def remaining(lasting: str, at: datetime, due_at: datetime, calendar: WorkingTime) -> Remaining:
    """What is left at `at` of a clock that is due at `due_at`; `lasting` is its `Length`, or a `Remaining`, as text."""
    if due_at > at and lasting.endswith("wd"):
        return Remaining(calendar.worked_between(tehran_day(at), tehran_day(due_at)), "wd")
    if due_at > at and lasting.endswith(("wh", "ws")):
        return Remaining(int(calendar.worked(at, due_at).total_seconds()) or 1, "ws")
    return Remaining(int((due_at - at).total_seconds()), "s")


def read_remaining(written: str) -> Remaining:
    """As `str` wrote it."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written} is nothing that could be left of a term")
    return Remaining(int(found[1]), cast('Literal["s", "ws", "wd"]', found[2]))
