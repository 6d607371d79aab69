"""Waking a loop after every commit would keep it at nothing else; this wakes it at once, and then only so often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Throttle:
    """Passes calls on to `act`: the first at once, those within `every_s` after it as one at the end of that time."""

    def __init__(self, act: Callable[[], None], every_s: float) -> None:
        self._act, self._every_s = act, every_s
        self._resting: asyncio.TimerHandle | None = None
        self._asked = False

    def __call__(self) -> None:
        """Act now or soon. Cheap."""
        if self._resting is not None:
            self._asked = True
            return
        self._act()
        self._resting = asyncio.get_running_loop().call_later(self._every_s, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if self._asked:
            self._asked = False
            self()
