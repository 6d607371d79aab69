"""Reminds citizens of their appointments the day before."""

from __future__ import annotations

from datetime import time

from gateway.loops.leadership import Leadership
from sms.clock import Clock
from ticketing.appointment_reminders import remind
from ticketing.database import Database
from ticketing.rules import Rules

_TASK = "appointments"


class RemindOfAppointments:
    """One pass reminds of every appointment whose time for it has come."""

    def __init__(self, database: Database, rules: Rules, reminder: time, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._reminder = database, rules, reminder
        self._leadership, self._clock = leadership, clock

    async def pass_once(self) -> bool:
        """Remind. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await remind(self._database, self._rules, self._reminder, self._clock.now())
        return False
