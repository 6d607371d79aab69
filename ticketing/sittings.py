"""Whether who must sit together every so often has a sitting ahead in the calendar; nothing is arranged here."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from sms.store import Read
from ticketing.appointment_tables import officials, slots
from ticketing.calendars import KEEPERS, kept_by
from ticketing.organisations import NATIONAL
from ticketing.roles import seen_by
from ticketing.rules import Rules
from ticketing.staff import Staff


async def days_without_sitting(read: Read, rules: Rules, staff: Staff, at: datetime) -> int | None:
    """For who keeps the calendar of an organisation's sittings: within how many days one must be set and none is.

    None where one is, or nothing of the kind is theirs to see to.
    """
    if staff.role not in KEEPERS or staff.organisation == NATIONAL:
        return None
    for code in seen_by(staff.role):
        sittings = rules.sittings_of(code) if code in rules.procedures else None
        if sittings is not None and not await _is_set(read, staff, code, at, timedelta(days=sittings.every_days)):
            return sittings.every_days
    return None


async def _is_set(read: Read, staff: Staff, procedure: str, at: datetime, within: timedelta) -> bool:
    ahead = (slots.c.starts_at > at) & (slots.c.starts_at <= at + within) & slots.c.withdrawn_at.is_(None)
    theirs = kept_by(staff) & (officials.c.procedure == procedure) & officials.c.active
    joined = select(slots.c.id).join(officials, officials.c.id == slots.c.official_id)
    return bool(await read(joined.where(ahead, theirs).limit(1)))
