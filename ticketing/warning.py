"""The warning before a term of staff ends: a mark on the ticket, and one text to whoever has it."""

from __future__ import annotations

from datetime import datetime

from ticketing.deadlines import due_on
from ticketing.notify import STAFF_LANGUAGE, text_staff
from ticketing.replying import written_day
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction


async def warn(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> None:
    """Warn of the clock that runs, once: the queue marks the ticket, and who took it on or was sent is texted.

    One without a phone on record, and a ticket nobody has, is seen on the desk only. The caller saves.
    """
    ticket.clock = {**(ticket.clock or {}), "warned": True}
    ticket.rings_at = ticket.due_at
    ticket.record("warned", "gateway", at, term=ticket.clock.get("term"), waited_for=ticket.waiting_for)
    whom, day = ticket.assignee or _sent(ticket), due_on(ticket.due_at)
    if whom is None or day is None or ticket.began_at is None:
        return
    once = f"warning:{ticket.id}:{int(ticket.began_at.timestamp())}"
    due = written_day(day, STAFF_LANGUAGE)
    await text_staff(tx, rules, ticket, at, staff.c.id == whom, "warning", once=once, due=due)


def _sent(ticket: Ticket) -> int | None:
    """The inspector, while it is their turn."""
    return ticket.inspector if ticket.waiting_for == "inspector" else None
