"""Keeps what a replay found: a unit of work for each report, some at a time through the one writer.

Whatever has been kept differs no more, so a replay that was cut short is finished by another, and one after that does
nothing. A gateway may serve meanwhile: a ticket that somebody saves at the same moment is looked at once more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

import structlog

from gateway.replay.differing import Looked
from ticketing.correcting import Correction, correct
from ticketing.database import Database
from ticketing.errors import Refused
from ticketing.retrying import retried
from ticketing.rules import Rules
from ticketing.transaction import UnitTransaction

log = structlog.get_logger()
_AT_ONCE: Final = 32
"""Few enough that others who write wait a moment only."""


async def keep(database: Database, rules: Rules, told: Sequence[Looked], at: datetime) -> Counter[str]:
    """Keep these reports as they are understood now: how many `reports` and `tickets` changed, how many were `left`.

    Raises `Unavailable` where the database takes nothing now.
    """
    counts: Counter[str] = Counter()
    waiting = iter(told)
    while some := list(islice(waiting, _AT_ONCE)):
        kept = await asyncio.gather(*(_keep(database, rules, each, at) for each in some))
        counts["reports"] += sum(1 for each in kept if each is not None and each.is_kept)
        counts["tickets"] += sum(1 for each in kept if each is not None and each.changed)
        counts["left"] += sum(1 for each in kept if each is None)
    return counts


async def _keep(database: Database, rules: Rules, looked: Looked, at: datetime) -> Correction | None:
    try:
        return await retried(database, _unit(rules, looked, at))
    except Refused as refusal:  # it never came to rest: the next replay finds it as it is then
        log.warning("a report was left as it was", report=looked.report_id, code=refusal.code)
        return None


def _unit(rules: Rules, looked: Looked, at: datetime) -> Callable[[UnitTransaction], Coroutine[Any, Any, Correction]]:
    async def work(tx: UnitTransaction) -> Correction:
        return await correct(tx, rules, looked.report_id, looked.sealed, looked.today, at)

    return work
