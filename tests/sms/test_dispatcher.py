"""From pending to sent: in order within a ticket, in batches, each once, and one bad row stops nothing."""

from __future__ import annotations

import asyncio

from sqlalchemy import update

from sms.sender import OutgoingNotice
from sms.tables import notices
from tests.sms.conftest import Post, ScriptedSender, outcome


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


async def test_outcomes_are_counted(post: Post) -> None:
    await post.put(post.notice(), post.notice(ticket_id=2))
    dispatcher = post.dispatcher(ScriptedSender(outcome("refused")))
    await dispatcher.drain()
    assert dispatcher.counts == {("sms", "refused"): 1, ("sms", "accepted"): 1}
