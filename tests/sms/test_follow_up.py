"""After a failed try: waits that grow, giving up, and asking what became of a notice before sending it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from sms.follow_up import Patience
from sms.outcome import Outcome, SendOutcome
from sms.tables import notices
from tests.sms.conftest import Post, ScriptedSender, outcome


async def test_first_retry_comes_within_a_minute_and_then_backs_off(post: Post) -> None:
    notice_id = await post.put_one()
    dispatcher = post.dispatcher(ScriptedSender(*[outcome("retry", "busy")] * 12))
    waits = []
    for _ in range(12):
        for _ in range(20):  # a shut gate may hold it a little longer than its own wait
            if await dispatcher.drain():
                break
            post.clock.advance(seconds=10)
        waits.append((await post.due_in(notice_id)).total_seconds())
        post.clock.advance(seconds=waits[-1])
    assert waits[0] <= 60
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    assert (await post.row(notice_id))["reason"] == "busy"


async def test_provider_may_say_when_to_come_back(post: Post) -> None:
    notice_id = await post.put_one(medium="bot", recipient="42")
    await post.dispatcher(ScriptedSender(outcome("retry", "flood", retry_after_s=37)), medium="bot").drain()
    assert await post.due_in(notice_id) == timedelta(seconds=37)


async def test_given_up_after_two_days_but_never_before_ten_tries(post: Post) -> None:
    young, old = await post.put(post.notice(), post.notice(ticket_id=2))
    post.clock.advance(days=3)
    await post.database.write(
        lambda tx: tx.execute(update(notices).where(notices.c.id == old).values(attempts=9))  # type: ignore[arg-type, return-value]
    )
    await post.dispatcher(ScriptedSender(outcome("retry"), outcome("retry"))).drain()
    assert [(await post.row(i))["state"] for i in (young, old)] == ["pending", "failed"]
    assert (await post.row(old))["reason"] == "gave_up"


async def test_refused_notice_fails_and_lets_the_next_go(post: Post) -> None:
    await post.put(post.notice(), post.notice())
    await post.dispatcher(ScriptedSender(outcome("refused", "bad_receptor"))).drain()
    assert await post.states() == ["failed", "accepted"]


async def test_ambiguous_notice_is_asked_about_before_anything_else(post: Post) -> None:
    notice_id = await post.put_one()
    sender = ScriptedSender(outcome("ambiguous", "no_answer"))
    sender.answers_to_asking = [outcome("accepted", provider_id="77")]
    dispatcher = post.dispatcher(sender)
    await dispatcher.drain()
    assert (await post.row(notice_id))["state"] == "ambiguous"
    assert await dispatcher.drain() == 0
    post.clock.advance(seconds=5)
    await dispatcher.drain()
    row = await post.row(notice_id)
    assert (row["state"], row["provider_id"], len(sender.calls), len(sender.asked)) == ("accepted", "77", 1, 1)
    assert row["attempts"] == 1


async def test_certainly_unknown_notice_is_sent_again_under_the_same_id(post: Post) -> None:
    notice_id = await post.put_one()
    sender = ScriptedSender(outcome("ambiguous"))
    sender.answers_to_asking = [outcome("retry", "not_sent")]
    await post.drain_patiently(post.dispatcher(sender))
    assert sender.calls == [[notice_id], [notice_id]]
    assert await post.states() == ["accepted"]


@pytest.mark.parametrize(("resend", "state"), [(True, "accepted"), (False, "failed")])
async def test_fruitless_asking_ends_as_the_medium_says(post: Post, resend: bool, state: str) -> None:
    notice_id = await post.put_one(medium="email", recipient="a@b.example")
    sender = ScriptedSender(outcome("ambiguous"), resend_when_unknown=resend)
    await post.drain_patiently(post.dispatcher(sender, medium="email"))
    row = await post.row(notice_id)
    assert (row["state"], len(sender.asked)) == (state, 3)
    assert row["reason"] == ("" if resend else "unknown")


async def test_sender_that_raises_or_miscounts_leaves_it_ambiguous(post: Post) -> None:
    class Miscounting(ScriptedSender):
        async def send(notices: object) -> list[SendOutcome]:  # type: ignore[override]
            return []

    await post.put_one()
    await post.dispatcher(ScriptedSender(RuntimeError("key=SECRET"))).drain()
    assert await post.states() == ["ambiguous"]
    await post.put_one(ticket_id=2)
    await post.dispatcher(Miscounting()).drain()
    assert await post.states() == ["ambiguous", "ambiguous"]


def test_waits_are_spread_so_that_a_crowd_parts() -> None:
    patience = Patience()
    assert patience.back_off(0, 0.0) == timedelta(seconds=4)
    assert patience.back_off(0, 1.0) == timedelta(seconds=6)
    assert patience.back_off(500, 1.0) == timedelta(seconds=1080)
    assert Outcome.RETRY == "retry"
