"""Two tickets for one matter: one takes over the other's reports, and gives them back whole if that was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from ticketing.errors import FieldError, Invalid
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import attachments, events, reports, tickets
from ticketing.ticket import Ticket, load, save, ticket_from
from ticketing.transaction import UnitTransaction

BY_HAND: Final = "by hand"
BY_WORD: Final = "the citizen's word"
_LONGEST_CHAIN: Final = 10


async def take_over(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, code: str, actor: str, staff: Staff | None, at: datetime
) -> dict[str, Any]:
    """Move the ticket's reports to the open ticket `code`, and return what `give_back` needs to know.

    `staff` is None where the citizen said that it is the matter they were asked about. Raises `Invalid` for a code that
    is no open ticket this member of staff can see, or this very ticket.
    """
    target = await _target(tx, rules, ticket, code, staff)
    moving = await tx.rows(select(reports.c.id, reports.c.joined_by).where(reports.c.ticket_id == ticket.id))
    await _hand_over(tx, moving, target.id, because=BY_WORD if staff is None else BY_HAND)
    target.record("joined", actor, at, ticket=ticket.id, reports=[row["id"] for row in moving])
    await save(tx, rules.vault, target, at)
    return {"into": target.id, "reports": [row["id"] for row in moving]}


async def _target(tx: UnitTransaction, rules: Rules, ticket: Ticket, code: str, staff: Staff | None) -> Ticket:
    seen = tickets.c.code_index == rules.vault.index("code", code)
    if staff is not None:
        seen &= criterion(staff)
    found = await tx.rows(select(tickets).where(seen))
    if not found or found[0]["procedure"] != ticket.procedure:
        raise Invalid([FieldError("tracking_code", "no_such_ticket")])
    target = ticket_from(rules.vault, found[0])
    if target.id == ticket.id or not target.is_open:
        raise Invalid([FieldError("tracking_code", "same_ticket" if target.id == ticket.id else "ticket_closed")])
    return target


async def now_in(tx: UnitTransaction, rules: Rules, ticket: Ticket) -> Ticket:
    """The ticket that has taken this one over, or itself: whoever still writes to the old code is heard there."""
    for _ in range(_LONGEST_CHAIN):
        if ticket.is_open:
            break
        mine = (events.c.ticket_id == ticket.id) & (events.c.kind == "join")
        joined = await tx.rows(select(events.c.data).where(mine).order_by(events.c.number.desc()).limit(1))
        if not joined or ticket.outcome != "merged":
            break
        ticket = await load(tx, rules.vault, joined[0]["data"]["into"])
    return ticket


async def give_back(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, joined: Mapping[str, Any], actor: str, at: datetime
) -> None:
    """Undo `take_over`: the reports it moved are the ticket's own again; what came to the other since stays there."""
    target = await load(tx, rules.vault, joined["into"])
    was_mine = reports.c.id.in_(joined["reports"]) & (reports.c.ticket_id == target.id)
    returning = await tx.rows(select(reports.c.id, reports.c.joined_by).where(was_mine))
    await _hand_over(tx, returning, ticket.id)
    target.record("unjoined", actor, at, ticket=ticket.id, reports=len(returning))
    await save(tx, rules.vault, target, at)


async def _hand_over(
    tx: UnitTransaction, moving: Sequence[Mapping[str, Any]], to: int, *, because: str | None = None
) -> None:
    """Give reports to a ticket: joined to it with the reason `because`, or back to where they were without one."""
    for row in moving:
        reasons = list(row["joined_by"] or ())
        if because is not None:
            reasons.append(because)
        elif reasons and reasons[-1] in (BY_HAND, BY_WORD):
            reasons.pop()
        changed = {"ticket_id": to, "joined_by": reasons or None}
        await tx.execute(update(reports).where(reports.c.id == row["id"]).values(**changed))
    ids = [row["id"] for row in moving]
    if ids:
        await tx.execute(update(attachments).where(attachments.c.report_id.in_(ids)).values(ticket_id=to))
