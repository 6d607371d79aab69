"""The search by words: folded, by how they begin, within what one may see, newest first, so many at a time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.staging import NOW, a_ticket, act, member, put
from ticketing import desk, finding
from ticketing.database import Database
from ticketing.finding import Found, find
from ticketing.rules import Rules
from ticketing.searching import ticket_words, words_of
from ticketing.ticket import Ticket

NATIONAL = member("evaluator", "")


async def search(database: Database, rules: Rules, staff: Any, q: str, **more: Any) -> list[str]:
    listed = await desk.list_tickets(database, rules, staff, {"q": q, **more}, NOW)
    return [item["tracking_code"] for item in listed["items"]]


@pytest.mark.parametrize(
    "q",
    ["ميوه", "می‌وه‌فروشی", "میوه فروش", "فروش", "ولیعصر ۱۲", "١٢", "vanak", "VAN", "آناناس", "اناناس", "شمیرانات"],
)
async def test_words_are_found_however_they_are_written(database: Database, rules: Rules, q: str) -> None:
    said: dict[str, Any] = {"text": "آناناس را گران داد", "business_name": "میوه‌فروشی می‌وه", "county": "شمیرانات"}
    ticket = a_ticket(rules, business_address="ولیعصر ۱۲، Vanak", **said)
    await put(database, rules, ticket, a_ticket(rules, text="نان", business_name=None))
    assert await search(database, rules, NATIONAL, q) == [ticket.code]


@pytest.mark.parametrize("q", ["\ue00023", "\ue000", "o23", "\"' OR *", "NEAR(a b)", "words:23", "!نان", "نان |"])
async def test_no_query_gets_past_the_words(database: Database, rules: Rules, q: str) -> None:
    await put(database, rules, a_ticket(rules, text="شیر", business_name=None))
    assert await search(database, rules, NATIONAL, q) == []


async def test_search_follows_a_ticket_into_another_organisation(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, text="خرمالو")
    await put(database, rules, ticket)
    tehran, gilan = member("evaluator"), member("evaluator", "01")
    assert await search(database, rules, tehran, "خرما") == [ticket.code]
    assert await search(database, rules, gilan, "خرما") == []
    await act(database, rules, tehran, ticket, "transfer", organisation="01")
    assert await search(database, rules, tehran, "خرما") == []
    assert await search(database, rules, gilan, "خرما") == [ticket.code]


async def test_operator_finds_what_they_filed_elsewhere(database: Database, rules: Rules) -> None:
    operator = member("operator", "23")
    filed = a_ticket(rules, organisation="01", text="انجیر", filed_by=operator.id)
    await put(database, rules, filed, a_ticket(rules, organisation="01", text="انجیر"))
    assert await search(database, rules, operator, "انجیر") == [filed.code]


async def test_every_match_is_reached_though_a_look_is_bounded(database: Database, rules: Rules) -> None:
    count = finding.MOST_FOUND + 5
    staged: list[Ticket] = [a_ticket(rules, text="گلابی", category="fraud" if n < 3 else None) for n in range(count)]
    await put(database, rules, *staged)
    asked = {"q": "گلابی", "category": "fraud"}
    first = await desk.list_tickets(database, rules, NATIONAL, asked, NOW)
    assert first["items"] == []
    second = await desk.list_tickets(database, rules, NATIONAL, {**asked, "cursor": first["next_cursor"]}, NOW)
    assert [item["tracking_code"] for item in second["items"]] == [each.code for each in staged[2::-1]]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("q", "organisation", "found"),
    [
        ("گران", "", range(60)),
        ("گ", "", range(60)),
        ("گرا نان", "", [each for each in range(60) if each != 5 and each % 4 != 3]),
        ("گران سنگک", "", [5]),
        ("سنگک گران", "23", []),
        ("گران نان", "01", [each for each in range(1, 60, 4) if each != 5]),
        ("رانی", "", []),
    ],
)
async def test_words_in_many_tickets_are_found_like_any(
    database: Database, rules: Rules, q: str, organisation: str, found: list[int]
) -> None:
    staged = [
        a_ticket(
            rules,
            text=f"گرانی {'سنگک' if place == 5 else 'نان' if place % 2 == 0 or place % 4 == 1 else 'شیر'}",
            organisation="01" if place % 4 == 1 else "23",
        )
        for place in range(60)
    ]
    await put(database, rules, *staged)
    seen = await search(database, rules, member("evaluator", organisation), q, limit=200)
    assert seen == [staged[place].code for place in reversed(found)]


async def test_looking_goes_on_from_where_it_ended(database: Database, rules: Rules) -> None:
    staged = [a_ticket(rules, text="پنیر گران" if place < 30 else "شیر گران") for place in range(120)]
    await put(database, rules, *staged)
    looks = [await find(database, words_of("پنیر گران"), NATIONAL, most_read=50)]
    while (looked_to := looks[-1].looked_to) is not None:
        looks.append(await find(database, words_of("پنیر گران"), NATIONAL, looked_to, most_read=50))
    assert [each for look in looks for each in look.ids] == [ticket.id for ticket in staged[29::-1]]
    assert len(looks) == (3 if database.dialect == "sqlite" else 1)


async def test_words_go_with_their_ticket(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, text="زردآلو")
    await put(database, rules, ticket)
    assert await find(database, words_of("زردآلو"), NATIONAL) == Found([ticket.id], None)
    await database.write(lambda tx: tx.execute(ticket_words.delete().where(ticket_words.c.id == ticket.id)))
    assert await find(database, words_of("زردآلو"), NATIONAL) == Found([], None)
    assert (await database.read(select(func.count()).select_from(ticket_words)))[0]["count_1"] == 0
