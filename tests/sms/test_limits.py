"""Budgets: what one number, and its neighbours, may cost."""

from __future__ import annotations

from sms.limits import Limits
from sms.mobile import is_mobile, prefix_of
from tests.sms.conftest import Post, ScriptedSender, outcome


async def test_threat_33_number_over_its_day_is_put_off_and_nothing_is_lost(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket) for ticket in range(25)))
    sender = ScriptedSender()
    dispatcher = post.dispatcher(sender, limits=Limits(sms_per_number_per_day=20))
    await dispatcher.drain()
    assert len(sender.sent) == 20
    assert sorted(await post.states()) == ["accepted"] * 20 + ["pending"] * 5
    post.clock.advance(hours=1)
    await dispatcher.drain()
    assert len(sender.sent) == 20
    post.clock.advance(hours=23)
    await dispatcher.drain()
    assert len(sender.sent) == 25
    assert {(await post.row(notice.id))["attempts"] for notice in sender.sent} == {0}


async def test_threat_33_adjacent_numbers_share_a_budget(post: Post) -> None:
    victims = [f"+98912345{last:04d}" for last in range(300)]
    await post.put(*(post.notice(ticket_id=ticket, recipient=to) for ticket, to in enumerate(victims)))
    await post.put_one(ticket_id=999, recipient="+989350000000")
    sender = ScriptedSender()
    dispatcher = post.dispatcher(sender, limits=Limits(sms_per_prefix_per_hour=200))
    await dispatcher.drain()
    assert len(sender.sent) == 201
    assert sender.sent[-1].recipient == "+989350000000"
    post.clock.advance(hours=1)
    await dispatcher.drain()
    assert len(sender.sent) == 301


async def test_put_off_notice_says_why_and_keeps_its_place_in_the_ticket(post: Post) -> None:
    first, second, third = await post.put(post.notice(), post.notice(), post.notice())
    sender = ScriptedSender()
    dispatcher = post.dispatcher(sender, limits=Limits(sms_per_number_per_day=1))
    await dispatcher.drain()
    assert [(await post.row(i))["reason"] for i in (first, second, third)] == ["", "budget", ""]
    for _ in range(60):
        post.clock.advance(hours=1)
        await dispatcher.drain()
    assert [notice.id for notice in sender.sent] == [first, second, third]


async def test_inspectors_and_other_media_cost_no_budget(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket, kind="dispatch") for ticket in range(3)))
    await post.put(*(post.notice(ticket_id=ticket, medium="bot", recipient="42") for ticket in range(3)))
    texts, bots = ScriptedSender(), ScriptedSender()
    await post.dispatcher(texts, bot=bots, limits=Limits(1, 1)).drain()
    assert (len(texts.sent), len(bots.sent)) == (3, 3)
    await post.put_one(ticket_id=9)
    await post.dispatcher(texts, limits=Limits(1, 1)).drain()
    assert len(texts.sent) == 4, "what inspectors were sent is charged to nobody"


async def test_no_limit_is_no_limit(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=ticket) for ticket in range(50)))
    sender = ScriptedSender()
    await post.dispatcher(sender, limits=Limits()).drain()
    assert len(sender.sent) == 50


async def test_refused_text_costs_no_budget(post: Post) -> None:
    await post.put(post.notice(ticket_id=1))
    limits = Limits(sms_per_number_per_day=1)
    await post.dispatcher(ScriptedSender(outcome("refused")), limits=limits).drain()
    await post.put(post.notice(ticket_id=2))
    sender = ScriptedSender()
    await post.dispatcher(sender, limits=limits).drain()
    assert len(sender.sent) == 1


def test_prefix_is_the_number_less_four_digits() -> None:
    assert prefix_of("+989123456789") == "+98912345"
    assert is_mobile("+989123456789")
    assert not any(is_mobile(number) for number in ("+98912345678", "+9891234567890", "989123456789", "+98912345678a"))
