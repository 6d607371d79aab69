"""Inspectors: who may be sent for a ticket, and the texts they get on their own phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ticketing.notify import STAFF_LANGUAGE, text_staff
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.procedure import Move, Procedure
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction

_ROLE = "inspector"
_RELEASE = "release_inspector"


_WORKING = (staff.c.role == _ROLE) & staff.c.disabled.is_(False)


def way_back(procedure: Procedure) -> Move:
    """How an inspector's dispatch is undone in this procedure: what declining it does."""
    declining = (
        variant
        for action in procedure.actions.values()
        if _ROLE in action.roles
        for variant in action.then
        if _RELEASE in variant.effects
    )
    return next(declining, Move(effects=(_RELEASE,), waits_for="dispatcher"))


async def is_inspector(tx: UnitTransaction, staff_id: int | None) -> bool:
    """True where this account is an inspector's, and open; it stays so until the unit ends."""
    found = select(staff.c.id).where(_WORKING, staff.c.id == staff_id).with_for_update(read=True)
    return staff_id is not None and bool(await tx.rows(found))


async def find_inspector(tx: UnitTransaction, username: str, organisation: str) -> int | None:
    """The id of an inspector who works and may be sent for a ticket of `organisation`; None where there is none.

    Nobody changes the account until the unit ends: it would not find this dispatch among those to give back.
    """
    named = select(staff.c.id, staff.c.organisation).where(_WORKING, staff.c.username == username)
    rows = await tx.rows(named.with_for_update(read=True))
    if not rows:
        return None
    own = rows[0]["organisation"]
    return rows[0]["id"] if NATIONAL in (own, organisation) or own == organisation else None


async def text_inspector(tx: UnitTransaction, rules: Rules, ticket: Ticket, name: str, at: datetime) -> None:
    """Text the ticket's inspector the text `name`."""
    shop = ticket.business_name or ticket.business_guild_id or ticket.business_address or "-"
    where = ticket.county or titled(ORGANISATIONS[ticket.organisation], STAFF_LANGUAGE)
    whom = staff.c.id == ticket.inspector
    await text_staff(tx, rules, ticket, at, whom, name, kind="dispatch", business=shop, county=where)
