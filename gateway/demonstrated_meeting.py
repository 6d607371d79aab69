"""The demonstration's official with free times, and the citizens who ask for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from gateway.parts import Parts
from normalizer.day import tehran_day
from normalizer.report import Report, Sender
from ticketing.appointments import free_slots
from ticketing.asked import Asked
from ticketing.calendars import Series, add_official, add_slots
from ticketing.intake import take_in
from ticketing.staff import Staff

_AHEAD: Final = timedelta(days=3)
_WEEKS: Final = 3
REQUEST: Final = "برای پروندهٔ تعاونی‌مان نیاز به گفت‌وگوی حضوری با مدیرکل داریم."


async def open_calendar(parts: Parts, office: Staff) -> None:
    """An official with three mornings of free times, from three days on."""
    at = parts.clock.now()
    asked = Asked(parts.rules, office, at)
    official = await add_official(parts.database, asked, "نمونه مسئول", "مدیرکل پاسخگویی")
    day = _worked_after(parts, at)
    series = Series(day, time(10), time(12), 30, "ساختمان مرکزی، اتاق ۱۲۴", _WEEKS)
    await add_slots(parts.database, asked, official["id"], series)


async def ask_for_meeting(parts: Parts, account: str, number: int, extra: dict[str, Any]) -> str:
    """The code of a citizen's request to meet an official; `extra` names its procedure, with its details."""
    at = parts.clock.now()
    report = Report(
        channel="web",
        account=account,
        external_id=f"{account}-meeting-{number}",
        received_at=at,
        raw=b"{}",
        text=REQUEST,
        sender=Sender(phone=f"091212400{number + 30}", name="نمونه متقاضی"),
        always_complaint=True,
        extra=extra,
    )
    return str((await take_in(parts.database, parts.rules, report)).tracking_code)


async def first_offer(parts: Parts, clerk: Staff) -> dict[str, Any]:
    """The body of an offer of the first free time."""
    free = await free_slots(parts.database.read, clerk, parts.clock.now())
    return {"slot": str(free[0]["id"])}


def _worked_after(parts: Parts, at: datetime) -> date:
    day = tehran_day(at) + _AHEAD
    while not parts.rules.deadlines.calendar.is_worked(day):
        day += timedelta(days=1)
    return day
