"""Tickets that may be one matter: why, best first, and never beyond what policy lets somebody see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support import staging
from tests.support.staging import PHONE, a_ticket, close, member, put
from ticketing.alike import find_alike
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.ticket import Identity, Ticket

EVALUATOR = member("evaluator")
NOBODY = Identity(phone="+989120000001")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return staging.shipped_rules(tmp_path)


async def alike(database: Database, rules: Rules, ticket: Ticket, asker: Staff = EVALUATOR) -> list[Any]:
    rows = await database.read(select(tickets).where(tickets.c.id == ticket.id))
    return [(each.code, each.reasons) for each in await find_alike(database.read, rules, asker, rows[0])]


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        ({"identity": Identity(phone=PHONE), "business_name": "جای دیگر"}, ("same_phone",)),
        ({"identity": NOBODY, "business_name": "لبنيات  بهار"}, ("same_shop",)),
        ({"identity": NOBODY, "business_name": None, "business_guild_id": "0412345678"}, ("same_guild_id",)),
        ({"identity": Identity(phone=PHONE)}, ("same_phone", "same_shop")),
        ({"identity": NOBODY, "province": "10"}, None),
        ({"identity": NOBODY, "business_name": "جای دیگر"}, None),
    ],
)
async def test_what_two_tickets_share_is_told(
    database: Database, rules: Rules, other: dict[str, Any], reasons: tuple[str, ...] | None
) -> None:
    mine, another = a_ticket(rules, business_guild_id="0412345678"), a_ticket(rules, **other)
    await put(database, rules, mine, another)
    assert await alike(database, rules, mine) == ([(another.code, reasons)] if reasons else [])


async def test_likest_comes_first(database: Database, rules: Rules) -> None:
    mine, same_shop, both = a_ticket(rules), a_ticket(rules, identity=NOBODY), a_ticket(rules)
    await put(database, rules, mine, both, same_shop)
    assert [code for code, _ in await alike(database, rules, mine)] == [both.code, same_shop.code]


async def test_closed_ones_and_those_out_of_sight_are_left_out(database: Database, rules: Rules) -> None:
    mine, closed, elsewhere = a_ticket(rules), a_ticket(rules), a_ticket(rules, organisation="10")
    await put(database, rules, mine, closed, elsewhere)
    await close(database, rules, closed, "withdrawn")
    assert await alike(database, rules, mine) == []
    national = await alike(database, rules, mine, member("evaluator", ""))
    assert [code for code, _ in national] == [elsewhere.code]
