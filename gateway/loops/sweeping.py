"""Runs the clocks of silence that are due: reminders, closes, terms that passed."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.sweep import sweep

_TASK = "sweep"


class Sweep:
    """One pass runs every clock that is due."""

    def __init__(self, database: Database, rules: Rules, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._leadership, self._clock = database, rules, leadership, clock

    async def pass_once(self) -> bool:
        """Run what is due; True where anything was, for more may be due behind it."""
        if not await self._leadership.holds(_TASK):
            return False
        return await sweep(self._database, self._rules, self._clock.now()) > 0
