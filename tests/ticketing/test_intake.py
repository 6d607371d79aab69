"""Intake against real databases: what one report becomes, replays, conversations, and what is set aside."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from normalizer.report import Attachment, Business, Place, Report, Sender
from sms.tables import notices
from tests.support.reports import AT, chat_message, shipped_rules, text_message, web_report
from ticketing.accepted import Accepted
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.errors import KeyReused
from ticketing.events import broken_at
from ticketing.intake import take_in
from ticketing.tables import attachments, events, questions, reports, tickets
from ticketing.ticket import Ticket, ticket_from
from ticketing.writer import Unavailable

RULES = shipped_rules()


async def said(database: Database) -> list[tuple[str, int | None, str, str]]:
    rows = await database.read(select(notices).order_by(notices.c.id))
    return [
        (row["kind"], row["step"], row["medium"], RULES.vault.unseal("notices.body", row["id"], row["body"]))
        for row in rows
    ]


async def only_ticket(database: Database) -> Ticket:
    rows = await database.read(select(tickets))
    assert len(rows) == 1
    return ticket_from(RULES.vault, rows[0])


async def count(database: Database, table: Any) -> int:
    return int((await database.read(select(func.count().label("n")).select_from(table)))[0]["n"])


async def test_a_complete_report_enters_two_steps_and_causes_both_texts_in_order(database: Database) -> None:
    accepted = await take_in(database, RULES, web_report())
    assert (accepted.result, accepted.created, accepted.step, accepted.step_number) == ("opened", True, "registered", 2)
    texts = await said(database)
    assert [(kind, step, medium) for kind, step, medium, _ in texts] == [("step", 1, "sms"), ("step", 2, "sms")]
    ticket = await only_ticket(database)
    assert ticket.code == accepted.tracking_code
    assert (ticket.organisation, ticket.waiting_for, ticket.missing) == ("23", "evaluator", [])
    history = await database.read(select(events).order_by(events.c.number))
    assert [row["kind"] for row in history] == ["opened", "step", "step"]
    assert broken_at(history) is None


async def test_an_anonymous_report_gets_sixteen_digits_and_nobody_is_texted(database: Database) -> None:
    accepted = await take_in(database, RULES, web_report(anonymous=True, sender=Sender()))
    assert len(accepted.tracking_code or "") == 16
    assert await said(database) == []


async def test_a_replay_gets_the_first_answer_and_changes_nothing(database: Database) -> None:
    report = web_report()
    first = await take_in(database, RULES, report, body_hash=b"same")
    again = await take_in(database, RULES, report, body_hash=b"same")
    assert again == replace(first, replayed=True)
    assert await count(database, tickets) == 1
    with pytest.raises(KeyReused):
        await take_in(database, RULES, report, body_hash=b"other")


async def test_fifty_at_once_are_one_ticket_and_one_set_of_notices(database: Database) -> None:
    report = text_message("سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است", message_id="one")
    answers = await asyncio.gather(*(take_in(database, RULES, report) for _ in range(50)))
    assert len({answer.tracking_code for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert [(kind, step) for kind, step, _, _ in await said(database)] == [("step", 1), ("step", 2)]


async def test_a_conversation_by_sms_asks_one_thing_at_a_time_until_complete(database: Database) -> None:
    opened = await take_in(database, RULES, text_message("از یک مغازه خرید کردم و برنج را خیلی گران‌فروشی کرد"))
    assert opened.missing == ("business", "place")
    first = (await said(database))[0]
    assert first[:3] == ("step", 1, "sms")
    assert RULES.texts.render("ask_business", "fa") in first[3]
    answered = await take_in(database, RULES, text_message("فروشگاه نور"))
    assert (answered.result, answered.tracking_code) == ("answered", opened.tracking_code)
    assert answered.missing == ("place",)
    assert (await said(database))[-1][0] == "question"
    done = await take_in(database, RULES, text_message("اصفهان"))
    assert (done.step, done.missing) == ("registered", ())
    ticket = await only_ticket(database)
    assert (ticket.business_name, ticket.province, ticket.organisation) == ("فروشگاه نور", "10", "10")
    assert [kind for kind, *_ in await said(database)] == ["step", "question", "step"]
    assert {row["state"] for row in await database.read(select(questions.c.state))} == {"answered"}


async def test_a_subject_not_understood_twice_is_other_and_holds_nobody_up(database: Database) -> None:
    await take_in(database, RULES, text_message("از فروشگاه نور در اصفهان شکایت دارم لطفا رسیدگی کنید"))
    asked = await take_in(database, RULES, text_message("نمی‌دونم"))
    assert asked.result == "asked"
    done = await take_in(database, RULES, text_message("نمی‌دونم دیگه"))
    assert (done.result, done.step) == ("answered", "registered")
    assert (await only_ticket(database)).category == "other"


async def test_a_place_not_understood_twice_brings_the_telephone_to_mind_once(database: Database) -> None:
    await take_in(database, RULES, text_message("فروشگاه نور برنج را خیلی گران‌فروشی کرد"))
    for words in ("سر کوچه", "همون بغل مدرسه", "گفتم که سر کوچه"):
        assert (await take_in(database, RULES, text_message(words))).result == "asked"
    told = [text for _, _, _, text in await said(database)]
    assert [RULES.texts.render("call_back", "fa") == text for text in told] == [False, False, True]


async def test_a_code_asks_for_the_status_and_a_stranger_gets_a_neutral_answer(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    mine = await take_in(database, RULES, text_message(opened.tracking_code or ""))
    assert mine.result == "status"
    told = (await said(database))[-1][3]
    assert RULES.procedures["consumer"].step(2).title["fa"] in told
    assert "مهلت این مرحله: \u2066۱۴۰۵/۰۹/۰۳\u2069" in told
    stranger = await take_in(database, RULES, text_message(opened.tracking_code or "", phone="09351112233"))
    assert (stranger.result, stranger.tracking_code) == ("status", None)
    assert (await said(database))[-1][3] == RULES.texts.render("unknown_code", "fa")
    proved = await take_in(database, RULES, text_message(f"{opened.tracking_code} 4567", phone="09351112233"))
    assert proved.tracking_code == opened.tracking_code


async def test_threat_51_digits_texted_beside_a_code_are_guesses_and_run_out(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    code = opened.tracking_code or ""
    fours = [f"{four:04d}" for four in range(60)]
    all_at_once = await take_in(database, RULES, chat_message(f"{code} {' '.join(fours)} 4567"))
    assert all_at_once.tracking_code != code
    for start in range(0, len(fours), 3):
        tried = await take_in(database, RULES, chat_message(f"{code} {' '.join(fours[start : start + 3])}"))
        assert tried.tracking_code is None
    too_late = await take_in(database, RULES, chat_message(f"{code} 4567"))
    assert too_late.tracking_code is None, "as on the tracking page: twenty a day"
    tomorrow = chat_message(f"{code} 4567", received_at=AT + timedelta(days=1, minutes=1))
    assert (await take_in(database, RULES, tomorrow)).tracking_code == code


@pytest.mark.parametrize("between", ["", " "])
async def test_digits_prove_a_stranger_however_the_code_is_written(database: Database, between: str) -> None:
    code = (await take_in(database, RULES, web_report())).tracking_code or ""
    written = between.join((code[:4], code[4:8], code[8:]))
    for words in ("4567", "4567 در سال 1405", "۴۵۶۷ وضعیت"):
        proved = await take_in(database, RULES, chat_message(f"{written} {words}"))
        assert proved.tracking_code == code


async def test_words_with_a_code_are_an_addition(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    more = await take_in(database, RULES, text_message(f"{opened.tracking_code} فاکتور هم به من نداد"))
    assert (more.result, more.created, more.tracking_code) == ("joined", False, opened.tracking_code)
    assert "فاکتور هم به من نداد" in (await only_ticket(database)).text


async def test_a_withdrawal_closes_the_ticket_with_one_text(database: Database) -> None:
    opened = await take_in(database, RULES, web_report())
    taken_back = await take_in(database, RULES, text_message("از شکایتم منصرف شدم"))
    assert (taken_back.result, taken_back.tracking_code) == ("withdrawn", opened.tracking_code)
    ticket = await only_ticket(database)
    assert (ticket.status, ticket.outcome) == ("closed", "withdrawn")
    assert [kind for kind, *_ in await said(database)].count("close") == 1


async def test_a_withdrawal_among_several_tickets_asks_which(database: Database) -> None:
    await take_in(database, RULES, web_report())
    await take_in(database, RULES, web_report("کم‌فروشی نان", category="short_measure"))
    answer = await take_in(database, RULES, text_message("منصرف شدم"))
    assert answer.result == "asked"
    assert {row["status"] for row in await database.read(select(tickets.c.status))} == {"open"}


async def test_one_question_is_open_at_a_phone_and_the_next_waits_its_turn(database: Database) -> None:
    bare = {"category": None, "text": "از یک مغازه شکایت دارم لطفا رسیدگی کنید"}
    await take_in(database, RULES, web_report(**bare))
    await take_in(database, RULES, web_report(**bare, business=Business(name="قصابی امید")))
    states = [row["state"] for row in await database.read(select(questions.c.state).order_by(questions.c.id))]
    assert states == ["open", "waiting"]
    await take_in(database, RULES, text_message("گران‌فروشی"))
    states = [row["state"] for row in await database.read(select(questions.c.state).order_by(questions.c.id))]
    assert states == ["answered", "open"]
    assert [kind for kind, *_ in await said(database)].count("question") == 1


@pytest.mark.parametrize("text", ["۱", "سلام", "ممنون از شما"])
async def test_what_is_no_complaint_opens_no_ticket(database: Database, text: str) -> None:
    accepted = await take_in(database, RULES, text_message(text))
    assert accepted.tracking_code is None
    assert await count(database, tickets) == 0
    assert await count(database, reports) == 1


async def test_a_bot_conversation_by_buttons(database: Database) -> None:
    await take_in(database, RULES, chat_message("از یک مغازه شکایت دارم لطفا رسیدگی کنید"))
    ticket = await only_ticket(database)
    assert ticket.missing == ["category", "business", "place", "phone"]
    await take_in(database, RULES, chat_message(choice="category:overcharging"))
    await take_in(database, RULES, chat_message("فروشگاه نور"))
    await take_in(database, RULES, chat_message(choice="location:shared", place=Place(lat=35.7, lon=51.4)))
    shared = chat_message(choice="contact:shared", sender=Sender(chat="501", phone="+989121234567"))
    done = await take_in(database, RULES, shared)
    assert (done.step, done.missing) == ("registered", ())
    ticket = await only_ticket(database)
    assert (ticket.category, ticket.province, ticket.identity.phone) == ("overcharging", "23", "+989121234567")
    registered = [medium for kind, step, medium, _ in await said(database) if (kind, step) == ("step", 2)]
    assert sorted(registered) == ["bot", "sms"]


async def test_a_photo_sent_before_the_words_belongs_to_the_ticket(database: Database) -> None:
    photo = Attachment("photo.jpg", "image/jpeg", source="file-1")
    await take_in(database, RULES, chat_message(attachments=(photo,)))
    opened = await take_in(database, RULES, chat_message("سوپرمارکت رضا در تهران گران‌فروشی کرد"))
    rows = await database.read(select(attachments.c.ticket_id))
    assert [row["ticket_id"] for row in rows] == [opened.ticket_id]


async def test_files_are_on_disk_before_their_row(database: Database, tmp_path: Any) -> None:
    store = AttachmentStore(tmp_path / "files", RULES.vault)
    photo = Attachment("a.jpg", "image/jpeg", content=b"\xff\xd8 photo")
    await take_in(database, RULES, web_report(attachments=(photo,)), files=store)
    row = (await database.read(select(attachments)))[0]
    assert await store.read(row["sha256"]) == b"\xff\xd8 photo"


async def test_threat_15_a_poison_report_is_quarantined_and_the_next_goes_on(database: Database) -> None:
    poison: Report = web_report(damages_rial=10**30)
    first, second = await asyncio.gather(take_in(database, RULES, poison), take_in(database, RULES, web_report()))
    assert (first.result, second.result) == ("quarantined", "opened")
    aside = (await database.read(select(reports).where(reports.c.state == "quarantined")))[0]
    assert RULES.vault.unseal_bytes("reports.raw", aside["id"], aside["raw"]) == poison.raw
    assert await take_in(database, RULES, poison) == Accepted("quarantined", replayed=True)


async def test_no_identity_is_readable_in_the_rows(database: Database) -> None:
    await take_in(
        database, RULES, web_report(sender=Sender(phone="09129998877", name="زهرا نام‌آور", national_id="0076229645"))
    )
    for table in (tickets, reports, events, notices):
        dump = repr([dict(row) for row in await database.read(select(table))])
        for secret in ("9129998877", "نام‌آور", "0076229645"):
            assert secret not in dump


def shared_contact() -> Report:
    return chat_message(choice="contact:shared", sender=Sender(chat="501", phone="09121234567"))


async def test_a_photo_with_a_caption_goes_to_the_open_ticket(database: Database) -> None:
    opened = await take_in(database, RULES, chat_message("سوپرمارکت رضا در تهران برنج را گران‌فروشی کرد"))
    await take_in(database, RULES, shared_contact())
    photo = Attachment("photo.jpg", "image/jpeg", source="file-1")
    added = await take_in(database, RULES, chat_message("عکس رسید", attachments=(photo,)))
    assert (added.result, added.ticket_id) == ("joined", opened.ticket_id)
    rows = await database.read(select(attachments.c.ticket_id))
    assert [row["ticket_id"] for row in rows] == [opened.ticket_id]


async def test_a_whole_other_complaint_is_no_answer_to_what_was_asked(database: Database) -> None:
    first = await take_in(database, RULES, text_message("از یک مغازه خرید کردم و برنج را خیلی گران‌فروشی کرد"))
    second = await take_in(database, RULES, text_message("قصابی رضا در شیراز کم‌فروشی کرد"))
    assert second.created
    assert second.tracking_code != first.tracking_code


async def test_cancel_with_nothing_asked_shows_the_ticket_and_withdraws_nothing(database: Database) -> None:
    await take_in(database, RULES, chat_message("سوپرمارکت رضا در تهران برنج را گران‌فروشی کرد"))
    await take_in(database, RULES, shared_contact())
    cancelled = await take_in(database, RULES, chat_message(choice="cancel:"))
    assert cancelled.result == "status"
    assert (await only_ticket(database)).is_open


async def test_a_code_with_a_slip_in_it_is_said_to_be_unknown(database: Database) -> None:
    await take_in(database, RULES, text_message("123456789012"))
    assert (await said(database))[-1][3] == RULES.texts.render("unknown_code", "fa")


async def test_an_incomplete_ticket_of_somebody_who_cannot_be_asked_waits_for_staff(database: Database) -> None:
    await take_in(database, RULES, web_report(anonymous=True, sender=Sender(), category=None, text="رسیدگی کنید"))
    ticket = await only_ticket(database)
    assert (ticket.missing, ticket.waiting_for, ticket.timer, ticket.due_at) == (["category"], "operator", None, None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_file_that_somebody_else_holds_is_unavailable_and_quarantines_nothing(
    database: Database, tmp_path: Any
) -> None:
    holder = sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable):
            await take_in(database, RULES, web_report())
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert (await take_in(database, RULES, web_report())).result == "opened"
    assert await count(database, reports) == 1
