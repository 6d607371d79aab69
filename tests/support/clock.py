"""A clock that a test moves by hand: waits end when time is advanced past them, never by waiting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class ManualClock:
    """Stands still until `advance`; tasks waiting on it wake in order of their deadlines."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._waiters: list[tuple[datetime, asyncio.Future[None]]] = []
        self.waiting = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        if event.is_set():
            return True
        timer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self._now + timedelta(seconds=timeout_s), timer)
        self._waiters.append(entry)
        self.waiting.set()
        signal = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({signal, timer}, return_when=asyncio.FIRST_COMPLETED)
            return event.is_set()
        finally:
            signal.cancel()
            timer.cancel()
            if entry in self._waiters:
                self._waiters.remove(entry)

    def advance(self, **delta: float) -> datetime:
        """Move time on, e.g. `advance(hours=3)`; whoever waited until then wakes."""
        self._now += timedelta(**delta)
        for deadline, timer in sorted(self._waiters, key=lambda entry: entry[0]):
            if deadline <= self._now and not timer.done():
                timer.set_result(None)
        return self._now
