"""A ticket's appointment: a slot held for it, from the offer until it was held, missed, or given back.

The row of an appointment is the truth; what the citizen was told of the one that is still to come (with whom, when,
where) is kept in the ticket as well, as it was told. Which slot may be offered is the calendars' to say (`calendars`),
when one is offered and what follows from an answer the procedure's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from sms.store import Read
from ticketing.appointed import facts_of, offers_of, starts_at
from ticketing.appointment_tables import LIVE, appointments, officials, slots
from ticketing.calendars import IS_TAKEN, find_slot, kept_by
from ticketing.doing import Doing
from ticketing.errors import Conflict, FieldError, Invalid
from ticketing.ids import new_id
from ticketing.notify import send, voices
from ticketing.staff import Staff
from ticketing.ticket import Ticket
from ticketing.transaction import Row, UnitTransaction

_MOST_OFFERED: Final = 40
_IN_TIME: Final = ("held", "missed")
"""What cannot be said of an appointment before it was to begin."""


async def offer_slot(doing: Doing) -> None:
    """Hold the slot for the ticket until its citizen has answered. Raises `Invalid` where it is nobody's to offer."""
    slot = await find_slot(doing.tx, doing.staff, doing.fields["slot"]) if doing.staff else None
    if slot is None or not slot["active"] or slot["starts_at"] <= doing.at:
        raise Invalid([FieldError("slot", "no_such_slot")])
    if slot["taken"]:
        raise Invalid([FieldError("slot", "slot_taken")])
    await end(doing.tx, doing.ticket, "cancelled", doing.at)
    row = {"id": new_id(), "slot_id": slot["id"], "ticket_id": doing.ticket.id, "state": "offered"}
    doing.tx.add(appointments, {**row, "offered_by": doing.actor, "offered_at": doing.at})
    told = {"official": f"{slot['post']} {slot['name']}", "place": slot["place"]}
    starts_at = slot["starts_at"].isoformat()
    doing.ticket.appointment = {**told, "starts_at": starts_at, "offers": offers_of(doing.ticket) + 1}
    doing.data["slot"] = starts_at


async def confirm_appointment(doing: Doing) -> None:
    """The citizen comes: the slot is theirs, and they are told with whom, when and where."""
    mine = (appointments.c.ticket_id == doing.ticket.id) & (appointments.c.state == "offered")
    confirmed = update(appointments).where(mine).values(state="confirmed", confirmed_at=doing.at)
    done = await doing.tx.execute(confirmed)
    if done.rowcount != 1:
        raise Conflict("no_appointment")
    _tell(doing, "appointment_confirmed")


async def decline_appointment(doing: Doing) -> None:
    """The citizen does not come then: the slot is free again."""
    await _end(doing, "declined")


async def lapse_appointment(doing: Doing) -> None:
    """The citizen did not answer: the slot is free again."""
    await _end(doing, "lapsed")


async def hold_appointment(doing: Doing) -> None:
    """It was held."""
    await _end(doing, "held")


async def miss_appointment(doing: Doing) -> None:
    """The citizen did not come."""
    await _end(doing, "missed")


async def cancel_appointment(doing: Doing) -> None:
    """The office cannot keep it: the slot is gone from the ticket, and its citizen is told."""
    words = facts_of(doing.ticket, doing.ticket.language)
    await _end(doing, "cancelled")
    _tell(doing, "appointment_cancelled", words)


async def end(tx: UnitTransaction, ticket: Ticket, state: str, at: datetime) -> bool:
    """Whatever the ticket still has to come ends as `state`, which gives its slot back unless it was held or missed.

    False where it has none.
    """
    if starts_at(ticket) is None:
        return False
    live = (appointments.c.ticket_id == ticket.id) & appointments.c.state.in_(LIVE)
    done = await tx.execute(update(appointments).where(live).values(state=state, ended_at=at))
    ticket.appointment = {"offers": offers_of(ticket)}
    return bool(done.rowcount == 1)


async def free_slots(read: Read, staff: Staff, at: datetime) -> list[Row]:
    """The next slots this member of staff can offer, the earliest first, with their officials."""
    shown = (slots.c.id, slots.c.starts_at, slots.c.place, officials.c.name, officials.c.post)
    free = slots.c.withdrawn_at.is_(None) & (slots.c.starts_at > at) & officials.c.active & ~IS_TAKEN
    joined = select(*shown).join(officials, officials.c.id == slots.c.official_id)
    wanted = joined.where(free, kept_by(staff)).order_by(slots.c.starts_at, slots.c.id)
    return list(await read(wanted.limit(_MOST_OFFERED)))


async def appointments_of(read: Read, ticket_id: int) -> list[dict[str, Any]]:
    """Every appointment a ticket has had, oldest first, as staff see it."""
    shown = (appointments, slots.c.starts_at, slots.c.ends_at, slots.c.place, officials.c.name, officials.c.post)
    joined = select(*shown).join(slots, slots.c.id == appointments.c.slot_id)
    joined = joined.join(officials, officials.c.id == slots.c.official_id)
    rows = await read(joined.where(appointments.c.ticket_id == ticket_id).order_by(appointments.c.id))
    return [_appointment(row) for row in rows]


def _appointment(row: Mapping[str, Any]) -> dict[str, Any]:
    moments = ("starts_at", "ends_at", "offered_at", "confirmed_at", "reminded_at", "ended_at")
    return {
        "state": row["state"],
        "official": row["name"],
        "post": row["post"],
        "place": row["place"],
        "offered_by": row["offered_by"],
        **{name: row[name].isoformat() if row[name] else None for name in moments},
    }


async def _end(doing: Doing, state: str) -> None:
    start = starts_at(doing.ticket)
    if state in _IN_TIME and start is not None and start > doing.at:
        raise Conflict("too_early")
    if not await end(doing.tx, doing.ticket, state, doing.at):
        raise Conflict("no_appointment")


def _tell(doing: Doing, name: str, facts: Mapping[str, str] | None = None) -> None:
    ticket, rules = doing.ticket, doing.rules
    words = rules.texts.render(name, ticket.language, code=ticket.code, **(facts or facts_of(ticket, ticket.language)))
    for medium, where in voices(ticket):
        send(doing.tx, rules, ticket, doing.at, kind="reply", medium=medium, address=where, text=words)
