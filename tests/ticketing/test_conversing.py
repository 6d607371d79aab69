"""What further messages do to a ticket: answers to its questions, files, buttons, a withdrawal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from normalizer.report import Attachment, Business, Place, Report, Sender
from tests.support.reports import chat_message, shipped_rules, text_message, web_report
from tests.support.stored import only_ticket, said
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.tables import attachments, questions, tickets
from ticketing.title import Title

RULES = shipped_rules()


def shared_contact() -> Report:
    return chat_message(choice="contact:shared", sender=Sender(chat="501", phone="09121234567"))


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


@pytest.mark.parametrize(
    ("text", "form", "address"),
    [
        ("از اتحادیه نانوایان شکایت دارم، جواب نمی‌دهند", "guild_body", "https://124.example/file/guild_body"),
        ("کمیسیون نظارت شهرستان پاسخ شکایت مرا نداد", "guild_body", "https://124.example/file/guild_body"),
        ("می‌خواهم با مدیر سازمان ملاقات حضوری داشته باشم", "request", "https://124.example/file/request"),
        ("چطور وقت دیدار با مسئولین بگیرم", "request", None),
        ("آتش سوزی شده کمک کنید", None, None),
    ],
)
async def test_what_has_a_form_of_its_own_is_led_there(
    database: Database, text: str, form: str | None, address: str | None
) -> None:
    forms = {form: Title(fa=address, en=f"{address}?lang=en")} if form and address else {}
    done = await take_in(database, replace(RULES, forms=forms), text_message(text))
    assert (done.result, done.ticket_id) == ("elsewhere", None)
    ((kind, _, _, answer),) = await said(database)
    assert kind == "reply"
    title = RULES.procedures[form].filing.link or RULES.procedures[form].title if form else None
    assert (title is not None and title["fa"] in answer) == bool(form)
    assert (address or "http") in answer or address is None
    assert ("سامد" in answer) == (form is None)
