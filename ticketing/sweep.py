"""Clocks: what they are due to do is done, each ticket in its own unit, safe to run twice or by two.

Whoever has the ticket is warned of a term's end, staff's term that passes is noted, and a timer does what it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Select, or_, select

from ticketing.clocks import note_late
from ticketing.database import Database
from ticketing.errors import Refused
from ticketing.perform import ring
from ticketing.rules import Rules
from ticketing.tables import tickets
from ticketing.ticket import load, save
from ticketing.transaction import UnitTransaction
from ticketing.warning import warn
from ticketing.writer import Unavailable

log = structlog.get_logger()
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
        ids = [row["id"] for row in rows]
        units = [database.write(_unit(rules, each, at)) for each in ids]
        outcomes = await asyncio.gather(*units, return_exceptions=True)
        done += sum(_counted(ticket_id, outcome) for ticket_id, outcome in zip(ids, outcomes, strict=True))
        last = rows[-1]


def _awake(at: datetime, last: Mapping[str, Any] | None) -> Select[Any]:
    """The next tickets whose clocks have something to do, after the `last` that was tried; closing stops a clock."""
    rings_at = tickets.c.rings_at
    asked = select(tickets.c.id, rings_at).where(rings_at <= at).order_by(rings_at, tickets.c.id).limit(_BATCH)
    if last is None:
        return asked
    return asked.where(rings_at >= last["rings_at"], or_(rings_at > last["rings_at"], tickets.c.id > last["id"]))


def _unit(rules: Rules, ticket_id: int, at: datetime) -> Callable[[UnitTransaction], Coroutine[Any, Any, bool]]:
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


def _counted(ticket_id: int, outcome: bool | BaseException) -> bool:
    if isinstance(outcome, Unavailable):
        raise outcome
    if isinstance(outcome, Refused):
        log.info("a ticket moved on before its clock", ticket=ticket_id, code=outcome.code)
    elif isinstance(outcome, Exception):
        log.error("a clock of silence failed", ticket=ticket_id, error=type(outcome).__name__)
    elif isinstance(outcome, BaseException):
        raise outcome
    return outcome is True
