"""Time as a part that can be swapped: what the loops need from a clock, real or moved by hand."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of time. `now` is aware UTC."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        """Wait until `event` is set (True) or `timeout_s` have passed on this clock (False)."""
        ...
