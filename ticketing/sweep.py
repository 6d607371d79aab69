"""Clocks: what they are due to do is done, each ticket in its own unit, safe to run twice or by two.

Whoever has the ticket is warned of a term's end, staff's term that passes is noted, and a timer does what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, or_, select

from ticketing.clocks import note_late
from ticketing.database import Database
from ticketing.one_by_one import one_by_one
from ticketing.perform import ring
from ticketing.rules import Rules
from ticketing.tables import tickets
from ticketing.ticket import load, save
from ticketing.transaction import UnitTransaction
from ticketing.warning import warn
from ticketing.writer import Work

_BATCH: Final = 100


async def sweep(database: Database, rules: Rules, at: datetime) -> int:
    """Do what every clock is due to do by `at`, and return how many did.

    A ticket that cannot be moved is logged and left for the next sweep. Raises `Unavailable`.
    """
    done, last = 0, None
    while True:
        rows = await database.read(_awake(at, last))
        if not rows:
            return done
        done += await one_by_one(database, {row["id"]: _unit(rules, row["id"], at) for row in rows}, "clock")
        last = rows[-1]


def _awake(at: datetime, last: Mapping[str, Any] | None) -> Select[Any]:
    """The next tickets whose clocks have something to do, after the `last` that was tried; closing stops a clock."""
    rings_at = tickets.c.rings_at
    asked = select(tickets.c.id, rings_at).where(rings_at <= at).order_by(rings_at, tickets.c.id).limit(_BATCH)
    if last is None:
        return asked
    return asked.where(rings_at >= last["rings_at"], or_(rings_at > last["rings_at"], tickets.c.id > last["id"]))


def _unit(rules: Rules, ticket_id: int, at: datetime) -> Work[bool]:
    async def work(tx: UnitTransaction) -> bool:
        ticket = await load(tx, rules.vault, ticket_id)
        if not ticket.is_open or ticket.rings_at is None or ticket.rings_at > at:
            return False  # somebody was quicker
        if ticket.due_at is not None and ticket.due_at > at:
            await warn(tx, rules, ticket, at)
        else:
            note_late(ticket, at)
            ticket.rings_at = None
            if ticket.timer is not None:
                timer = rules.procedures[ticket.procedure].timers[ticket.timer]
                await ring(tx, rules, ticket, timer, at)
        await save(tx, rules.vault, ticket, at)
        return True

    return work
