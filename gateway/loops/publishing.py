"""Publishes the figures of seasons whose time has come."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.statistics import Publishing, publish_due

_TASK = "publishing"


class Publish:
    """One pass publishes all that is due and was not yet."""

    def __init__(
        self, database: Database, rules: Rules, publishing: Publishing, leadership: Leadership, clock: Clock
    ) -> None:
        self._database, self._rules, self._publishing = database, rules, publishing
        self._leadership, self._clock = leadership, clock

    async def pass_once(self) -> bool:
        """Publish what is due. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await publish_due(self._database, self._rules, self._publishing, self._clock.now())
        return False
