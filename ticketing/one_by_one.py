"""Work on many tickets at one go, each in a unit of its own: one that fails is logged, and the others are done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from ticketing.database import Database
from ticketing.errors import Refused
from ticketing.writer import Unavailable, Work

log = structlog.get_logger()


async def one_by_one(database: Database, units: Mapping[int, Work[bool]], what: str) -> int:
    """How many of the `units`, by id, did something. `what` they are stands in the log. Raises `Unavailable`."""
    outcomes = await asyncio.gather(*(database.write(unit) for unit in units.values()), return_exceptions=True)
    return sum(_did(what, each, outcome) for each, outcome in zip(units, outcomes, strict=True))


def _did(what: str, unit: int, outcome: bool | BaseException) -> bool:
    if isinstance(outcome, Refused):
        log.info("a ticket moved on meanwhile", what=what, id=unit, code=outcome.code)
    elif isinstance(outcome, Exception) and not isinstance(outcome, Unavailable):
        log.error("a unit of many failed", what=what, id=unit, error=type(outcome).__name__)
    elif isinstance(outcome, BaseException):
        raise outcome
    return outcome is True
