"""Surveys: one for each close, never two in a week to one person, at no hour of the night, and what an answer does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.report import Report
from sms.tables import notices
from tests.support.reports import chat_message, text_message
from tests.support.staging import NOW, a_ticket, act, close, hire, member, put, told
from ticketing import desk, tracking
from ticketing.asking import ask
from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.survey_tables import surveys
from ticketing.survey_times import WEEK
from ticketing.survey_wishes import are_refused, ask_again
from ticketing.surveying import survey
from ticketing.tables import reports
from ticketing.ticket import Identity, Ticket, load
from ticketing.transaction import UnitTransaction

SUPERVISOR = member("supervisor")
AFTER = timedelta(hours=2)
DAY = timedelta(days=1)
on_one_database = pytest.mark.parametrize("dialect", ["sqlite"])


async def seen(database: Database, rules: Rules, ticket: Ticket, at: datetime = NOW) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, SUPERVISOR, ticket.code, at)


async def closed(database: Database, rules: Rules, outcome: str = "settled", **changes: Any) -> Ticket:
    ticket = a_ticket(rules, **changes)
    await put(database, rules, ticket)
    await close(database, rules, ticket, outcome)
    return ticket


async def asked(database: Database, rules: Rules, outcome: str = "settled", **changes: Any) -> Ticket:
    ticket = await closed(database, rules, outcome, **changes)
    assert await survey(database, rules, NOW + AFTER) == 1
    return ticket


async def rated(database: Database, rules: Rules, ticket: Ticket) -> list[dict[str, Any]]:
    timeline = (await seen(database, rules, ticket))["timeline"]
    return [event["data"] for event in timeline if event["kind"] == "rated"]


@on_one_database
@pytest.mark.parametrize("outcome", ["settled", "no_violation", "verdict", "unrelated", "withdrawn", "unreachable"])
async def test_every_close_is_asked_about_once_after_its_text(database: Database, rules: Rules, outcome: str) -> None:
    ticket = await closed(database, rules, outcome)
    assert await survey(database, rules, NOW + AFTER - timedelta(seconds=1)) == 0
    assert await survey(database, rules, NOW + AFTER) == 1
    assert await survey(database, rules, NOW + AFTER) == 0
    said = told(await seen(database, rules, ticket))
    assert said == [*([] if outcome == "verdict" else [("close", None)]), ("survey", None)]


@on_one_database
async def test_nobody_is_asked_about_a_merged_ticket_or_without_an_address(database: Database, rules: Rules) -> None:
    await closed(database, rules, "merged")
    await closed(database, rules, identity=Identity(landline="+982133445566"))
    assert await database.read(select(surveys.c.id)) == []


@on_one_database
async def test_what_was_opened_again_is_asked_about_after_its_next_close(database: Database, rules: Rules) -> None:
    ticket = await closed(database, rules, "no_violation")
    await hire(database, rules.vault, SUPERVISOR)
    await act(database, rules, SUPERVISOR, ticket, "reopen", NOW)
    assert await survey(database, rules, NOW + DAY) == 0
    await close(database, rules, ticket, "no_violation", NOW + DAY)
    assert await survey(database, rules, NOW + DAY + AFTER) == 1


@on_one_database
async def test_a_survey_due_by_night_is_said_in_the_morning(database: Database, rules: Rules) -> None:
    await closed(database, rules)
    night = NOW.replace(hour=20)
    assert await survey(database, rules, night) == 0
    assert await survey(database, rules, NOW.replace(hour=4, minute=29) + DAY) == 0
    assert await survey(database, rules, NOW.replace(hour=4, minute=30) + DAY) == 1


@on_one_database
async def test_one_person_gets_one_survey_a_week_by_whichever_way(database: Database, rules: Rules) -> None:
    phone, chat = "+989121112233", "501"
    await closed(database, rules, identity=Identity(phone=phone))
    await closed(database, rules, identity=Identity(phone=phone, chat=chat), medium="bot", account="7001")
    await closed(database, rules, identity=Identity(chat=chat), medium="bot", account="7001")
    quiet = replace(rules, survey=replace(rules.survey, reminder=None))
    spoken = [await survey(database, quiet, NOW + AFTER + each * DAY) for each in range(22)]
    assert [day for day, count in enumerate(spoken) if count] == [0, 7, 14]
    assert sum(spoken) == 3


@on_one_database
async def test_a_close_that_cannot_be_asked_about_in_time_never_is(database: Database, rules: Rules) -> None:
    await closed(database, rules)
    assert await survey(database, rules, NOW + rules.survey.asks) == 0
    rows = await database.read(select(surveys.c.state, surveys.c.reason, surveys.c.rings_at))
    assert [tuple(row.values()) for row in rows] == [("dropped", "too_late", None)]


@on_one_database
async def test_whoever_has_not_answered_is_reminded_once_a_week_later(database: Database, rules: Rules) -> None:
    ticket = await asked(database, rules)
    spoken = [await survey(database, rules, NOW + AFTER + each * DAY) for each in range(1, 22)]
    assert spoken == [0] * 6 + [1] + [0] * 14
    texts = [each["text"] for each in (await seen(database, rules, ticket))["notices"] if each["kind"] == "survey"]
    assert texts[1].startswith("یادآوری")
    assert texts[1].endswith(texts[0])


@on_one_database
@pytest.mark.parametrize(
    ("text", "rating", "comment"),
    [
        ("۴", 4, None),
        ("5 ممنون", 5, "ممنون"),
        ("۱ هیچ‌کس جواب نداد", 1, "هیچ‌کس جواب نداد"),
        ("نمره ۲", 2, None),
        ("6", None, None),
        ("سلام", None, None),
    ],
)
async def test_a_number_by_sms_rates_and_what_is_said_beside_is_sealed(
    database: Database, rules: Rules, text: str, rating: int | None, comment: str | None
) -> None:
    ticket = await asked(database, rules)
    at = NOW + timedelta(days=20)
    accepted = await take_in(database, rules, text_message(text, received_at=at))
    said = {"rating": rating} | ({"note": comment} if comment else {})
    assert await rated(database, rules, ticket) == ([said] if rating else [])
    if rating:
        assert (accepted.result, accepted.tracking_code) == ("answered", ticket.code)
        assert [row["text"] for row in await database.read(select(reports.c.text))] == [""]
        await take_in(database, rules, text_message(text, received_at=at))
        assert len(await rated(database, rules, ticket)) == 1
        assert await survey(database, rules, at) == 0
        now = await seen(database, rules, ticket)
        assert (now["status"], now["outcome"], told(now)) == ("closed", "settled", [("close", None), ("survey", None)])


@on_one_database
async def test_an_answer_after_its_term_is_none(database: Database, rules: Rules) -> None:
    ticket = await asked(database, rules)
    await take_in(database, rules, text_message("4", received_at=NOW + AFTER + rules.survey.answers))
    assert await rated(database, rules, ticket) == []


def by_web(ticket: Ticket, rating: int, text: str = "") -> Report:
    report = text_message(text, medium=None, channel="web", account="answers", proves_phone=False)
    return replace(report, choice=f"rating:{rating}")


@on_one_database
async def test_the_tracking_page_asks_and_takes_one_answer(database: Database, rules: Rules) -> None:
    ticket = await asked(database, rules)

    async def work(tx: UnitTransaction) -> Ticket:
        return await load(tx, rules.vault, ticket.id)

    now = await database.write(work)
    assert (await tracking.status_of(database.read, rules, now, NOW + DAY))["asks"] == "rating"
    after = await tracking.follow_up(database, rules, ticket, by_web(ticket, 3, "دیر شد"))
    assert after["asks"] is None
    assert await rated(database, rules, ticket) == [{"rating": 3, "note": "دیر شد"}]
    with pytest.raises(Conflict):
        await tracking.follow_up(database, rules, ticket, by_web(ticket, 3))


@on_one_database
async def test_a_button_rates_the_ticket_it_was_sent_for(database: Database, rules: Rules) -> None:
    identity = Identity(chat="501")
    first = await asked(database, rules, identity=identity, medium="bot", account="7001")
    row = (await database.read(select(notices.c.choices).where(notices.c.kind == "survey")))[0]
    assert [label for _, label in row["choices"]] == ["۱", "۲", "۳", "۴", "۵"]
    values = [value for value, _ in row["choices"]]
    await take_in(database, rules, chat_message(choice=values[4]))
    assert await rated(database, rules, first) == [{"rating": 5}]
    second = await closed(database, rules, identity=identity, medium="bot", account="7001")
    assert await survey(database, rules, NOW + AFTER + WEEK) == 1
    accepted = await take_in(database, rules, chat_message(choice=values[0], received_at=NOW + WEEK))
    assert (accepted.result, await rated(database, rules, second)) == ("ignored", [])


@on_one_database
async def test_what_a_ticket_asks_goes_before_a_survey(database: Database, rules: Rules) -> None:
    """The survey waits where it comes second, and where it came first a number is for the ticket until that is over."""
    done, union = a_ticket(rules), a_ticket(rules, State(3, "self_regulator", timer="self_regulation"), body="")
    await put(database, rules, done, union)
    await close(database, rules, done, "no_violation")
    assert await survey(database, rules, NOW + AFTER) == 1
    await act(database, rules, member("self_regulator"), union, "settle", NOW + AFTER, result="settled")
    third = await closed(database, rules)
    assert await survey(database, rules, NOW + WEEK + 2 * AFTER) == 0
    await take_in(database, rules, text_message("1", received_at=NOW + DAY))
    assert (await seen(database, rules, union))["outcome"] == "settled"
    assert await rated(database, rules, done) == []
    await take_in(database, rules, text_message("5", received_at=NOW + DAY))
    assert await rated(database, rules, done) == [{"rating": 5}]
    assert await survey(database, rules, NOW + WEEK + 3 * AFTER) == 1
    assert ("survey", None) in told(await seen(database, rules, third))


@on_one_database
@pytest.mark.parametrize(("text", "stops"), [("لغو۱۱", True), ("لغو", True), ("off 11", True), ("انصراف", False)])
async def test_whoever_refuses_surveys_gets_no_more_of_them(
    database: Database, rules: Rules, text: str, stops: bool
) -> None:
    await asked(database, rules)
    goes_on = a_ticket(rules)
    await put(database, rules, goes_on)
    await take_in(database, rules, text_message(text, received_at=NOW + DAY))
    assert ((await seen(database, rules, goes_on))["status"] == "open") is stops
    await closed(database, rules)
    assert (await survey(database, rules, NOW + 2 * WEEK) == 0) is stops


@on_one_database
@pytest.mark.parametrize("way", ["sms", "page"])
async def test_whoever_refused_surveys_may_want_them_again(database: Database, rules: Rules, way: str) -> None:
    ticket = await asked(database, rules)
    await take_in(database, rules, text_message("لغو۱۱", received_at=NOW + DAY))
    assert await are_refused(database.read, rules, ticket)
    if way == "sms":
        await take_in(database, rules, text_message("وصل ۱۱", received_at=NOW + DAY))
    else:
        await ask_again(database, rules, ticket)
    assert not await are_refused(database.read, rules, ticket)
    await closed(database, rules)
    assert await survey(database, rules, NOW + 2 * WEEK) == 1


@on_one_database
async def test_a_question_about_nothing_asked_leaves_the_word_its_meaning(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)

    async def work(tx: UnitTransaction) -> None:
        await ask(tx, rules, await load(tx, rules.vault, ticket.id), "category", NOW)

    await database.write(work)
    await take_in(database, rules, text_message("لغو"))
    assert (await seen(database, rules, ticket))["outcome"] == "withdrawn"


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_sweeps_of_two_processes_say_each_survey_once_and_one_a_person(
    database: Database, database_url: str, rules: Rules
) -> None:
    strangers = [await closed(database, rules, identity=Identity(phone=f"+98912111{each:04}")) for each in range(20)]
    for _ in range(20):
        await closed(database, rules)
    async with Database(database_url) as other:
        said = await asyncio.gather(*(survey(each, rules, NOW + AFTER) for each in (database, other, database, other)))
    assert sum(said) == len(strangers) + 1
    assert len(await database.read(select(notices.c.id).where(notices.c.kind == "survey"))) == len(strangers) + 1
