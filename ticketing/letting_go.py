"""What somebody had in hand goes back when they may not work on it any more: their role changed, or they left.

A ticket they took on is nobody's again; a dispatch of theirs waits for the dispatcher, as if they had declined it. Each
is an event of its ticket, by whoever changed the account. Nothing they did before is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, false, select

from sms.store import Read
from ticketing.doing import Doing
from ticketing.inspectors import text_inspector, way_back
from ticketing.perform import ALL_EFFECTS
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.stepping import carry_out
from ticketing.tables import IS_OPEN, tickets
from ticketing.ticket import Ticket, save, ticket_from
from ticketing.transaction import UnitTransaction

Rows = Sequence[Mapping[str, Any]]
_INSPECTOR: Final = "inspector"
_BACK: Final = "given_back"


@dataclass(frozen=True, slots=True)
class LetGo:
    """The tracking codes of what went back: tickets taken on (`freed`), and dispatches (`returned`)."""

    freed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.freed or self.returned)


async def foresee(read: Read, rules: Rules, staff_id: int, after: Staff | None) -> LetGo:
    """What would go back if the account became `after`; None is an account that is closed."""
    held = [await read(each) for each in _held(staff_id, after)]
    return _named(rules, *held)


async def let_go(
    tx: UnitTransaction, rules: Rules, before: Staff, after: Staff | None, actor: str, at: datetime
) -> LetGo:
    """Give back what `before` had in hand and `after` may not have. Raises `Conflict` where a ticket just changed."""
    freed, returned = [await tx.rows(each) for each in _held(before.id, after)]
    for row in freed:
        ticket = ticket_from(rules.vault, row)
        ticket.assignee = ticket.assigned_at = None
        ticket.record(_BACK, actor, at, **_because(before))
        await save(tx, rules.vault, ticket, at)
    for row in returned:
        await _return(tx, rules, ticket_from(rules.vault, row), before, actor, at)
    return _named(rules, freed, returned)


def _held(staff_id: int, after: Staff | None) -> Sequence[Select[Any]]:
    """Tickets taken on that are not theirs any more, and dispatches of one who is no inspector any more."""
    taken = (tickets.c.assignee == staff_id) & IS_OPEN
    if after is not None:
        kept = select(tickets.c.id).where(taken, criterion(after), tickets.c.waiting_for == after.role)
        taken &= tickets.c.id.not_in(kept)
    dispatched = (tickets.c.inspector == staff_id) & IS_OPEN
    dispatched &= tickets.c.waiting_for == _INSPECTOR
    goes_back = false() if after is not None and after.role == _INSPECTOR else dispatched
    taken &= tickets.c.id.not_in(select(tickets.c.id).where(goes_back))  # those go back once
    return [select(tickets).where(each).order_by(tickets.c.id) for each in (taken, goes_back)]


async def _return(tx: UnitTransaction, rules: Rules, ticket: Ticket, before: Staff, actor: str, at: datetime) -> None:
    await text_inspector(tx, rules, ticket, "dispatch_cancelled", at)
    doing = Doing(tx, rules, ticket, at, actor, data={**_because(before), "waited_for": _INSPECTOR})
    await carry_out(doing, way_back(rules.procedures[ticket.procedure]), _BACK, None, ALL_EFFECTS)
    await save(tx, rules.vault, ticket, at)


def _because(before: Staff) -> dict[str, str]:
    return {"because": "account", "whose": before.username}


def _named(rules: Rules, freed: Rows, returned: Rows) -> LetGo:
    unseal = rules.vault.unseal
    codes = [tuple(unseal("tickets.code", row["id"], row["code"]) for row in rows) for rows in (freed, returned)]
    return LetGo(*codes)
