"""What a ticket itself knows of the appointment it has still to come: with whom, when, where, and how texts say it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from persiantools.jdatetime import JalaliDate

from normalizer.day import TEHRAN
from ticketing.rules import Rules
from ticketing.ticket import Ticket

_WEEKDAYS: Final = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یک‌شنبه")


def offers_of(ticket: Ticket) -> int:
    """How many slots the ticket was offered so far."""
    return int((ticket.appointment or {}).get("offers", 0))


def starts_at(ticket: Ticket) -> datetime | None:
    """When the appointment it still has to come starts; None where it has none."""
    written = (ticket.appointment or {}).get("starts_at")
    return datetime.fromisoformat(written) if written else None


def has_appointment(_rules: Rules, ticket: Ticket) -> bool:
    """One is set and has not ended yet."""
    return starts_at(ticket) is not None


def may_offer_again(rules: Rules, ticket: Ticket) -> bool:
    """Fewer slots were offered than the settings allow."""
    return offers_of(ticket) < rules.offers


def facts_of(ticket: Ticket, language: str) -> dict[str, str]:
    """What texts may say of the appointment to come; a dash where there is none."""
    at, known = starts_at(ticket), ticket.appointment or {}
    said = {name: known.get(name, "-") for name in ("official", "place")}
    return {**said, "when": spoken(at, language) if at else "-"}


def spoken(at: datetime, language: str) -> str:
    """A moment as people say it, on Tehran's clock: «شنبه ۷ آذر ۱۰:۳۰», "Sat 28 Nov 10:30"."""
    local = at.astimezone(TEHRAN)
    if language != "fa":
        return f"{local:%a} {local.day} {local:%b %H:%M}"
    day = JalaliDate.to_jalali(local.date())  # type: ignore[no-untyped-call]
    return f"{_WEEKDAYS[local.weekday()]} {day.day} {day.strftime('%B', locale='fa')} {local:%H:%M}"
