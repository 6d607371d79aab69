"""The warning before a term of staff ends: a mark on the ticket, and a text to whoever has it."""

from __future__ import annotations

from datetime import datetime

from ticketing.deadlines import due_on
from ticketing.notify import STAFF_LANGUAGE, text_staff
from ticketing.replying import written_day
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction


async def warn(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> None:
    """Warn of the clock that runs, once: the queue marks the ticket, and who took it on or was sent is texted; of one
    that lies with a body and nobody took, the people of that body.

    Whoever has no phone on record, and a ticket nobody has, is seen on the desk only. The caller saves.
    """
    ticket.clock = {**(ticket.clock or {}), "warned": True}
    ticket.rings_at = ticket.due_at
    ticket.record("warned", "gateway", at, term=ticket.clock.get("term"), waited_for=ticket.waiting_for)
    whom, day = ticket.assignee or _sent(ticket), due_on(ticket.due_at)
    if day is None or ticket.began_at is None:
        return
    due = written_day(day, STAFF_LANGUAGE)
    if whom is not None:
        once = f"warning:{ticket.id}:{int(ticket.began_at.timestamp())}"
        await text_staff(tx, rules, ticket, at, staff.c.id == whom, "warning", once=once, due=due)
    elif ticket.body and _is_with_a_body(ticket):
        theirs = (staff.c.body == ticket.body) & staff.c.disabled.is_(False)
        await text_staff(tx, rules, ticket, at, theirs, "warning", due=due)


def _is_with_a_body(ticket: Ticket) -> bool:
    """It waits for a role whose people work for bodies."""
    role = ROLES.get(ticket.waiting_for or "")
    return role is not None and role.body


def _sent(ticket: Ticket) -> int | None:
    """The inspector, while it is their turn."""
    return ticket.inspector if ticket.waiting_for == "inspector" else None
