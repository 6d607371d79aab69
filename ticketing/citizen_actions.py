"""What the procedure lets a citizen do to a ticket of theirs by their own hand, now and until when.

What the ticket itself asks of them is answered as a question and is not offered here. Nothing is done here either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from sms.store import Read
from ticketing.doing import last_day, state_of
from ticketing.perform import is_over
from ticketing.procedure import may
from ticketing.rules import Rules
from ticketing.tables import events
from ticketing.ticket import Ticket

CITIZEN: Final = "citizen"
OBJECT: Final = "object"
WITHDRAW: Final = "withdraw"
JOIN: Final = "join"
"""What citizens' endpoints do; a procedure that has no action of that name does not let them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action open to the citizen now, and the last day for it in Tehran where there is one."""

    action: str
    until: date | None = None


def offers(rules: Rules, ticket: Ticket, at: datetime) -> Iterator[Offer]:
    """The actions the ticket's citizen may do at `at`, in the procedure's order."""
    procedure = rules.procedures[ticket.procedure]
    for action in procedure.actions.values():
        is_an_answer = CITIZEN in action.waiting_for or any(move.settles for move in action.then)
        if not may(action, CITIZEN) or is_an_answer:
            continue
        if procedure.open_to(action, state_of(ticket)) and not is_over(rules, ticket, action, at):
            yield Offer(action.code, last_day(rules, ticket, action))


def is_offered(rules: Rules, ticket: Ticket, action: str, at: datetime) -> bool:
    """True where the ticket's citizen may do `action` at `at`."""
    return any(offer.action == action for offer in offers(rules, ticket, at))


async def objected_at(read: Read, rules: Rules, ticket: Ticket) -> datetime | None:
    """When the close was objected to, where the ticket is open again because of that; else None."""
    if not ticket.is_open:
        return None
    actions = rules.procedures[ticket.procedure].actions.values()
    objections = {action.code for action in actions if any(move.reopens for move in action.then)}
    telling = (events.c.ticket_id == ticket.id) & events.c.kind.in_((*objections, "closed"))
    rows = await read(select(events.c.kind, events.c.at).where(telling).order_by(events.c.number.desc()).limit(1))
    return rows[0]["at"] if rows and rows[0]["kind"] in objections else None
