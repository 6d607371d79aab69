"""Which business a ticket is about: by guild id, else by name and place, matched loosely and never guessed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.reports import AT, shipped_rules, web_report
from tests.support.staging import a_ticket, put, today
from ticketing.business_tables import businesses
from ticketing.businesses import Trader, business_of
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.linking import link_tickets
from ticketing.rules import Rules
from ticketing.tables import tickets

GUILD_ID = "0412345678"
SAME, OTHER, NONE = "same", "other", None
BAHAR: dict[str, Any] = {"business_name": "سوپر بهار", "county": "ری"}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("first", "second", "is_it"),
    [
        (BAHAR, {"business_name": "سوپرمارکت بهار"}, SAME),
        (BAHAR, {"business_name": "بهار", "county": "ری"}, SAME),
        (BAHAR, {"business_name": "super bahar"}, SAME),
        (BAHAR, {"business_name": "نانوایی بهار"}, OTHER),
        (BAHAR, {"business_name": "سوپر بهار", "county": "دماوند"}, OTHER),
        (BAHAR, {"business_name": "سوپر بهار", "province": "10"}, OTHER),
        (BAHAR, {"business_name": "سوپر بهاران"}, OTHER),
        (BAHAR, {"business_name": "سوپر"}, NONE),
        (BAHAR, {"business_name": "سوپر بهار", "province": None}, NONE),
        ({"business_name": "رفاه شعبه ونک"}, {"business_name": "رفاه شعبه تجریش"}, OTHER),
        ({**BAHAR, "business_phone": "+982188776655"}, {**BAHAR, "business_phone": "+982188776600"}, OTHER),
        ({"business_guild_id": GUILD_ID, "business_name": None}, {"business_guild_id": GUILD_ID}, SAME),
        ({**BAHAR, "business_guild_id": GUILD_ID}, BAHAR, SAME),
        ({**BAHAR, "business_guild_id": GUILD_ID}, {**BAHAR, "business_guild_id": "0487654321"}, OTHER),
    ],
)
async def test_what_two_tickets_tell_of_a_trader_makes_them_one_business_or_two(
    database: Database, rules: Rules, first: dict[str, Any], second: dict[str, Any], is_it: str | None
) -> None:
    one, two = a_ticket(rules, **first), a_ticket(rules, **second)
    await put(database, rules, one)
    await put(database, rules, two)
    assert one.business_id is not None
    expected = {SAME: two.business_id == one.business_id, OTHER: two.business_id not in (None, one.business_id)}
    assert expected.get(is_it or "", two.business_id is None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_shop_that_may_be_two_is_neither_and_what_is_told_is_learned(database: Database, rules: Rules) -> None:
    in_rey, in_damavand = a_ticket(rules, **BAHAR), a_ticket(rules, **{**BAHAR, "county": "دماوند"})
    nowhere = a_ticket(rules, business_name="سوپر بهار")
    telling = a_ticket(rules, **BAHAR, business_guild_id=GUILD_ID)
    await put(database, rules, in_rey, in_damavand, nowhere, telling)
    assert nowhere.business_id is None
    assert telling.business_id == in_rey.business_id
    known = await database.read(select(businesses).order_by(businesses.c.number))
    assert [(row["guild_id"], row["county"], row["trade"]) for row in known] == [
        (GUILD_ID, "ری", "grocery"),
        (None, "دماوند", "grocery"),
    ]


async def test_a_guild_id_and_a_name_turn_out_to_be_one_business(database: Database, rules: Rules) -> None:
    coded, named = a_ticket(rules, business_guild_id=GUILD_ID, business_name=None), a_ticket(rules, **BAHAR)
    telling = a_ticket(rules, **BAHAR, business_guild_id=GUILD_ID)
    await put(database, rules, coded, named)
    assert coded.business_id != named.business_id
    await put(database, rules, telling)
    its = [(await today(database, rules, each)).business_id for each in (coded, named, telling)]
    assert set(its) == {named.business_id}


async def test_one_shop_reported_by_many_at_once_is_one_business(database: Database) -> None:
    rules = shipped_rules()
    words = "سوپرمارکت گلریز در تهران روغن را گران‌تر از قیمت جلد فروخت"
    reports = [web_report(words, phone=f"0912000{each:04}") for each in range(8)]
    accepted = await asyncio.gather(*(take_in(database, rules, each) for each in reports))
    assert {each.result for each in accepted} == {"opened"}
    assert len({row["business_id"] for row in await database.read(select(tickets.c.business_id))} - {None}) == 1


async def test_two_processes_that_meet_a_business_at_once_agree(database: Database, database_url: str) -> None:
    trader = Trader(name="سوپر بهار", province="23")
    async with Database(database_url) as another:
        found = await asyncio.gather(
            *(each.write(lambda tx: business_of(tx, trader, AT)) for each in (database, another) for _ in range(3))
        )
    assert len({row["id"] for row in found if row is not None}) == 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_tickets_from_before_are_linked_by_the_command(database: Database, rules: Rules) -> None:
    old = a_ticket(rules)
    await put(database, rules, old, a_ticket(rules, business_name=None))

    async def forget(tx: Any) -> None:
        await tx.execute(update(tickets).values(business_id=None))

    await database.write(forget)
    assert [linked async for linked in link_tickets(database)] == [1]
    assert (await today(database, rules, old)).business_id is not None
