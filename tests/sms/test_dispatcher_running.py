"""The dispatcher as it runs: lanes that hold each other up in nothing, waking on a nudge, and stopping."""

from __future__ import annotations

import asyncio

from sms.outcome import SendOutcome
from tests.sms.conftest import Post, ScriptedSender, accepted


class SlowSender(ScriptedSender):
    """Answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.release = asyncio.Event(), asyncio.Event()

    async def send(self, notices: object) -> list[SendOutcome]:  # type: ignore[override]
        self.started.set()
        await self.release.wait()
        return [accepted(notice) for notice in notices]  # type: ignore[attr-defined]


async def test_slow_texts_hold_up_no_bot_and_no_writer(post: Post) -> None:
    slow, bots = SlowSender(), ScriptedSender()
    await post.put(post.notice(), post.notice(medium="bot", recipient="42"))
    dispatcher = post.dispatcher(slow, bot=bots)
    running = asyncio.create_task(dispatcher.run())
    await slow.started.wait()
    await post.put_one(medium="bot", recipient="43", ticket_id=2)  # the store takes writes meanwhile
    while len(bots.sent) < 2:
        dispatcher.nudge()
        await asyncio.sleep(0)
    slow.release.set()
    await dispatcher.stop()
    await running
    assert await post.states() == ["accepted"] * 3


async def test_stopping_lets_the_call_under_way_end(post: Post) -> None:
    slow = SlowSender()
    await post.put_one()
    dispatcher = post.dispatcher(slow)
    running = asyncio.create_task(dispatcher.run())
    await slow.started.wait()
    stopping = asyncio.create_task(dispatcher.stop(grace_s=5))
    await post.clock.waiting.wait()
    slow.release.set()
    await asyncio.gather(stopping, running)
    assert await post.states() == ["accepted"]


async def test_stopping_lets_go_after_its_grace_and_the_next_start_asks(post: Post) -> None:
    slow = SlowSender()
    notice_id = await post.put_one()
    dispatcher = post.dispatcher(slow)
    running = asyncio.create_task(dispatcher.run())
    await slow.started.wait()
    stopping = asyncio.create_task(dispatcher.stop(grace_s=5))
    while not stopping.done():
        post.clock.advance(seconds=5)
        await asyncio.sleep(0)
    await running
    assert await post.states() == ["sending"]
    post.clock.advance(seconds=60)
    sender = ScriptedSender()
    await post.dispatcher(sender).drain()
    assert (sender.calls, sender.asked) == ([], [[notice_id]])


async def test_running_dispatcher_wakes_on_a_nudge(post: Post) -> None:
    sender = SlowSender()
    sender.release.set()
    dispatcher = post.dispatcher(sender)
    running = asyncio.create_task(dispatcher.run())
    await post.put_one()
    dispatcher.nudge()
    await sender.started.wait()
    await dispatcher.stop()
    await running
    assert await post.states() == ["accepted"]
