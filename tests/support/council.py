"""The disciplinary council of Tehran's Computer guild with its calendar, and complaints to it, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from normalizer.report import Business
from tests.support.meetings import asked_by
from tests.support.reports import AT, web_report
from tests.support.staging import hire, member
from ticketing.attachments import StoredFile
from ticketing.calendars import Series, add_official, add_slots
from ticketing.database import Database
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.rules import Rules

SECRETARY: Final = member("council_secretary", username="secretary")
CHAIR: Final = member("council_chair", username="chair")
PLACE: Final = "تهران، خیابان آپادانا، پلاک ۱۲، طبقهٔ سوم"
SITTINGS: Final = Series(date(2026, 12, 6), time(10), time(12), 60, PLACE)
STARTS_AT: Final = datetime(2026, 12, 6, 6, 30, tzinfo=UTC)
"""10:00 in Tehran, of the first of the day's two times."""
RESPONDENT_PHONE: Final = "+989350000777"
LETTER: Final = (StoredFile("0" * 64, 3, "letter.pdf", "application/pdf"),)
DETAILS: Final[dict[str, Any]] = {
    "respondent_name": "شرکت رایان‌پرداز نمونه",
    "respondent_number": "21-1042",
    "respondent_address": "تهران، خیابان یکم",
    "respondent_email": "info@rayan.example",
    "respondent_phone": "09350000777",
}


async def opened(database: Database, rules: Rules) -> None:
    """The council's people are there, and two free times on a day."""
    await hire(database, rules.vault, SECRETARY, CHAIR)
    council = await add_official(database, asked_by(rules, SECRETARY), "شورای انتظامی تهران", "نشست")
    await add_slots(database, asked_by(rules, SECRETARY), council["id"], SITTINGS)


def complaint(**details: Any) -> Any:
    """A complaint of a customer of a company in Tehran, as the web form hands it over."""
    report = web_report("نرم‌افزار را تحویل نداد و پول را پس نمی‌دهد")
    report = replace(report, business=Business(), category=None)
    report = replace(report, sender=replace(report.sender, email="maryam@example.ir"))
    return replace(report, extra={"procedure": "council", "details": {**DETAILS, **details}})


async def filed(database: Database, rules: Rules, **details: Any) -> str:
    """The code of a complaint filed at `AT`."""
    accepted = await take_in(database, rules, checked_filing(rules, complaint(**details), AT))
    return str(accepted.tracking_code)
