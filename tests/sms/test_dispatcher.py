"""From pending to sent: order, retries, ambiguity, leases, lanes, stopping."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from sms.claims import lease, record
from sms.follow_up import Patience
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice
from sms.tables import notices
from tests.sms.conftest import Post, ScriptedSender, accepted, outcome


async def test_notice_goes_out_opened_and_is_recorded(post: Post) -> None:
    notice_id = await post.put_one(text="کد", account="3000", choices=(("yes", "بله"),), headers={"subject": "x"})
    sender = ScriptedSender()
    assert await post.dispatcher(sender).drain() == 1
    assert sender.sent == [
        OutgoingNotice(notice_id, "3000", "+989121234567", "کد", (("yes", "بله"),), {"subject": "x"})
    ]
    row = await post.row(notice_id)
    assert (row["state"], row["provider"], row["provider_id"]) == ("accepted", "scripted", f"p{notice_id}")
    assert (row["fence"], row["leased_until"], row["sent_at"]) == (None, None, post.clock.now())


async def test_threat_28_steps_of_one_ticket_go_in_order_whatever_fails(post: Post) -> None:
    tickets = 20
    steps = await post.put(*(post.notice(step=step, ticket_id=one) for step in range(1, 8) for one in range(tickets)))
    troubles = ("retry", "ambiguous", "retry", "accepted", "ambiguous")
    sender = ScriptedSender(*(outcome(troubles[i % 5], provider_id=f"s{i}") for i in range(200)))
    sender.answers_to_asking = [outcome("retry"), outcome("accepted", provider_id="found")] * 50
    await post.drain_patiently(post.dispatcher(sender), steps=200, seconds=60)
    order = [notice.id for notice in sender.sent]
    by_ticket = [[i for i in order if (i - steps[0]) % tickets == ticket] for ticket in range(tickets)]
    assert all(went == sorted(went) and len(went) == 7 for went in by_ticket)


async def test_later_notice_waits_for_an_earlier_one_of_its_ticket(post: Post) -> None:
    first, second = await post.put(post.notice(), post.notice())
    sender = ScriptedSender(outcome("retry", "busy"))
    dispatcher = post.dispatcher(sender)
    await dispatcher.drain()
    assert await post.states() == ["pending", "pending"]
    post.clock.advance(seconds=5)
    await dispatcher.drain()
    assert sender.calls == [[first], [first], [second]]


async def test_other_tickets_and_recipients_do_not_wait(post: Post) -> None:
    _, citizen, inspector = await post.put(
        post.notice(), post.notice(ticket_id=2), post.notice(recipient="+989350000000", kind="dispatch")
    )
    sender = ScriptedSender(outcome("retry"))
    await post.dispatcher(sender).drain()
    assert [notice.id for notice in sender.sent] == [citizen, inspector]


async def test_reply_without_a_ticket_waits_for_nothing(post: Post) -> None:
    await post.put(post.notice(ticket_id=None, kind="reply"), post.notice(ticket_id=None, kind="reply"))
    sender = ScriptedSender(outcome("retry"))
    await post.dispatcher(sender).drain()
    assert len(sender.sent) == 1


async def test_batch_is_at_most_what_the_sender_takes(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket) for ticket in range(450)))
    sender = ScriptedSender()
    assert await post.dispatcher(sender).drain() == 450
    assert [len(call) for call in sender.calls] == [200, 200, 50]


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
        async def send(self, notices: object) -> list[SendOutcome]:  # type: ignore[override]
            return []

    await post.put_one()
    await post.dispatcher(ScriptedSender(RuntimeError("key=SECRET"))).drain()
    assert await post.states() == ["ambiguous"]
    await post.put_one(ticket_id=2)
    await post.dispatcher(Miscounting()).drain()
    assert await post.states() == ["ambiguous", "ambiguous"]


async def test_lease_of_a_dead_process_is_asked_about_not_resent(post: Post) -> None:
    notice_id = await post.put_one()
    now = post.clock.now()
    await post.database.write(
        lambda tx: lease(tx, [notice_id], "sending", now + timedelta(seconds=60))  # type: ignore[arg-type]
    )
    sender = ScriptedSender()
    sender.answers_to_asking = [outcome("accepted", provider_id="was-sent")]
    dispatcher = post.dispatcher(sender)
    assert await dispatcher.drain() == 0
    post.clock.advance(seconds=60)
    await dispatcher.drain()
    assert (sender.calls, sender.asked) == ([], [[notice_id]])
    assert (await post.row(notice_id))["provider_id"] == "was-sent"


async def test_on_sqlite_a_restart_need_not_wait_for_leases(post: Post) -> None:
    notice_id = await post.put_one()
    later = post.clock.now() + timedelta(seconds=60)
    await post.database.write(lambda tx: lease(tx, [notice_id], "sending", later))  # type: ignore[arg-type]
    recovered = await post.dispatcher(ScriptedSender()).recover()
    assert recovered == (1 if post.database.dialect == "sqlite" else 0)


async def test_late_writer_is_refused(post: Post) -> None:
    notice_id = await post.put_one()
    until = post.clock.now() + timedelta(seconds=60)
    old = await post.database.write(lambda tx: lease(tx, [notice_id], "sending", until))  # type: ignore[arg-type]
    await post.database.write(lambda tx: lease(tx, [notice_id], "sending", until))  # type: ignore[arg-type]
    before = dict(await post.row(notice_id))
    late = {name: before[name] for name in ("due_at", "attempts", "asks", "sent_at", "finished_at", "prefix_index")}
    late |= {"notice_id": notice_id, "state": "failed", "reason": "late", "provider": None, "provider_id": None}
    await post.database.write(lambda tx: record(tx, old, [late]))  # type: ignore[arg-type]
    assert dict(await post.row(notice_id)) == before


async def test_two_dispatchers_on_one_database_send_each_notice_once(post: Post) -> None:
    ids = await post.put(*(post.notice(ticket_id=ticket) for ticket in range(300)))
    first, second = ScriptedSender(), ScriptedSender()
    await asyncio.gather(post.dispatcher(first).drain(), post.dispatcher(second).drain())
    await post.dispatcher(first).drain()
    assert sorted(notice.id for notice in first.sent + second.sent) == ids


async def test_tampered_row_is_set_aside_and_stops_nothing(post: Post) -> None:
    bad, good = await post.put(post.notice(), post.notice(ticket_id=2))
    await post.database.write(
        lambda tx: tx.execute(update(notices).where(notices.c.id == bad).values(body=b"\x01" + bytes(40)))  # type: ignore[arg-type, return-value]
    )
    sender = ScriptedSender()
    await post.dispatcher(sender).drain()
    assert [notice.id for notice in sender.sent] == [good]
    assert ((await post.row(bad))["state"], (await post.row(bad))["reason"]) == ("failed", "unreadable")


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


async def test_outcomes_are_counted(post: Post) -> None:
    await post.put(post.notice(), post.notice(ticket_id=2))
    dispatcher = post.dispatcher(ScriptedSender(outcome("refused")))
    await dispatcher.drain()
    assert dispatcher.counts == {("sms", "refused"): 1, ("sms", "accepted"): 1}


def test_waits_are_spread_so_that_a_crowd_parts() -> None:
    patience = Patience()
    assert patience.back_off(0, 0.0) == timedelta(seconds=4)
    assert patience.back_off(0, 1.0) == timedelta(seconds=6)
    assert patience.back_off(500, 1.0) == timedelta(seconds=1080)
    assert Outcome.RETRY == "retry"
