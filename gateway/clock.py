"""The clock of the running gateway. Everything that needs the time is handed one; nothing else reads the system's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """`sms.clock.Clock` on the machine's own time."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        """Wait until `event` is set (True) or `timeout_s` have passed (False)."""
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            return event.is_set()
        return True
