"""Keeps to the terms of [retention]: once in a while, what is past its term is thrown away."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.retention import Terms, throw_away

_TASK = "retention"


class Retain:
    """One pass throws away whatever is past its term."""

    def __init__(self, database: Database, terms: Terms, leadership: Leadership, clock: Clock) -> None:
        self._database, self._terms, self._leadership, self._clock = database, terms, leadership, clock

    async def pass_once(self) -> bool:
        """Keep to the terms. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await throw_away(self._database, self._terms, self._clock.now())
        return False
