"""Polling for receipts: every interval while young, ever more seldom, and no longer than the provider can say."""

from __future__ import annotations

from sms.poller import ReceiptPoller
from sms.providers.kavenegar import Kavenegar
from tests.sms.conftest import Post
from tests.support.fakes.kavenegar import FakeKavenegar


async def _send(post: Post, kavenegar: Kavenegar, count: int = 1) -> None:
    await post.put(*(post.notice(ticket_id=n, recipient=f"+98912000{n:04d}") for n in range(count)))
    await post.dispatcher(kavenegar).drain()


async def test_receipts_are_fetched_five_hundred_at_a_time(
    post: Post, fake: FakeKavenegar, kavenegar: Kavenegar
) -> None:
    await _send(post, kavenegar, 1100)
    for message in fake.messages.values():
        message.status = 10
    poller = ReceiptPoller(post.database, kavenegar, post.clock, every_s=60)
    assert await poller.poll_once() == 1100
    assert [len(call["messageid"].split(",")) for call in fake.calls("status")] == [500, 500, 100]
    assert set(await post.states()) == {"delivered"}
    post.clock.advance(hours=1)
    assert await poller.poll_once() == 0
    assert len(fake.calls("status")) == 3


async def test_undelivered_text_fails_with_its_reason(post: Post, fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    await _send(post, kavenegar)
    next(iter(fake.messages.values())).status = 11
    await ReceiptPoller(post.database, kavenegar, post.clock, every_s=60).poll_once()
    row = await post.row(7_000_000_000_000)
    assert (row["state"], row["reason"], row["finished_at"]) == ("failed", "undelivered", post.clock.now())


async def test_old_text_is_asked_about_ever_more_seldom_and_then_no_more(
    post: Post, fake: FakeKavenegar, kavenegar: Kavenegar
) -> None:
    await _send(post, kavenegar)
    poller = ReceiptPoller(post.database, kavenegar, post.clock, every_s=60)
    asked = []
    for _ in range(50):
        before = len(fake.calls("status"))
        for _ in range(12):
            await poller.poll_once()
            post.clock.advance(minutes=5)
        asked.append(len(fake.calls("status")) - before)
    assert asked[0] > asked[1] > asked[5] >= 1
    assert 30 < sum(asked) < 60
    assert asked[48:] == [0, 0]
