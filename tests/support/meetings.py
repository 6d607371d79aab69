"""Officials with free times, and requests to meet them, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from normalizer.report import Business
from tests.support.reports import AT, web_report
from tests.support.staging import hire, member
from ticketing.appointments import free_slots
from ticketing.asked import Asked
from ticketing.calendars import Series, add_official, add_slots
from ticketing.database import Database
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.rules import Rules

CLERK: Final = member("service_clerk", "", username="clerk")
OFFICE: Final = member("office", "", username="office")
SUPERVISOR: Final = member("supervisor", "")
DAY: Final = date(2026, 11, 26)
"""Five days after `AT`."""
STARTS_AT: Final = datetime(2026, 11, 26, 6, 30, tzinfo=UTC)
"""10:00 in Tehran."""
MORNING: Final = Series(DAY, time(10), time(11, 30), 30, "تهران، اتاق ۱۲")


def asked_by(rules: Rules, staff: Any = OFFICE, at: datetime = AT) -> Asked:
    """This member of staff asks, without a key."""
    return Asked(rules, staff, at)


async def opened(database: Database, rules: Rules) -> str:
    """The id of an official with three free slots on `DAY`; the staff of the service desk are there."""
    await hire(database, rules.vault, CLERK, OFFICE, SUPERVISOR)
    official = await add_official(database, asked_by(rules), "رضا احمدی", "مدیرکل")
    await add_slots(database, asked_by(rules), official["id"], MORNING)
    return str(official["id"])


async def free(database: Database, at: datetime = AT) -> list[str]:
    """The free slots the clerk can offer, in order."""
    return [str(row["id"]) for row in await free_slots(database.read, CLERK, at)]


async def filed(database: Database, rules: Rules, kind: str = "meeting", **changes: Any) -> str:
    """The code of a request filed on the web."""
    report = replace(web_report("می‌خواهم درباره پرونده‌ام با مدیرکل صحبت کنم"), business=Business(), category=None)
    report = replace(report, extra={"procedure": "request", "details": {"kind": kind}})
    accepted = await take_in(database, rules, checked_filing(rules, replace(report, **changes), AT))
    return str(accepted.tracking_code)
