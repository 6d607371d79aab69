"""Loops: called again, woken early, restarted after a fault, stopped without losing a pass under way."""

from __future__ import annotations

import asyncio

import pytest

from gateway.loops.supervisor import Loop, Supervisor
from tests.support.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


class Work:
    """Counts its passes; raises or says it is busy as often as it is told to."""

    def __init__(self, *, busy: int = 0, failing: int = 0) -> None:
        self.passes = 0
        self.busy, self.failing = busy, failing
        self._changed = asyncio.Condition()

    async def __call__(self) -> bool:
        self.passes += 1
        async with self._changed:
            self._changed.notify_all()
        if self.failing:
            self.failing -= 1
            raise LookupError("not found")
        self.busy -= 1
        return self.busy >= 0

    async def reach(self, passes: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.passes >= passes)


async def idle(clock: ManualClock) -> None:
    """Until some loop waits on the clock."""
    clock.waiting.clear()
    await clock.waiting.wait()


async def test_a_loop_goes_on_while_busy_then_waits_its_time(clock: ManualClock) -> None:
    supervisor, work = Supervisor(clock), Work(busy=3)
    supervisor.start(Loop("work", work, every_s=60))
    await idle(clock)
    assert work.passes == 4
    clock.advance(seconds=61)
    await work.reach(5)
    await supervisor.stop(grace_s=5)


async def test_a_loop_is_woken_early(clock: ManualClock) -> None:
    supervisor, work = Supervisor(clock), Work()
    loop = Loop("work", work, every_s=3600)
    supervisor.start(loop)
    await idle(clock)
    loop.wake.set()
    await work.reach(2)
    await supervisor.stop(grace_s=5)


async def test_a_loop_that_raises_is_started_again_later_and_later(clock: ManualClock) -> None:
    supervisor, work = Supervisor(clock), Work(failing=2)
    loop = Loop("work", work, every_s=3600)
    supervisor.start(loop)
    await idle(clock)
    assert supervisor.failing() == ["work"]
    assert loop.failure == "LookupError"
    clock.advance(seconds=1.1)
    await idle(clock)
    assert (work.passes, loop.failures) == (2, 2)
    clock.advance(seconds=1.1)
    await asyncio.sleep(0)
    assert work.passes == 2, "the second wait is longer"
    clock.advance(seconds=1)
    await idle(clock)
    assert work.passes == 3
    assert supervisor.failing() == []
    await supervisor.stop(grace_s=5)


async def test_the_stop_lets_a_pass_end(clock: ManualClock) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> bool:
        begun.set()
        await may_end.wait()
        ended.set()
        return True

    supervisor = Supervisor(clock)
    supervisor.start(Loop("slow", work, every_s=1))
    await begun.wait()
    stopping = asyncio.create_task(supervisor.stop(grace_s=30))
    may_end.set()
    await stopping
    assert ended.is_set()


@pytest.mark.parametrize(("may_be_cut", "grace_s"), [(True, 30.0), (False, 0.01)], ids=["may be cut", "out of time"])
async def test_the_stop_cancels_what_may_be_cut_and_what_takes_too_long(
    clock: ManualClock, may_be_cut: bool, grace_s: float
) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def work() -> bool:
        begun.set()
        return await never.wait()

    supervisor = Supervisor(clock)
    supervisor.start(Loop("endless", work, every_s=1, may_be_cut=may_be_cut))
    await begun.wait()
    await supervisor.stop(grace_s)
    assert not never.is_set()
