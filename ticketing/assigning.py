"""Who works on a ticket: taking it on, giving it back, handing it to a colleague; each once, each an event.

A ticket is taken on while it waits for somebody's role, and is nobody's again when it waits for another (`Ticket.save`
sees to that). It refuses to take a ticket from whoever was first: the second is told who that was, and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select

from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ticketing.organisations import NATIONAL
from ticketing.retrying import retried
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.ticket import Ticket, save, ticket_from
from ticketing.transaction import UnitTransaction

ASSIGNERS: Final = frozenset(code for code, role in ROLES.items() if role.assigns)
"""The roles that may hand a ticket to a colleague, and take it back from one."""
_NOBODYS_TO_GIVE: Final = (None, "citizen", "inspector")
"""For whom a ticket waits that is handed to no colleague."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whose a ticket is now: their username and since when; None twice where it is nobody's."""

    tracking_code: str
    assignee: str | None
    at: datetime | None


class TakenAlready(Conflict):
    """Somebody else took the ticket on first; `taken` says who, and when."""

    def __init__(self, taken: Taken) -> None:
        super().__init__("taken")
        self.taken = taken


def may_take(staff: Staff, ticket: Mapping[str, Any]) -> bool:
    """Whether to offer `take` of a ticket as a queue or `view` pictures it; `take` checks again."""
    return ticket["status"] == "open" and ticket["assignee"] is None and ticket["waiting_for"] == staff.role


def may_give_back(staff: Staff, ticket: Mapping[str, Any]) -> bool:
    """Whether to offer `give_back` of a ticket so pictured; `give_back` checks again."""
    holder = ticket["assignee"]
    return holder is not None and (holder == staff.username or staff.role in ASSIGNERS)


def may_assign(staff: Staff, ticket: Mapping[str, Any]) -> bool:
    """Whether to offer `assign` of a ticket so pictured; `assign` checks again."""
    is_given = ticket["status"] == "open" and ticket["waiting_for"] not in _NOBODYS_TO_GIVE
    return is_given and staff.role in ASSIGNERS


async def take(database: Database, rules: Rules, staff: Staff, code: str, at: datetime) -> Taken:
    """Take a ticket on that waits for one's role. Whoever has it already has it still.

    Raises `Forbidden` where one's account has just been changed; `NotFound`; `TakenAlready`; `Conflict` where it does
    not wait for this role (any more).
    """

    async def work(tx: UnitTransaction) -> Taken:
        await _check_still(tx, staff)
        ticket = await _visible(tx, rules, staff, code)
        if not ticket.is_open or ticket.waiting_for != staff.role:
            raise Conflict
        if ticket.assignee not in (None, staff.id):
            raise TakenAlready(await _taken(tx, ticket))
        if ticket.assignee is None:
            await _give(tx, rules, ticket, "taken", staff, staff.id, at)
        return Taken(ticket.code, staff.username, ticket.assigned_at)

    return await retried(database, work)


async def give_back(database: Database, rules: Rules, staff: Staff, code: str, at: datetime) -> Taken:
    """Let a ticket be nobody's again: one's own, or, for those who assign, anybody's. Nobody's stays so.

    Raises `NotFound`; `TakenAlready` where it is somebody else's to give back.
    """

    async def work(tx: UnitTransaction) -> Taken:
        ticket = await _visible(tx, rules, staff, code)
        if ticket.assignee not in (None, staff.id) and staff.role not in ASSIGNERS:
            raise TakenAlready(await _taken(tx, ticket))
        if ticket.assignee is not None:
            await _give(tx, rules, ticket, "given_back", staff, None, at)
        return Taken(ticket.code, None, None)

    return await retried(database, work)


async def assign(database: Database, rules: Rules, staff: Staff, code: str, colleague: str, at: datetime) -> Taken:
    """Hand a ticket to a colleague of the role it waits for, who sees it, whoever has it now.

    Raises `NotFound`; `Forbidden` for roles that do not assign; `Conflict` where it waits for no staff; `Invalid`.
    """
    if staff.role not in ASSIGNERS:
        raise Forbidden

    async def work(tx: UnitTransaction) -> Taken:
        ticket = await _visible(tx, rules, staff, code)
        if not ticket.is_open or ticket.waiting_for in _NOBODYS_TO_GIVE:
            raise Conflict
        named = _colleagues(ticket.waiting_for or "", ticket.organisation, ticket.body).where(_named(colleague))
        found = await tx.rows(named.with_for_update(read=True))  # nobody closes the account meanwhile
        if not found:
            raise Invalid([FieldError("assignee", "no_such_colleague")])
        if found[0]["id"] != ticket.assignee:
            await _give(tx, rules, ticket, "assigned", staff, found[0]["id"], at, to=found[0]["username"])
        return Taken(ticket.code, found[0]["username"], ticket.assigned_at)

    return await retried(database, work)


async def colleagues(database: Database, rules: Rules, staff: Staff, code: str) -> list[str]:
    """The usernames of those `assign` may hand the ticket to, in order; none where it waits for no staff.

    Raises `NotFound`.
    """
    row = await find_visible(database.read, rules, staff, code)
    if row is None:
        raise NotFound
    if row["waiting_for"] in _NOBODYS_TO_GIVE:
        return []
    wanted = _colleagues(row["waiting_for"], row["organisation"], row["body"]).order_by(staff_table.c.username)
    return [found["username"] for found in await database.read(wanted)]


async def _check_still(tx: UnitTransaction, staff: Staff) -> None:
    """Whoever was let in with an account that is closed or another's by now takes nothing on: nobody would give it
    back. The account stays as it is until the unit ends."""
    kept = (staff_table.c.id == staff.id) & (staff_table.c.role == staff.role) & staff_table.c.disabled.is_(False)
    seen = (staff_table.c.organisation == staff.organisation) & staff_table.c.body.is_not_distinct_from(staff.body)
    if not await tx.rows(select(staff_table.c.id).where(kept, seen).with_for_update(read=True)):
        raise Forbidden


async def _visible(tx: UnitTransaction, rules: Rules, staff: Staff, code: str) -> Ticket:
    row = await find_visible(tx.rows, rules, staff, code)
    if row is None:
        raise NotFound
    return ticket_from(rules.vault, row)


async def _taken(tx: UnitTransaction, ticket: Ticket) -> Taken:
    rows = await tx.rows(select(staff_table.c.username).where(staff_table.c.id == ticket.assignee))
    return Taken(ticket.code, rows[0]["username"], ticket.assigned_at)


def _colleagues(role: str, organisation: str, body: str | None) -> Select[Any]:
    """Those of a role who see a ticket of this organisation, sent to this body, as policy has it."""
    column = staff_table.c
    working = (column.role == role) & column.disabled.is_(False) & column.organisation.in_((organisation, NATIONAL))
    wanted = select(column.id, column.username).where(working)
    return wanted.where(or_(column.body.is_(None), column.body == body)) if ROLES[role].body else wanted


def _named(username: str) -> ColumnElement[bool]:
    return staff_table.c.username == username.strip().lower()


async def _give(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    kind: str,
    staff: Staff,
    to_whom: int | None,
    at: datetime,
    **data: Any,
) -> None:
    ticket.assignee, ticket.assigned_at = to_whom, at if to_whom is not None else None
    ticket.record(kind, staff.username, at, **data)
    await save(tx, rules.vault, ticket, at)
