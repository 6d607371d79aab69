"""Calendars as their keepers see them: officials, their slots of some days, and which ticket has which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import and_, select

from normalizer.day import TEHRAN, tehran_day
from sms.store import Read
from ticketing.appointment_tables import TAKING, appointments, officials, slots
from ticketing.calendars import kept_by
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.transaction import Row

DAYS: Final = 28
"""How many days are shown together."""
FREE: Final = "free"
PAST: Final = "past"


async def list_calendars(read: Read, rules: Rules, staff: Staff, first: date, at: datetime) -> list[dict[str, Any]]:
    """Every official this member of staff keeps the calendar of, each with the slots of `DAYS` days from `first` on.

    A slot's `state` is `free`, `past` (nobody had it) or its appointment's; `tracking_code` is of a ticket in sight.
    """
    known = await read(select(officials).where(kept_by(staff)).order_by(officials.c.active.desc(), officials.c.id))
    found = await _slots(read, staff, first) if known else ()
    by_official: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in known}
    for row in found:
        by_official[row["official_id"]].append(_slot(rules, row, at))
    plain = ("name", "post", "organisation", "active")
    return [
        {"id": str(row["id"]), **{name: row[name] for name in plain}, "slots": by_official[row["id"]]} for row in known
    ]


async def _slots(read: Read, staff: Staff, first: date) -> Sequence[Row]:
    begins = datetime.combine(first, time(), TEHRAN)
    within = (slots.c.starts_at >= begins) & (slots.c.starts_at < begins + timedelta(days=DAYS))
    taking = and_(appointments.c.slot_id == slots.c.id, appointments.c.state.in_(TAKING))
    seen = and_(tickets.c.id == appointments.c.ticket_id, criterion(staff))
    shown = select(slots, appointments.c.state, tickets.c.id.label("ticket_id"), tickets.c.code)
    joined = shown.join(officials, officials.c.id == slots.c.official_id).outerjoin(appointments, taking)
    wanted = joined.outerjoin(tickets, seen).where(within, slots.c.withdrawn_at.is_(None), kept_by(staff))
    return await read(wanted.order_by(slots.c.starts_at, slots.c.id))


def _slot(rules: Rules, row: Row, at: datetime) -> dict[str, Any]:
    code = rules.vault.unseal("tickets.code", row["ticket_id"], row["code"]) if row["code"] is not None else None
    unused = FREE if row["starts_at"] > at else PAST
    return {
        "id": str(row["id"]),
        "day": tehran_day(row["starts_at"]).isoformat(),
        "starts_at": row["starts_at"].isoformat(),
        "ends_at": row["ends_at"].isoformat(),
        "place": row["place"],
        "state": row["state"] or unused,
        "tracking_code": code,
    }
