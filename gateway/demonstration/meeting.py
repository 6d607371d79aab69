"""The demonstration's official with free times, and the first of them, to be offered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from gateway.parts import Parts
from normalizer.day import tehran_day
from ticketing.appointments import free_slots
from ticketing.asked import Asked
from ticketing.calendars import Series, add_official, add_slots
from ticketing.staff import Staff

_AHEAD: Final = timedelta(days=3)
_WEEKS: Final = 3


async def open_calendar(parts: Parts, office: Staff) -> None:
    """An official with three mornings of free times, from three days on."""
    at = parts.clock.now()
    asked = Asked(parts.rules, office, at)
    official = await add_official(parts.database, asked, "نمونه مسئول", "مدیرکل پاسخگویی")
    day = _worked_after(parts, at)
    series = Series(day, time(10), time(12), 30, "ساختمان مرکزی، اتاق ۱۲۴", _WEEKS)
    await add_slots(parts.database, asked, official["id"], series)


async def first_offer(parts: Parts, clerk: Staff) -> dict[str, Any]:
    """The body of an offer of the first free time."""
    free = await free_slots(parts.database.read, clerk, parts.clock.now())
    return {"slot": str(free[0]["id"])}


def _worked_after(parts: Parts, at: datetime) -> date:
    day = tehran_day(at) + _AHEAD
    while not parts.rules.deadlines.calendar.is_worked(day):
        day += timedelta(days=1)
    return day
