"""What an operator sees of the caller and the shop: open or recent, and never beyond what policy shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.staging import NOW, PHONE, a_ticket, member, put
from ticketing.callers import open_tickets_of, recent_tickets_of_shop
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.ticket import Identity

NATIONAL = member("operator", "", id=701)
TEHRAN = member("operator", "23", id=702)
STRANGER = Identity(phone="+989351112233")
GUILD = "0512345678"
STAGED: dict[str, dict[str, Any]] = {
    "late": {
        "business_name": "لبنیات بهار",
        "province": "23",
        "organisation": "23",
        "due_at": NOW - timedelta(hours=1),
    },
    "closed": {"state": State(3, None, "closed", "settled"), "business_name": "سوپر بهار", "province": "23"},
    "elsewhere": {"business_name": "بهار", "province": "09", "organisation": "09"},
    "filed": {"organisation": "09", "province": "09", "filed_by": 702, "business_name": "نان داغ"},
    "stranger": {"identity": STRANGER, "business_guild_id": GUILD, "business_name": "گوشت تازه"},
    "old": {"identity": STRANGER, "business_name": "بهار", "opened_at": NOW - timedelta(days=31)},
}


@pytest.fixture
async def names(database: Database, rules: Rules) -> dict[str, str]:
    """Every ticket's name by its code."""
    staged = {name: a_ticket(rules, **changes) for name, changes in STAGED.items()}
    await put(database, rules, *staged.values())
    return {ticket.code: name for name, ticket in staged.items()}


def named(lines: list[dict[str, Any]], names: dict[str, str]) -> list[str]:
    return [names[line["tracking_code"]] for line in lines]


async def test_callers_open_tickets_come_newest_first(database: Database, rules: Rules, names: dict[str, str]) -> None:
    lines = await open_tickets_of(database, rules, NATIONAL, PHONE, NOW)
    assert named(lines, names) == ["filed", "elsewhere", "late"]
    assert [line["overdue"] for line in lines] == [False, False, True]
    assert PHONE not in str(lines)


async def test_caller_shows_only_what_the_operator_may_see(
    database: Database, rules: Rules, names: dict[str, str]
) -> None:
    assert named(await open_tickets_of(database, rules, TEHRAN, PHONE, NOW), names) == ["filed", "late"]


@pytest.mark.parametrize("written", ["0912", "", "۰۲۱۸۸۹۹۰۰۱۱", "not a number"])
async def test_what_is_no_known_number_shows_nothing(
    database: Database, rules: Rules, names: dict[str, str], written: str
) -> None:
    assert await open_tickets_of(database, rules, NATIONAL, written, NOW) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"name": "بهار"}, ["elsewhere", "closed", "late"]),
        ({"name": "بهار", "province": "23"}, ["closed", "late"]),
        ({"name": "بهار لبنيات"}, ["late"]),
        ({"name": "بها"}, ["elsewhere", "closed", "late"]),
        ({"name": "به"}, []),
        ({"name": "%%%"}, []),
        ({"guild_id": "۰۵۱۲۳۴۵۶۷۸"}, ["stranger"]),
        ({"name": "بهار", "guild_id": GUILD}, ["stranger"]),
    ],
)
async def test_shop_is_found_by_guild_id_or_name(
    database: Database, rules: Rules, names: dict[str, str], said: dict[str, str], found: list[str]
) -> None:
    wanted = {"name": "", "guild_id": "", "province": "", **said}
    assert named(await recent_tickets_of_shop(database, rules, NATIONAL, at=NOW, **wanted), names) == found


async def test_shop_shows_only_what_the_operator_may_see(
    database: Database, rules: Rules, names: dict[str, str]
) -> None:
    wanted = {"name": "بهار", "guild_id": "", "province": ""}
    assert named(await recent_tickets_of_shop(database, rules, TEHRAN, at=NOW, **wanted), names) == ["closed", "late"]
