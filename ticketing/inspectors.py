"""Inspectors: who may be sent for a ticket, and the texts they get on their own phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ticketing.notify import send
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.procedure import Move, Procedure
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

_LANGUAGE = "fa"
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


async def phone_of(tx: UnitTransaction, vault: Vault, staff_id: int | None) -> str | None:
    """The phone on record of a member of staff; None where there is none."""
    rows = await tx.rows(select(staff.c.id, staff.c.phone).where(staff.c.id == staff_id)) if staff_id else []
    if not rows or rows[0]["phone"] is None:
        return None
    return vault.unseal("staff.phone", rows[0]["id"], rows[0]["phone"])


async def text_inspector(tx: UnitTransaction, rules: Rules, ticket: Ticket, name: str, at: datetime) -> None:
    """Text the ticket's inspector the text `name`. One without a phone on record sees it on the desk only."""
    phone = await phone_of(tx, rules.vault, ticket.inspector)
    if phone is None:
        return
    shop = ticket.business_name or ticket.business_guild_id or ticket.business_address or "-"
    where = ticket.county or titled(ORGANISATIONS[ticket.organisation], _LANGUAGE)
    words = rules.texts.render(name, _LANGUAGE, code=ticket.code, business=shop, county=where)
    send(tx, rules, ticket, at, kind="dispatch", medium="sms", address=phone, text=words)
