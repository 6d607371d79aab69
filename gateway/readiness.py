"""Whether this gateway can take reports now: the database answers, and the queues to it move.

A provider or messenger that is away is no reason to be taken out of service: what it should carry waits in the outbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import select, true

from gateway.loops.supervisor import Supervisor
from ticketing.database import Database
from ticketing.writer import Unavailable

_PATIENCE_S = 3.0
_LONGEST_BACKLOG = 2_000
_STUCK_AFTER = 3


class Readiness:
    """Answers /readyz; the loops named are those the intake depends on."""

    def __init__(self, database: Database, supervisor: Supervisor, vital: Sequence[str]) -> None:
        self._database, self._supervisor, self._vital = database, supervisor, frozenset(vital)

    async def __call__(self) -> Sequence[str]:
        """The codes of what is wrong, none when all is well."""
        reasons: list[str] = []
        if not await self._database_answers():
            reasons.append("database")
        if self._database.writer.backlog > _LONGEST_BACKLOG:
            reasons.append("writer_backlog")
        stuck = (loop.name for loop in self._supervisor.loops if loop.failures >= _STUCK_AFTER)
        return [*reasons, *(name for name in stuck if name in self._vital)]

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._database.read(select(true()))
        except (Unavailable, TimeoutError):
            return False
        return True
