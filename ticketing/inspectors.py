"""Inspectors: who may be sent for a ticket, and the texts they get on their own phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ticketing.notify import send
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction

_LANGUAGE = "fa"


async def find_inspector(tx: UnitTransaction, username: str, organisation: str) -> int | None:
    """The id of an inspector who works and may be sent for a ticket of `organisation`; None where there is none."""
    working = (staff.c.username == username) & (staff.c.role == "inspector") & staff.c.disabled.is_(False)
    rows = await tx.rows(select(staff.c.id, staff.c.organisation).where(working))
    if not rows:
        return None
    own = rows[0]["organisation"]
    return rows[0]["id"] if NATIONAL in (own, organisation) or own == organisation else None


async def text_inspector(tx: UnitTransaction, rules: Rules, ticket: Ticket, name: str, at: datetime) -> None:
    """Text the ticket's inspector the text `name`. One without a phone on record sees it on the desk only."""
    if ticket.inspector is None:
        return
    rows = await tx.rows(select(staff.c.id, staff.c.phone).where(staff.c.id == ticket.inspector))
    if not rows or rows[0]["phone"] is None:
        return
    phone = rules.vault.unseal("staff.phone", rows[0]["id"], rows[0]["phone"])
    shop = ticket.business_name or ticket.business_guild_id or ticket.business_address or "-"
    where = ticket.county or titled(ORGANISATIONS[ticket.organisation], _LANGUAGE)
    words = rules.texts.render(name, _LANGUAGE, code=ticket.code, business=shop, county=where)
    send(tx, rules, ticket, at, kind="dispatch", medium="sms", address=phone, text=words)
