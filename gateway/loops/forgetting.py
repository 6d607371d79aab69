"""Forgets the devices of tickets that closed a while ago."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.devices import forget_of_closed

_TASK = "devices"


class ForgetDevices:
    """One pass forgets one batch."""

    def __init__(self, database: Database, leadership: Leadership, clock: Clock) -> None:
        self._database, self._leadership, self._clock = database, leadership, clock

    async def pass_once(self) -> bool:
        """Forget a batch; True where there was one, for more may be behind it."""
        if not await self._leadership.holds(_TASK):
            return False
        return await forget_of_closed(self._database, self._clock.now()) > 0
