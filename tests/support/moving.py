"""A clock that goes with the system's until a test hurries it: from then on time runs a hundred times as fast."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

_SPEED = 100


class MovingClock:
    """Back-offs and leases of minutes pass in moments, in their order and with everything that hangs on them."""

    def __init__(self) -> None:
        self._hurried_at: datetime | None = None
        self._hurried = asyncio.Event()

    def now(self) -> datetime:
        real = datetime.now(UTC)
        return real if self._hurried_at is None else self._hurried_at + (real - self._hurried_at) * _SPEED

    def hurry(self) -> None:
        """Time runs fast from now on, for those who wait already as well."""
        self._hurried_at = datetime.now(UTC)
        self._hurried.set()

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        if not self._hurried.is_set():
            waits = [asyncio.ensure_future(each.wait()) for each in (event, self._hurried)]
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            for each in waits:
                each.cancel()
        if self._hurried.is_set() and not event.is_set():
            signal = asyncio.ensure_future(event.wait())
            await asyncio.wait({signal}, timeout=timeout_s / _SPEED)
            signal.cancel()
        return event.is_set()
