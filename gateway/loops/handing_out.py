"""Puts into tickets how the cases handed over to sister systems have ended."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.sister_news import settle

_TASK = "handing_out"


class SettleCases:
    """One pass settles every case that is sent, or was given up."""

    def __init__(self, database: Database, rules: Rules, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._leadership, self._clock = database, rules, leadership, clock

    async def pass_once(self) -> bool:
        """Settle. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await settle(self._database, self._rules, self._clock.now())
        return False
