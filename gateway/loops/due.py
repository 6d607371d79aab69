"""What falls due by the clock is done by one of several gateways: whichever leads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from gateway.loops.leadership import Leadership
from sms.clock import Clock

Deed = Callable[[datetime], Awaitable[object]]
"""Does whatever is due by a moment. For a moment two may lead it: it must be safe to do twice."""


class Due:
    """One pass does what is due of one task."""

    def __init__(self, task: str, deed: Deed, leadership: Leadership, clock: Clock) -> None:
        self._task, self._deed, self._leadership, self._clock = task, deed, leadership, clock

    async def pass_once(self) -> bool:
        """Do it where this gateway leads. False: it waits its time."""
        if await self._leadership.holds(self._task):
            await self._deed(self._clock.now())
        return False
