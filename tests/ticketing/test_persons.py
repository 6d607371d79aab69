"""Who is the same citizen, and which of their tickets a report without a code belongs to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.report import Business, Report, Sender
from tests.support.reports import AT, chat_message, shipped_rules, text_message, web_report
from ticketing.accepted import Accepted
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.tables import persons, reports, tickets

RULES = shipped_rules()
PHONE = "09121234567"
DAIRY = "سوپرمارکت رضا در تهران شیر کم چرب را ده هزار تومان گران‌تر از قیمت جلد فروخت"
OTHER = "قصابی کوثر در تهران گوشت یخ زده را به جای گوشت تازه فروخت"


def mail(text: str, address: str = "m.ahmadi@example.org", **changes: Any) -> Report:
    """A mail, as the channel parses it."""
    own: dict[str, Any] = {"channel": "email", "account": "report@124.example", "medium": "email", "converses": False}
    sender = Sender(email=address)
    return text_message(text, **{**own, "sender": sender, "proves_phone": False, "always_complaint": True, **changes})


async def after(database: Database, first: Report, second: Report, **later: Any) -> tuple[Accepted, Accepted]:
    """What becomes of two reports, the second a day later unless said otherwise."""
    opened = await take_in(database, RULES, first)
    return opened, await take_in(database, RULES, _at(second, AT + timedelta(**(later or {"days": 1}))))


def _at(report: Report, at: datetime) -> Report:
    return replace(report, received_at=at)


async def test_one_matter_by_web_and_sms_is_one_ticket_with_its_reasons(database: Database) -> None:
    opened, more = await after(
        database, web_report(DAIRY), text_message("سوپری رضا هنوز شیر را گران می‌دهد، رسید هم نداد")
    )
    assert (more.result, more.created, more.tracking_code) == ("joined", False, opened.tracking_code)
    assert more.reasons[0] == "same_person"
    assert "same_shop" in more.reasons
    kept = (await database.read(select(reports.c.joined_by).order_by(reports.c.id.desc()).limit(1)))[0]
    assert kept["joined_by"] == list(more.reasons)


async def test_another_shop_of_the_same_citizen_is_another_ticket(database: Database) -> None:
    opened, other = await after(database, web_report(DAIRY), text_message("قصابی کوثر در کرج گوشت یخ زده فروخت"))
    assert other.result == "opened"
    assert other.tracking_code != opened.tracking_code


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("tickets_before", "text", "result"),
    [
        ((DAIRY,), "هنوز هیچکس نیامده، رسیدش را هم دارم", "joined"),
        ((DAIRY, OTHER), "هنوز هیچکس نیامده، رسیدش را هم دارم", "opened"),
        ((DAIRY, OTHER), "هنوز هیچکس برای سوپرمارکت رضا نیامده", "joined"),
    ],
    ids=["one ticket", "which of two", "which of two is told"],
)
async def test_a_bare_reference_joins_the_only_open_ticket(
    database: Database, tickets_before: tuple[str, ...], text: str, result: str
) -> None:
    for number, before in enumerate(tickets_before):
        await take_in(database, RULES, _at(text_message(before), AT + timedelta(hours=number)))
    more = await take_in(database, RULES, _at(text_message(text), AT + timedelta(days=2)))
    assert more.result == result


async def test_another_citizen_with_the_same_words_is_another_ticket(database: Database) -> None:
    opened, other = await after(database, text_message(DAIRY), text_message(DAIRY, phone="09351112233"))
    assert other.result == "opened"
    assert other.tracking_code != opened.tracking_code


async def test_a_stranger_who_knows_phone_and_shop_is_not_let_in(database: Database) -> None:
    stranger = mail(f"سوپرمارکت رضا بد است، موبایلم {PHONE} است")
    opened, other = await after(database, web_report(DAIRY), stranger)
    assert other.tracking_code != opened.tracking_code


async def test_a_said_phone_joins_where_the_words_are_close(database: Database) -> None:
    again = mail(f"پیرو گزارش تلفنی، شیر کم چرب را ده هزار تومان بالای قیمت جلد داد. رسید پیوست است. {PHONE}")
    opened, more = await after(database, web_report(DAIRY), again)
    assert (more.tracking_code, more.reasons[0]) == (opened.tracking_code, "said_contact")


async def test_an_address_that_joined_once_is_known_from_then_on(database: Database) -> None:
    again = mail(f"پیرو گزارش تلفنی، شیر کم چرب را ده هزار تومان بالای قیمت جلد داد. رسید پیوست است. {PHONE}")
    opened, _ = await after(database, web_report(DAIRY), again)
    third = await take_in(database, RULES, _at(mail("سوپرمارکت رضا هنوز گران می‌دهد"), AT + timedelta(days=2)))
    assert (third.tracking_code, third.reasons[0]) == (opened.tracking_code, "same_person")
    rows = await database.read(select(persons.c.person, persons.c.how))
    assert len({row["person"] for row in rows}) == 1


async def test_a_shared_contact_makes_chat_and_phone_one_person(database: Database) -> None:
    await take_in(database, RULES, text_message(DAIRY))
    shared = Sender(chat="501", phone="+989121234567")
    said = chat_message("سوپری رضا هنوز شیر را گران می‌دهد", sender=shared, proves_phone=True)
    joined = await take_in(database, RULES, _at(said, AT + timedelta(days=1)))
    assert joined.result == "joined"
    assert len({row["person"] for row in await database.read(select(persons.c.person))}) == 1
    later = chat_message("سوپرمارکت رضا هنوز شیر را گران می‌دهد")
    assert (await take_in(database, RULES, _at(later, AT + timedelta(days=2)))).tracking_code == joined.tracking_code


async def test_a_matter_too_old_or_closed_is_not_joined(database: Database) -> None:
    opened, much_later = await after(database, web_report(DAIRY), web_report(DAIRY), days=90)
    assert much_later.tracking_code != opened.tracking_code


async def test_two_complaints_of_one_call_are_two(database: Database) -> None:
    filed = {"filed_by": 7, "call_id": "c1", "channel": "phone"}
    opened, second = await after(database, web_report(**filed), web_report(**filed), minutes=1)
    assert second.tracking_code != opened.tracking_code


async def test_nobody_is_looked_for_where_the_citizen_stays_unknown(database: Database) -> None:
    await take_in(database, RULES, web_report(DAIRY, anonymous=True))
    assert await database.read(select(persons)) == []


@pytest.mark.parametrize(
    ("shop", "text", "how_many"),
    [("سوپرمارکت رضا", DAIRY, 1), ("قصابی کوثر", "گوشت یخ زده داد", 2), ("سوپر لاله", "شیر را گران می‌دهد", 2)],
)
async def test_two_reports_at_one_instant_do_not_fork(database: Database, shop: str, text: str, how_many: int) -> None:
    given = web_report(DAIRY), web_report(text, business=Business(name=shop))
    await asyncio.gather(*(take_in(database, RULES, each) for each in given))
    assert len(await database.read(select(tickets.c.id))) == how_many


async def test_two_processes_at_one_instant_do_not_fork(database: Database) -> None:
    async with Database(database.url) as other:
        both = (take_in(each, RULES, text_message(DAIRY)) for each in (database, other))
        codes = {accepted.tracking_code for accepted in await asyncio.gather(*both)}
        assert len(codes) == 1
        known = (
            take_in(each, RULES, text_message("قصابی کوثر در کرج گوشت یخ زده فروخت")) for each in (database, other)
        )
        assert len({accepted.tracking_code for accepted in await asyncio.gather(*known)} - codes) == 1
