"""Puts into tickets how the cases handed over to sister systems have ended, and tells them how theirs have."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.sister_news import settle
from ticketing.sister_results import tell_results

_TASK = "handing_out"


class SettleCases:
    """One pass settles every case that is sent, or was given up, and tells of every one that has closed."""

    def __init__(self, database: Database, rules: Rules, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._leadership, self._clock = database, rules, leadership, clock

    async def pass_once(self) -> bool:
        """Settle and tell. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await settle(self._database, self._rules, self._clock.now())
            await tell_results(self._database, self._rules, self._clock.now())
        return False
