"""«۱. همان شکایت قبلی ۲. شکایت تازه»: who is asked, in which text, and what each answer and silence lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.report import Business, Place, Report, Sender
from normalizer.same_answer import same_answer
from tests.support.reports import AT, chat_message, shipped_rules, text_message, web_report
from tests.support.staging import act, close, member, told
from ticketing import desk
from ticketing.accepted import Accepted
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.joining_bounds import JoiningBounds
from ticketing.sweep import sweep
from ticketing.tables import questions, tickets
from ticketing.ticket import Ticket, ticket_from

RULES = replace(shipped_rules(), joining=JoiningBounds(upper=1.1, lower=0.0))
"""By which it is never sure whether two reports of one person are one matter."""
PHONE = "09121234567"
EVALUATOR = member("evaluator", "")
FIRST = text_message("سوپرمارکت رضا در تهران شیر را گران فروخت", message_id="first")
COMPLETE = "فروشگاه نور در تهران برنج را گران فروخت"
LACKING = "یک مغازه برنج را خیلی گران‌فروشی کرد"
EARLIER = RULES.texts.render("ask_same_matter", "fa", earlier="سوپرمارکت رضا")
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
Pair = tuple[Accepted, Accepted]


async def heard(database: Database, report: Report, at: datetime = AT) -> Accepted:
    return await take_in(database, RULES, replace(report, received_at=at))


async def asked(database: Database, text: str = COMPLETE) -> Pair:
    """An earlier ticket and a new one, which asks whether it is the same."""
    return await heard(database, FIRST), await heard(database, text_message(text))


async def seen(database: Database, of: Accepted) -> dict[str, Any]:
    return await desk.get_ticket(database, RULES, EVALUATOR, of.tracking_code or "", AT)


async def now(database: Database, of: Accepted) -> Ticket:
    rows = await database.read(select(tickets).where(tickets.c.id == of.ticket_id))
    return ticket_from(RULES.vault, rows[0])


async def pending(database: Database) -> list[tuple[str, str]]:
    rows = await database.read(select(questions).order_by(questions.c.id))
    return [(row["kind"], row["state"]) for row in rows if row["state"] in ("open", "waiting")]


async def test_the_same_is_joined_on_the_citizens_word_with_one_notice(database: Database) -> None:
    first, new = await asked(database)
    assert (new.result, new.created, new.asked_same, new.candidate) == ("opened", True, True, first.ticket_id)
    before = await seen(database, new)
    assert EARLIER in before["notices"][0]["text"]
    assert [(each, step) for each, step in told(before)] == [("step", 1), ("step", 2)], "complete, it goes on meanwhile"
    answer = await heard(database, text_message("۱"))
    assert (answer.result, answer.tracking_code) == ("answered", first.tracking_code)
    merged, kept = await seen(database, new), await seen(database, first)
    assert (merged["outcome"], merged["merged_into"], merged["reports"]) == ("merged", first.tracking_code, [])
    assert [each["actor"] for each in merged["timeline"] if each["kind"] == "join"] == ["citizen"]
    assert told(merged) == [*told(before), ("close", None)]
    assert told(kept) == [("step", 1), ("step", 2)]
    reasons = [each["joined_by"] for each in kept["reports"]]
    assert reasons == [[], ["the citizen's word"], ["answer to our question"]]
    assert await pending(database) == []
    back = await act(database, RULES, EVALUATOR, new.tracking_code or "", "unjoin", AT)
    assert (back["step"], [each["joined_by"] for each in back["reports"]]) == ("registered", [[]])


@on_sqlite
async def test_the_same_tells_the_earlier_one_what_it_lacked(database: Database) -> None:
    first = await heard(database, text_message(LACKING))
    assert (first.step, first.missing) == ("contacted", ("business", "place"))
    new = await heard(database, web_report(COMPLETE))
    assert new.asked_same
    pressed = web_report("", choice="same_matter:1")
    await take_in(database, RULES, pressed, about=new.ticket_id)
    kept = await now(database, first)
    assert (kept.step, kept.missing, kept.business_name, kept.province) == (2, [], "سوپرمارکت رضا", "23")
    assert await pending(database) == []


@on_sqlite
async def test_a_new_one_is_asked_for_what_it_lacks_next(database: Database) -> None:
    first, new = await asked(database, LACKING)
    assert (await now(database, new)).timer == "same_matter"
    assert await pending(database) == [("same_matter", "open")]
    answer = await heard(database, text_message("نه، این یکی فرق داره"))
    assert (answer.result, answer.tracking_code) == ("answered", new.tracking_code)
    assert await pending(database) == [("business", "open")]
    assert (await now(database, new)).timer == "missing_reminder"
    picture = await seen(database, new)
    assert [each["kind"] for each in picture["timeline"]][-1] == "told_new"
    assert told(picture) == [("step", 1), ("question", None)]
    assert (await now(database, first)).is_open


@on_sqlite
async def test_silence_makes_it_a_new_one_that_still_gets_its_reminder(database: Database) -> None:
    _, new = await asked(database, LACKING)
    day = timedelta(hours=24)
    assert await sweep(database, RULES, AT + day) == 1
    assert await pending(database) == [("business", "open")]
    ticket = await now(database, new)
    assert (ticket.is_open, ticket.timer, ticket.due_at) == (True, "missing_reminder", AT + 2 * day)
    late = await heard(database, text_message("۱"), AT + day)
    assert late.result != "joined"
    assert await sweep(database, RULES, AT + 2 * day) == 2  # the reminder, and the first one's evaluator is warned
    assert [kind for kind, _ in told(await seen(database, new))].count("question") >= 2


@on_sqlite
async def test_more_words_instead_of_an_answer_are_kept_and_the_question_is_put_once_more(database: Database) -> None:
    _, new = await asked(database, LACKING)
    more = await heard(database, text_message("فروشنده خیلی بداخلاق بود"))
    assert (more.result, more.tracking_code) == ("asked", new.tracking_code)
    ticket = await now(database, new)
    assert "بداخلاق" in ticket.text
    assert ticket.timer == "same_matter"
    assert await pending(database) == [("same_matter", "open")]
    assert EARLIER in (await seen(database, new))["notices"][-1]["text"]


@on_sqlite
@pytest.mark.parametrize("outcome", ["withdrawn", "merged"])
async def test_the_same_as_one_that_is_closed_by_now(database: Database, outcome: str) -> None:
    first, new = await asked(database)
    third = await heard(database, text_message(COMPLETE, phone="09351112233"))
    if outcome == "merged":
        code = third.tracking_code
        await act(database, RULES, EVALUATOR, first.tracking_code or "", "join", AT, tracking_code=code)
    else:
        await close(database, RULES, await now(database, first), outcome, AT)
    answer = await heard(database, text_message("همون قبلیه"))
    goes_on = third if outcome == "merged" else new
    assert (answer.result, answer.tracking_code) == ("answered", goes_on.tracking_code)
    history = [each["kind"] for each in (await seen(database, new))["timeline"]]
    assert ("join" if outcome == "merged" else "told_same") in history
    assert (await now(database, new)).is_open is (outcome != "merged")


@on_sqlite
async def test_a_code_given_instead_is_about_that_ticket_and_leaves_the_question(database: Database) -> None:
    first, new = await asked(database)
    more = await heard(database, text_message(f"{first.tracking_code} فاکتور هم نداد"))
    assert (more.result, more.tracking_code) == ("joined", first.tracking_code)
    assert await pending(database) == [("same_matter", "open")]
    assert (await now(database, new)).is_open


@on_sqlite
async def test_what_nobody_waits_for_gives_way_to_the_next_question(database: Database) -> None:
    _, new = await asked(database)
    lacking = await heard(database, web_report(LACKING, business=Business(), place=Place()))
    assert lacking.created
    rows = await database.read(select(questions.c.ticket_id).where(questions.c.state == "open"))
    assert [row["ticket_id"] for row in rows] == [lacking.ticket_id]
    assert (await now(database, new)).step == 2


@on_sqlite
async def test_nobody_is_asked_in_vain_when_the_turn_comes(database: Database) -> None:
    first = await heard(database, text_message(LACKING))
    queued = await heard(database, web_report(COMPLETE))
    assert queued.asked_same
    assert await pending(database) == [("business", "open"), ("same_matter", "waiting")]
    await close(database, RULES, await now(database, first), "withdrawn", AT)
    assert await pending(database) == []
    assert [kind for kind, _ in told(await seen(database, queued))] == ["step", "step"]


@on_sqlite
async def test_by_a_bot_it_is_asked_with_buttons_and_answered_by_one(database: Database) -> None:
    first = await heard(database, chat_message(FIRST.text))
    await heard(database, chat_message(choice="contact:shared", sender=Sender(chat="501", phone=PHONE)))
    new = await heard(database, chat_message(COMPLETE))
    assert new.asked_same
    foreign = await heard(database, chat_message(choice="category:fraud"))
    assert foreign.result == "ignored"
    stale = await heard(database, chat_message(choice=f"same_matter:1:{first.ticket_id}"))
    assert (stale.result, await pending(database)) == ("ignored", [("same_matter", "open")])
    answer = await heard(database, chat_message(choice=f"same_matter:1:{new.ticket_id}"))
    assert (answer.result, answer.tracking_code) == ("answered", first.tracking_code)


@on_sqlite
async def test_a_form_is_asked_about_on_the_phone_and_a_claim_or_a_filed_report_never(database: Database) -> None:
    await heard(database, FIRST)
    mail: dict[str, Any] = {"channel": "email", "medium": "email", "converses": False, "proves_phone": False}
    claims = (
        text_message(
            COMPLETE, always_complaint=True, **mail, sender=Sender(email="x@example.org", phone="09121234567")
        ),
        chat_message(COMPLETE, sender=Sender(chat="9", phone=PHONE)),
        web_report(COMPLETE, filed_by=7, channel="phone"),
    )
    for each in claims:
        accepted = await heard(database, each)
        assert (accepted.created, accepted.asked_same) == (True, False)
        assert accepted.candidate is not None
        assert EARLIER not in str((await seen(database, accepted))["notices"])
    assert await pending(database) == []
    formed = await heard(database, web_report(COMPLETE))
    assert (formed.created, formed.step, formed.asked_same) == (True, "registered", True)
    assert (await heard(database, text_message("۲"))).tracking_code == formed.tracking_code


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("۱", True),
        ("همون قبلیه", True),
        ("آره همونه", True),
        ("hamoon ghabli", True),
        ("۲ شکایت تازه", False),
        ("نه این یکی فرق داره", False),
        ("نه یه مغازه دیگه است", False),
        ("۳", None),
        ("نمی‌دانم", None),
        ("بله جدیده", None),
        ("همان فروشنده امروز هم گران داد و فاکتور نداد و توهین هم کرد", None),
    ],
)
def test_an_answer_is_read_in_words_too(text: str, is_same: bool | None) -> None:
    assert same_answer(text) is is_same
