"""What people settled on about reports, as it is read from the record for learning."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.reports import AT, shipped_rules, text_message, web_report
from tests.support.staging import member
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.quarantine import file_set_aside
from ticketing.settled import Settled, settled_reports
from ticketing.tables import reports
from ticketing.ticket import load, save
from ticketing.transaction import UnitTransaction

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
RULES = shipped_rules()
TEXT = "برنج را دو برابر قیمت داد"
DEEDS: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    "an evaluator sends it on": ("evaluate", "sara", {"route": "inspection"}, True),
    "a rule sends it on": ("evaluate", "rule", {"route": "inspection"}, False),
    "an evaluator rejects it": ("evaluate", "sara", {"reject": "unrelated"}, False),
    "an operator gives the category": ("complete", "omid", {"fields": ["business.name", "category"]}, True),
    "an operator gives the shop": ("complete", "omid", {"fields": ["business.name"]}, False),
}


async def settled(database: Database) -> list[Settled]:
    return [each async for each in settled_reports(database.read, RULES)]


@pytest.mark.parametrize(("kind", "actor", "data", "settles"), DEEDS.values(), ids=DEEDS.keys())
async def test_a_category_is_settled_by_people(
    database: Database, kind: str, actor: str, data: dict[str, Any], settles: bool
) -> None:
    accepted = await take_in(database, RULES, web_report(TEXT))

    async def work(tx: UnitTransaction) -> None:
        ticket = await load(tx, RULES.vault, accepted.ticket_id or 0)
        ticket.record(kind, actor, AT, **data)
        await save(tx, RULES.vault, ticket, AT)

    await database.write(work)
    assert await settled(database) == ([Settled(TEXT, category="overcharging")] if settles else [])


async def test_a_report_set_aside_that_became_a_ticket_was_a_complaint(database: Database) -> None:
    await take_in(database, RULES, text_message("برنده شدید! برای دریافت جایزه کلیک کنید"))
    assert await settled(database) == []
    row = (await database.read(select(reports.c.id, reports.c.text)))[0]
    await file_set_aside(database, RULES, member("evaluator", organisation=""), row["id"], web_report(TEXT))
    assert await settled(database) == [Settled(row["text"], intent="complaint")]
