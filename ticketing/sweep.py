"""Clocks: what they are due to do is done, each ticket in its own unit, safe to run twice or by two.

Whoever has the ticket is warned of a term's end, staff's term that passes is noted, and a timer does what it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import select

from ticketing.clocks import note_late
from ticketing.database import Database
from ticketing.errors import Refused
from ticketing.perform import ring
from ticketing.rules import Rules
from ticketing.tables import IS_OPEN, tickets
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
    done, after = 0, 0
    while True:
        awake = (IS_OPEN, tickets.c.rings_at <= at, tickets.c.id > after)
        batch = select(tickets.c.id).where(*awake).order_by(tickets.c.id).limit(_BATCH)
        ids = [row["id"] for row in await database.read(batch)]
        if not ids:
            return done
        units = [database.write(_unit(rules, each, at)) for each in ids]
        outcomes = await asyncio.gather(*units, return_exceptions=True)
        done += sum(_counted(ticket_id, outcome) for ticket_id, outcome in zip(ids, outcomes, strict=True))
        after = ids[-1]


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
