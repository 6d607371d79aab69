"""Whom a ticket may be handed to: inspectors and what they carry, and the unions and companies with an officer here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, select

from sms.store import Read
from ticketing.organisations import NATIONAL
from ticketing.roles import ROLES
from ticketing.tables import staff, tickets

_OF_A_BODY: Final = [code for code, role in ROLES.items() if role.body]


@dataclass(frozen=True, slots=True)
class Inspector:
    """An inspector and how many open dispatches wait for them."""

    username: str
    organisation: str
    load: int


async def list_inspectors(read: Read, organisation: str) -> list[Inspector]:
    """Those `effects.assign_inspector` takes for a ticket of `organisation`, the least loaded first."""
    carried = and_(tickets.c.inspector == staff.c.id, tickets.c.status == "open", tickets.c.waiting_for == "inspector")
    working = and_(staff.c.role == "inspector", staff.c.disabled.is_(False))
    if organisation != NATIONAL:
        working = and_(working, staff.c.organisation.in_((organisation, NATIONAL)))
    load = func.count(tickets.c.id)
    found = (
        select(staff.c.username, staff.c.organisation, load.label("load"))
        .select_from(staff.outerjoin(tickets, carried))
        .where(working)
        .group_by(staff.c.username, staff.c.organisation)
        .order_by(load, staff.c.username)
    )
    return [Inspector(row["username"], row["organisation"], row["load"]) for row in await read(found)]


async def list_bodies(read: Read, organisation: str) -> list[str]:
    """The codes of the unions and companies whose officers work for `organisation` or the nation, in order."""
    working = and_(staff.c.role.in_(_OF_A_BODY), staff.c.disabled.is_(False), staff.c.body.is_not(None))
    if organisation != NATIONAL:
        working = and_(working, staff.c.organisation.in_((organisation, NATIONAL)))
    return [row["body"] for row in await read(select(staff.c.body).where(working).distinct().order_by(staff.c.body))]
