"""Keeps the background loops alive: one that raises is logged and started again with a growing wait, until the stop.

It knows nothing of what loops do. What they report (failing or not) is shown by /readyz and /metrics.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from sms.clock import Clock

log = structlog.get_logger()

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0


class TryLaterError(Exception):
    """What a loop depends on is away: `reason` is a code, `after_s` how long to leave it alone where that is known."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after_s = after_s


@dataclass(slots=True)
class Loop:
    """One background loop: `work` is called again and again, at once while it returns True, else after `every_s`.

    `wake` makes it look sooner. A loop that `may_be_cut` is cancelled at the stop; any other ends its pass first.
    """

    name: str
    work: Callable[[], Awaitable[bool]]
    every_s: float
    may_be_cut: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0
    """In a row; 0 while all is well."""
    failure: str = ""
    passes: int = 0


class Supervisor:
    """Starts loops, watches over them, stops them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stopping = False
        self._tasks: dict[str, tuple[Loop, asyncio.Task[None]]] = {}

    def start(self, loop: Loop) -> None:
        """Run `loop` until the stop."""
        task = asyncio.create_task(self._run(loop), name=loop.name)
        self._tasks[loop.name] = (loop, task)

    @property
    def loops(self) -> list[Loop]:
        """Every loop that was started."""
        return [loop for loop, _ in self._tasks.values()]

    def failing(self) -> list[str]:
        """The names of loops whose last pass raised."""
        return [loop.name for loop in self.loops if loop.failures]

    async def stop(self, grace_s: float) -> None:
        """Let every pass under way end within `grace_s`, then cancel what has not."""
        self._stopping = True
        for loop, task in self._tasks.values():
            loop.wake.set()
            if loop.may_be_cut:
                task.cancel()
        tasks = [task for _, task in self._tasks.values()]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace_s)
        for task in late:
            log.warning("a loop did not end in time", loop=task.get_name())
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, loop: Loop) -> None:
        while not self._stopping:
            loop.wake.clear()
            busy, wait_s = await self._pass(loop)
            if not busy and not self._stopping:
                await self._clock.wait(loop.wake, wait_s)

    async def _pass(self, loop: Loop) -> tuple[bool, float]:
        try:
            busy = await loop.work()
        except TryLaterError as error:
            wait_s = _count(loop, error.reason)
            log.warning("a loop waits", loop=loop.name, reason=error.reason)
            return False, wait_s if error.after_s is None else error.after_s
        except Exception as error:  # a loop outlives whatever befell one pass
            wait_s = _count(loop, type(error).__name__)
            log.error("a loop stumbled", loop=loop.name, again_in_s=wait_s, exc_info=True)
            return False, wait_s
        loop.passes += 1
        loop.failures, loop.failure = 0, ""
        return busy, loop.every_s


def _count(loop: Loop, failure: str) -> float:
    loop.failures += 1
    loop.failure = failure
    return min(_FIRST_WAIT_S * 2.0 ** min(loop.failures - 1, 10), _LONGEST_WAIT_S)
