"""The citizen's objection to a close and their withdrawal: where it leads, once, in time, and what is told."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.day import TEHRAN
from normalizer.report import Report, Sender
from sms.tables import notices
from tests.support.staging import NOW, PHONE, a_ticket, act, close, put, today, told
from ticketing import desk
from ticketing.citizen_actions import OBJECT, WITHDRAW
from ticketing.database import Database
from ticketing.errors import Conflict, Invalid, KeyReused
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import events, remarks
from ticketing.ticket import Identity, Ticket
from ticketing.tracking import status_of, take_action

WORDS = "بازرس به جای دیگری رفته بود"
Crew = dict[str, Staff]


async def closed_as(database: Database, rules: Rules, outcome: str, step: int = 5, **changes: Any) -> Ticket:
    ticket = a_ticket(rules, State(step, "evaluator"), **changes)
    await put(database, rules, ticket)
    await close(database, rules, ticket, outcome)
    return ticket


async def objects(
    database: Database, rules: Rules, ticket: Ticket, at: datetime = NOW, key: str | None = None, text: str = WORDS
) -> dict[str, Any]:
    body = {"text": text}
    return await take_action(database, rules, ticket, OBJECT, body, at, key=key, body_hash=text.encode())


async def seen_by(database: Database, rules: Rules, staff: Staff, ticket: Ticket) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, staff, ticket.code, NOW)


@pytest.mark.parametrize(("outcome", "step"), [("unrelated", 2), ("settled", 3), ("no_violation", 5)])
async def test_an_objection_opens_the_ticket_again_for_the_evaluator_and_texts_nobody(
    database: Database, rules: Rules, crew: Crew, outcome: str, step: int
) -> None:
    ticket = await closed_as(database, rules, outcome, step)
    before = await status_of(database.read, rules, await today(database, rules, ticket), NOW)
    assert before["actions"] == [{"action": "object", "until": "2026-12-11"}]
    status = await objects(database, rules, ticket)
    assert (status["status"], status["outcome"], status["step_number"]) == ("open", None, step)
    assert (status["waiting_for"], status["objected_at"]) == ("evaluator", NOW.isoformat())
    assert status["due_on"] == "2026-11-24"
    picture = await seen_by(database, rules, crew["evaluator"], ticket)
    assert told(picture) == [("close", None)]
    assert picture["timeline"][-1] == {
        "number": 3,
        "kind": "object",
        "actor": "citizen",
        "at": NOW.isoformat(),
        "data": {"text": WORDS},
    }


async def test_the_words_of_an_objection_are_sealed(database: Database, rules: Rules) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    await objects(database, rules, ticket)
    assert "بازرس" not in repr([row["data"] for row in await database.read(select(events))])
    (row,) = await database.read(select(remarks))
    assert WORDS in rules.vault.unseal("remarks.said", row["id"], row["said"])


@pytest.mark.parametrize(("outcome", "step"), [("withdrawn", 5), ("unreachable", 1), ("verdict", 7), ("merged", 2)])
async def test_what_is_no_decision_of_124_is_not_objected_to(
    database: Database, rules: Rules, outcome: str, step: int
) -> None:
    ticket = await closed_as(database, rules, outcome, step)
    assert (await status_of(database.read, rules, await today(database, rules, ticket), NOW))["actions"] == []
    with pytest.raises(Conflict) as refusal:
        await objects(database, rules, ticket)
    assert refusal.value.code == "not_at_this_step"


async def test_the_whole_last_day_in_tehran_counts_and_no_moment_more(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    over = datetime(2026, 12, 12, tzinfo=TEHRAN)
    with pytest.raises(Conflict) as refusal:
        await objects(database, rules, ticket, over)
    assert refusal.value.code == "term_over"
    assert (await status_of(database.read, rules, await today(database, rules, ticket), over))["actions"] == []
    assert (await objects(database, rules, ticket, over - timedelta(seconds=1)))["status"] == "open"


async def test_an_operator_may_take_a_late_objection_for_the_caller(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    late = NOW + timedelta(days=40)
    seen = await act(database, rules, crew["operator"], ticket, "object", at=late, text=WORDS)
    assert (seen["status"], seen["waiting_for"]) == ("open", "evaluator")
    assert seen["timeline"][-1]["actor"] == "operator"


async def test_one_objection_for_each_close_however_many_come_at_once(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    outcomes = await asyncio.gather(*(objects(database, rules, ticket) for _ in range(5)), return_exceptions=True)
    assert sorted(isinstance(each, Conflict) for each in outcomes) == [False, True, True, True, True]
    await act(database, rules, crew["evaluator"], ticket, "no_violation", answer="بازرسی درست بود")
    assert (await objects(database, rules, ticket))["status"] == "open"
    picture = await seen_by(database, rules, crew["evaluator"], ticket)
    assert [event["kind"] for event in picture["timeline"]].count("object") == 2
    assert told(picture) == [("close", None), ("close", None)]


async def test_a_keyed_objection_is_recorded_once_and_answered_alike(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    first, *rest = await asyncio.gather(*(objects(database, rules, ticket, key="k") for _ in range(5)))
    assert all(each == first for each in rest)
    await act(database, rules, crew["evaluator"], ticket, "investigate")
    assert await objects(database, rules, ticket, key="k") == first
    with pytest.raises(KeyReused):
        await objects(database, rules, ticket, key="k", text="چیز دیگر")


@pytest.mark.parametrize("text", ["", " \u200c ", "گ" * 4001])
async def test_an_objection_without_usable_words_changes_nothing(database: Database, rules: Rules, text: str) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    with pytest.raises(Invalid):
        await objects(database, rules, ticket, text=text)
    assert not (await today(database, rules, ticket)).is_open


async def test_a_second_inspection_after_an_objection_tells_no_step_twice(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = a_ticket(rules, State(3, "dispatcher"))
    await put(database, rules, ticket)

    async def does(role: str, action: str, **body: Any) -> dict[str, Any]:
        return await act(database, rules, crew[role], ticket, action, **body)

    async def inspected() -> dict[str, Any]:
        await does("dispatcher", "dispatch", inspector="inspector")
        return await does("inspector", "inspect", violation=False, finding="تخلفی نبود")

    await inspected()
    await does("evaluator", "no_violation", answer="تخلفی دیده نشد")
    await objects(database, rules, ticket)
    handed_on = await does("evaluator", "investigate")
    assert (handed_on["step_number"], handed_on["waiting_for"]) == (5, "dispatcher")
    end = await inspected()
    assert (end["step_number"], end["waiting_for"]) == (5, "evaluator")
    assert told(end) == [("step", 4), ("dispatch", None), ("step", 5), ("close", None), ("dispatch", None)]
    assert (await does("evaluator", "refer"))["step_number"] == 6


async def test_a_settlement_that_was_objected_to_is_upheld_with_an_answer_of_that_close(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "settled", step=3)
    await objects(database, rules, ticket)
    seen = await act(database, rules, crew["evaluator"], ticket, "uphold", answer="پول شما برگشته است")
    assert (seen["status"], seen["outcome"]) == ("closed", "settled")
    status = await status_of(database.read, rules, await today(database, rules, ticket), NOW)
    assert status["answer"] == "پول شما برگشته است"
    await objects(database, rules, ticket)
    withdrawn = await take_action(database, rules, ticket, WITHDRAW, {}, NOW, key=None, body_hash=b"")
    assert (withdrawn["outcome"], withdrawn["answer"]) == ("withdrawn", None)


async def test_a_settlement_that_was_objected_to_may_be_inspected(database: Database, rules: Rules, crew: Crew) -> None:
    ticket = await closed_as(database, rules, "settled", step=3)
    await objects(database, rules, ticket)
    assert (await act(database, rules, crew["evaluator"], ticket, "investigate"))["waiting_for"] == "dispatcher"


def texted(rules: Rules, text: str, number: str, at: datetime = NOW) -> Report:
    return Report(
        "sms", "1000", number, at, text.encode(), text, sender=Sender(phone=PHONE), medium="sms", converses=True
    )


async def test_words_texted_about_a_closed_ticket_object_to_it_and_are_answered(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    accepted = await take_in(database, rules, texted(rules, f"{ticket.code} هنوز گران می‌فروشد و قیمت نزده", "1"))
    assert (accepted.result, accepted.tracking_code) == ("joined", ticket.code)
    picture = await seen_by(database, rules, crew["evaluator"], ticket)
    assert (picture["status"], picture["waiting_for"]) == ("open", "evaluator")
    assert [reply["text"] for reply in picture["replies"]] == [rules.texts.render("objected", "fa", code=ticket.code)]
    assert told(picture) == [("close", None)]


async def test_a_no_in_answer_to_our_message_objects_too(database: Database, rules: Rules, crew: Crew) -> None:
    ticket = await closed_as(
        database, rules, "no_violation", identity=Identity(email="sara@example.org"), medium="email"
    )
    (notice,) = await database.read(select(notices).where(notices.c.kind == "close"))
    said = "راضی نیستم"
    mail = Report(
        *("email", "report@124.example", "m1", NOW, said.encode(), said),
        sender=Sender(email="sara@example.org"),
        medium="email",
        replies_to=(notice["headers"]["message_id"],),
    )
    await take_in(database, rules, mail)
    assert (await today(database, rules, ticket)).is_open


async def test_a_withdrawal_of_what_is_closed_is_answered_with_how_it_stands(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    await take_in(database, rules, texted(rules, f"انصراف {ticket.code}", "1"))
    picture = await seen_by(database, rules, crew["evaluator"], ticket)
    assert (picture["outcome"], len(picture["replies"])) == ("no_violation", 1)


async def test_threat_13_words_are_never_lost_to_another_process_that_saves_the_ticket(
    database: Database, rules: Rules
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    async with Database(database.url) as other:
        keyed = [objects(each, rules, ticket, key="k") for each in (database, other) * 4]
        first, *rest = await asyncio.gather(*keyed)
        assert all(each == first for each in rest)
        said = [
            (each, f"{ticket.code} فاکتور {number} را هم ندادند") for number, each in enumerate((database, other) * 8)
        ]
        await asyncio.gather(*(take_in(each, rules, texted(rules, text, text)) for each, text in said))
    assert (await today(database, rules, ticket)).last_event == 3 + len(said)


@pytest.mark.parametrize("text", ["{code} ممنون", "پیگیری {code}", "{code}"])
async def test_a_greeting_or_a_question_about_a_closed_ticket_leaves_it_closed(
    database: Database, rules: Rules, text: str
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    await take_in(database, rules, texted(rules, text.format(code=ticket.code), "1"))
    assert not (await today(database, rules, ticket)).is_open


async def test_late_words_are_kept_with_the_ticket_and_leave_it_closed(
    database: Database, rules: Rules, crew: Crew
) -> None:
    ticket = await closed_as(database, rules, "no_violation")
    late = texted(rules, f"{ticket.code} هنوز گران می‌فروشد و قیمت نزده", "1", NOW + timedelta(days=30))
    await take_in(database, rules, late)
    picture = await seen_by(database, rules, crew["evaluator"], ticket)
    assert (picture["status"], picture["timeline"][-1]["kind"]) == ("closed", "addition")


async def test_a_citizen_withdraws_once_and_is_told_once(database: Database, rules: Rules, crew: Crew) -> None:
    ticket = a_ticket(rules, State(3, "self_regulator", timer="self_regulation"), body="")
    await put(database, rules, ticket)

    async def withdraws(key: str | None) -> dict[str, Any]:
        return await take_action(database, rules, ticket, WITHDRAW, {}, NOW, key=key, body_hash=b"")

    first = await withdraws("k")
    assert (first["status"], first["outcome"], first["actions"]) == ("closed", "withdrawn", [])
    assert await withdraws("k") == first
    with pytest.raises(Conflict):
        await withdraws(None)
    assert told(await seen_by(database, rules, crew["evaluator"], ticket)) == [("close", None)]


async def test_open_tickets_offer_withdrawal_and_no_objection(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    status = await status_of(database.read, rules, await today(database, rules, ticket), NOW)
    assert (status["actions"], status["objected_at"]) == ([{"action": "withdraw", "until": None}], None)
    assert (status["waiting_for"], status["missing"]) == ("evaluator", [])
