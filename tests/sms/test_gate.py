"""The gate: shut while sending is pointless, so that no notice burns its tries; then one to see."""

from __future__ import annotations

import pytest

from tests.sms.conftest import Post, ScriptedSender, outcome


@pytest.mark.parametrize("reason", ["no_credit", "bad_key"])
async def test_threat_26_exhausted_account_pauses_and_burns_no_tries(post: Post, reason: str) -> None:
    ids = await post.put(*(post.notice(ticket_id=ticket) for ticket in range(500)))
    sender = ScriptedSender(*[outcome("paused", reason)] * 203)
    dispatcher = post.dispatcher(sender)
    await dispatcher.drain()
    assert dispatcher.paused() == {"sms": reason}
    assert [len(call) for call in sender.calls] == [200]
    for _ in range(3):
        post.clock.advance(minutes=5)
        await dispatcher.drain()
    assert [len(call) for call in sender.calls[1:4]] == [1, 1, 1]
    assert {(await post.row(i))["attempts"] for i in ids[:5]} == {0}
    await post.drain_patiently(dispatcher, seconds=300)
    assert dispatcher.paused() == {}
    assert len(sender.sent) == 500


async def test_threat_18_failing_provider_is_left_alone_for_a_while(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket) for ticket in range(1100)))
    sender = ScriptedSender(*[outcome("retry", "busy")] * 1001)
    dispatcher = post.dispatcher(sender)
    await dispatcher.drain()
    assert len(sender.calls) == 5
    assert dispatcher.paused() == {"sms": "busy"}
    assert (await post.states()).count("pending") == 1100
    post.clock.advance(seconds=10)
    await dispatcher.drain()
    assert len(sender.calls[5]) == 1
    await post.drain_patiently(dispatcher, steps=20, seconds=60)
    assert len(sender.sent) == 1100


async def test_outage_is_probed_every_minute(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket) for ticket in range(5)))
    sender = ScriptedSender(*[outcome("retry", "busy")] * 400)
    dispatcher = post.dispatcher(sender)
    for minute in range(20):
        await post.put_one(ticket_id=100 + minute)
        calls = len(sender.calls)
        post.clock.advance(seconds=60)
        await dispatcher.drain()
        assert len(sender.calls) > calls
        assert minute < 5 or len(sender.calls[-1]) == 1


async def test_one_bots_revoked_token_does_not_stop_the_other(post: Post) -> None:
    await post.put(
        *(post.notice(ticket_id=n, medium="bot", account="bale" if n % 2 else "telegram") for n in range(10))
    )

    class Bots(ScriptedSender):
        async def send(self, notices):  # type: ignore[no-untyped-def]
            self.script = [
                outcome("paused", "bad_token") if notice.account == "bale" else outcome("accepted", provider_id="x")
                for notice in notices
            ]
            return await super().send(notices)

    sender = Bots()
    dispatcher = post.dispatcher(sender, medium="bot")
    await dispatcher.drain()
    assert dispatcher.paused() == {"bot:bale": "bad_token"}
    await post.put_one(ticket_id=50, medium="bot", account="telegram")
    await dispatcher.drain()
    assert len(sender.sent) == 6


async def test_asking_goes_on_being_tried_after_a_pause(post: Post) -> None:
    await post.put_one()
    sender = ScriptedSender(outcome("ambiguous"))
    sender.answers_to_asking = [outcome("paused", "bad_key"), outcome("accepted", provider_id="9")]
    dispatcher = post.dispatcher(sender)
    await dispatcher.drain()
    post.clock.advance(seconds=5)
    await dispatcher.drain()
    assert dispatcher.paused() == {"sms": "bad_key"}
    assert await post.states() == ["ambiguous"]
    post.clock.advance(seconds=30)
    await dispatcher.drain()
    assert await post.states() == ["accepted"]
