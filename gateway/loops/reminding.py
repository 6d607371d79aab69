"""Reminds the organisations' staff once a day of what they have not read on the message board."""

from __future__ import annotations

from datetime import time

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.board_reminders import is_time, remind
from ticketing.database import Database
from ticketing.rules import Rules

_TASK = "reminders"


class Remind:
    """One pass looks whether it is time, by the calendar of working days, and whether the day had its texts."""

    def __init__(self, database: Database, rules: Rules, reminder: time, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._reminder = database, rules, reminder
        self._leadership, self._clock = leadership, clock

    async def pass_once(self) -> bool:
        """Text whoever is to be reminded today. False: it waits its time."""
        at = self._clock.now()
        if is_time(at, self._reminder, self._rules.deadlines.calendar) and await self._leadership.holds(_TASK):
            await remind(self._database, self._rules, at)
        return False
