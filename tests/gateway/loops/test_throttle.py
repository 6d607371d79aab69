"""A throttle acts at once, gathers what comes too soon into one more act, and forgets no last call."""

from __future__ import annotations

import asyncio

from gateway.loops.throttle import Throttle


async def test_calls_that_come_too_soon_become_one() -> None:
    acts = asyncio.Queue[None]()
    throttle = Throttle(lambda: acts.put_nowait(None), every_s=0.02)
    throttle()
    assert acts.qsize() == 1, "the first acts at once"
    for _ in range(50):
        throttle()
    assert acts.qsize() == 1
    acts.get_nowait()
    async with asyncio.timeout(60):
        await acts.get()
    assert acts.empty()
    throttle()
    async with asyncio.timeout(60):
        await acts.get()
