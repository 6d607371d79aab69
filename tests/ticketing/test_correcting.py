"""A report understood otherwise later: what was read by the gateway alone is set right, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update

from normalizer.report import Business, Place
from sms.tables import notices
from tests.support.reports import AT, shipped_rules, text_message, web_report
from tests.support.stored import count_rows
from ticketing.correcting import REREAD, Correction, correct
from ticketing.database import Database
from ticketing.events import broken_at
from ticketing.intake import take_in
from ticketing.tables import events, reports, tickets
from ticketing.ticket import load, save
from ticketing.transaction import UnitTransaction
from ticketing.understood import open_understood, seal_understood

RULES = shipped_rules()
TOLD = "سوپرمارکت رضا در کرج دیروز شیر را گران فروخت"
ONCE_READ = {"category": "fraud", "province": "23", "county": "تهران", "business_name": "سوپرمارکت رضایی"}
"""As an older rule might have read it."""


class Stored(NamedTuple):
    """A report's row, and the ticket's."""

    report: Mapping[str, Any]
    ticket: Mapping[str, Any]


async def stored(database: Database) -> Stored:
    report = (await database.read(select(reports).order_by(reports.c.id)))[0]
    ticket = (await database.read(select(tickets).where(tickets.c.id == report["ticket_id"])))[0]
    return Stored(report, ticket)


async def taken_in(database: Database, once_read: Mapping[str, Any] = ONCE_READ) -> Stored:
    """A text that was read otherwise when it came."""
    await take_in(database, RULES, text_message(TOLD))
    report, _ = await stored(database)
    understood = {**understood_in(report), **once_read}
    sealed = seal_understood(RULES.vault, report["id"], understood)

    async def work(tx: UnitTransaction) -> None:
        await tx.execute(update(reports).where(reports.c.id == report["id"]).values(understood=sealed))
        ticket = await load(tx, RULES.vault, report["ticket_id"])
        for name in once_read:
            setattr(ticket, name, understood[name])
        ticket.organisation = "23"
        await save(tx, RULES.vault, ticket, AT)

    today = understood_in(report)
    await database.write(work)
    assert {name: today[name] for name in ONCE_READ} != ONCE_READ
    return await stored(database)


def understood_in(report: Mapping[str, Any]) -> dict[str, Any]:
    return open_understood(RULES.vault, report["id"], report["understood"])


TODAY = {"category": "overcharging", "province": "30", "county": "کرج", "business_name": "سوپرمارکت رضا"}


async def corrected(database: Database, report: Mapping[str, Any], today: Mapping[str, Any] = TODAY) -> Correction:
    told = {**understood_in(report), **today, "text": report["text"]}
    return await database.write(lambda tx: correct(tx, RULES, report["id"], report["understood"], told, AT))


async def test_what_only_the_gateway_read_is_set_right_once(database: Database) -> None:
    report, _ = await taken_in(database)
    said = await count_rows(database, notices)
    assert (await corrected(database, report)).is_kept
    after, ticket = await stored(database)
    assert {name: ticket[name] for name in TODAY} == TODAY
    assert (ticket["organisation"], ticket["step"], ticket["status"]) == ("30", 2, "open")
    assert {name: understood_in(after)[name] for name in TODAY} == TODAY
    history = await database.read(select(events).order_by(events.c.number))
    assert [row["kind"] for row in history] == ["opened", "step", "step", REREAD]
    assert broken_at(history) is None
    assert await count_rows(database, notices) == said
    assert not (await corrected(database, report)).is_kept, "somebody was quicker"


async def _set_by_hand(tx: UnitTransaction, ticket_id: int) -> None:
    ticket = await load(tx, RULES.vault, ticket_id)
    ticket.record("complete", "omid", AT, fields=["business.name", "category", "place.county"])
    await save(tx, RULES.vault, ticket, AT)


async def _evaluated(tx: UnitTransaction, ticket_id: int) -> None:
    await tx.execute(update(tickets).where(tickets.c.id == ticket_id).values(route="inspection"))


async def _closed(tx: UnitTransaction, ticket_id: int) -> None:
    await tx.execute(update(tickets).where(tickets.c.id == ticket_id).values(status="closed", outcome="settled"))


async def _otherwise(tx: UnitTransaction, ticket_id: int) -> None:
    said = {"category": "hoarding", "province": "14", "business_name": "نانوایی سنگک"}
    await tx.execute(update(tickets).where(tickets.c.id == ticket_id).values(**said))


@pytest.mark.parametrize("meanwhile", [_set_by_hand, _evaluated, _closed, _otherwise])
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_what_people_set_or_worked_with_stays(database: Database, meanwhile: Any) -> None:
    report, ticket = await taken_in(database)
    await database.write(lambda tx: meanwhile(tx, ticket["id"]))
    before = (await stored(database)).ticket
    assert await corrected(database, report) == Correction(is_kept=True)
    assert (await stored(database)).ticket == before


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_nothing_known_is_taken_away(database: Database) -> None:
    report, ticket = await taken_in(database)
    nothing = {"category": None, "province": None, "county": None, "business_name": None}
    assert await corrected(database, report, nothing) == Correction(is_kept=True)
    assert (await stored(database)).ticket == ticket


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_what_is_found_now_registers_a_ticket_that_waited_for_it(database: Database) -> None:
    await take_in(database, RULES, text_message("شیر را گران فروخت"))
    report, ticket = await stored(database)
    assert (ticket["step"], ticket["missing"]) == (1, ["business", "place"])
    said = await count_rows(database, notices)
    found = {"business_name": "سوپرمارکت رضا", "province": "30", "county": "کرج"}
    assert (await corrected(database, report, found)).changed == ("business.name", "place.province")
    assert ((await stored(database)).ticket["step"], await count_rows(database, notices)) == (2, said + 1)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_later_report_changes_nothing_its_ticket_was_told_before(database: Database) -> None:
    shop = {"business": Business(name="سوپرمارکت رضا"), "place": Place(province="23"), "category": "fraud"}
    first = await take_in(database, RULES, web_report("شیر تقلبی فروخت", **shop))
    more = text_message(f"{first.tracking_code} سوپرمارکت رضا در تهران باز هم شیر گران داد")
    assert (await take_in(database, RULES, more)).ticket_id == first.ticket_id
    before = (await stored(database)).ticket
    later = (await database.read(select(reports).order_by(reports.c.id.desc())))[0]
    assert await corrected(database, later) == Correction(is_kept=True)
    assert (await stored(database)).ticket == before
