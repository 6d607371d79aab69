"""Asks citizens how a matter that was closed was handled, and reminds them once."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.surveying import survey

_TASK = "surveys"


class Surveying:
    """One pass says every survey that is due, at the hours at which citizens may be disturbed."""

    def __init__(self, database: Database, rules: Rules, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._leadership, self._clock = database, rules, leadership, clock

    async def pass_once(self) -> bool:
        """Say what is due. False: it waits its time."""
        at = self._clock.now()
        if self._rules.survey.quiet_until(at) is None and await self._leadership.holds(_TASK):
            await survey(self._database, self._rules, at)
        return False
