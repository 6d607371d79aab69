"""Officials' calendars and who has which slot: never two, given back when it falls through, reminded of once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from normalizer.report import Sender
from tests.support.meetings import CLERK, MORNING, OFFICE, STARTS_AT, asked_by, filed, free, opened
from tests.support.reports import AT
from tests.support.staging import act, errors_of, member
from ticketing import desk
from ticketing.appointment_reminders import remind
from ticketing.calendars import add_official, add_slots, set_active, withdraw_slot
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, Invalid, NotFound
from ticketing.rules import Rules

EVENING = time(17)
THE_DAY_BEFORE = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)  # 17:00 in Tehran
GILAN = member("office", "01", username="gilan")


@pytest.fixture
async def official(database: Database, rules: Rules) -> str:
    return await opened(database, rules)


async def test_of_two_offers_of_one_slot_at_once_one_is_made(
    database: Database, database_url: str, rules: Rules, official: str
) -> None:
    codes = [await filed(database, rules), await filed(database, rules, sender=Sender(phone="09121234568"))]
    slot = (await free(database))[0]
    async with Database(database_url) if database.dialect != "sqlite" else _same(database) as other:
        offers = [
            act(each, rules, CLERK, code, "offer", slot=slot)
            for each, code in zip((database, other), codes, strict=True)
        ]
        outcomes = await asyncio.gather(*offers, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], Invalid)
    assert [(each.field, each.code) for each in refused[0].errors] == [("slot", "slot_taken")]
    assert len(await free(database)) == 2


async def test_two_gateways_remind_once_the_day_before(
    database: Database, database_url: str, rules: Rules, official: str
) -> None:
    code = await filed(database, rules)
    await act(database, rules, CLERK, code, "offer", slot=(await free(database))[0])
    await act(database, rules, CLERK, code, "choose", choice="comes", at=AT + timedelta(hours=1))
    assert await remind(database, rules, EVENING, THE_DAY_BEFORE - timedelta(seconds=1)) == 0
    async with Database(database_url) if database.dialect != "sqlite" else _same(database) as other:
        counts = await asyncio.gather(*(remind(each, rules, EVENING, THE_DAY_BEFORE) for each in (database, other)))
    assert sorted(counts) == [0, 1]
    assert await remind(database, rules, EVENING, STARTS_AT - timedelta(minutes=1)) == 0
    ticket = await desk.get_ticket(database, rules, CLERK, code, THE_DAY_BEFORE)
    reminders = [each["text"] for each in ticket["replies"] if "یادآوری" in each["text"]]
    assert len(reminders) == 1
    assert "پنج‌شنبه ۵ آذر ۱۰:۰۰" in reminders[0]


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"begins": time(11), "ends": time(13)}, {"begins": "overlaps"}),
        ({"begins": time(12), "ends": time(12, 20)}, {"ends": "out_of_range"}),
        ({"minutes": 4, "place": " "}, {"place": "required", "minutes": "out_of_range"}),
        ({"day": AT.date(), "begins": time(11)}, {"begins": "in_the_past"}),
        ({"day": AT.date() - timedelta(days=1)}, {"day": "in_the_past"}),
        ({"weeks": 27}, {"weeks": "out_of_range"}),
    ],
)
async def test_a_row_of_slots_that_cannot_be_is_refused_whole(
    database: Database, rules: Rules, official: str, changes: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert await errors_of(add_slots(database, asked_by(rules), official, replace(MORNING, **changes))) == wrong
    assert len(await free(database)) == 3


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_weekly_row_leaves_out_days_off(database: Database, rules: Rules, official: str) -> None:
    holiday_in_it = replace(MORNING, day=datetime(2027, 3, 14, tzinfo=UTC).date(), weeks=3)  # Nowruz is the second
    assert await add_slots(database, asked_by(rules), official, holiday_in_it) == {"added": 6}


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_calendar_is_kept_by_its_organisation_and_only_what_is_free_is_withdrawn(
    database: Database, rules: Rules, official: str
) -> None:
    first, second, _ = await free(database)
    with pytest.raises(NotFound):
        await withdraw_slot(database, asked_by(rules, GILAN), first)
    with pytest.raises(NotFound):
        await add_slots(database, asked_by(rules, GILAN), official, replace(MORNING, weeks=2))
    assert await errors_of(add_official(database, asked_by(rules, GILAN), "سارا", "رئیس", "23")) == {
        "organisation": "not_allowed"
    }
    with pytest.raises(Forbidden):
        await add_official(database, asked_by(rules, member("operator", "")), "سارا", "رئیس")
    await act(database, rules, CLERK, await filed(database, rules), "offer", slot=first)
    with pytest.raises(Conflict):
        await withdraw_slot(database, asked_by(rules), first)
    await withdraw_slot(database, asked_by(rules), second)
    assert len(await free(database)) == 1
    await set_active(database, asked_by(rules, OFFICE), official, active=False)
    assert await free(database) == []


class _same:
    """The one gateway there is on SQLite."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def __aenter__(self) -> Database:
        return self.database

    async def __aexit__(self, *_: object) -> None:
        pass
