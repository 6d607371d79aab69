"""Intake against real databases: what one report becomes, replays, and what is set aside."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.report import Attachment, Report, Sender
from sms.tables import notices
from tests.support.reports import chat_message, shipped_rules, text_message, web_report
from tests.support.stored import count_rows, only_ticket, said
from ticketing.accepted import Accepted
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.errors import KeyReused
from ticketing.events import broken_at
from ticketing.intake import take_in
from ticketing.tables import attachments, events, reports, tickets
from ticketing.writer import Unavailable

RULES = shipped_rules()


async def test_a_complete_report_enters_two_steps_and_causes_both_texts_in_order(database: Database) -> None:
    accepted = await take_in(database, RULES, web_report())
    assert (accepted.result, accepted.created, accepted.step, accepted.step_number) == ("opened", True, "registered", 2)
    texts = await said(database)
    assert [(kind, step, medium) for kind, step, medium, _ in texts] == [("step", 1, "sms"), ("step", 2, "sms")]
    ticket = await only_ticket(database)
    assert ticket.code == accepted.tracking_code
    assert (ticket.organisation, ticket.waiting_for, ticket.missing) == ("23", "evaluator", [])
    history = await database.read(select(events).order_by(events.c.number))
    assert [row["kind"] for row in history] == ["opened", "step", "step"]
    assert broken_at(history) is None


async def test_an_anonymous_report_gets_sixteen_digits_and_nobody_is_texted(database: Database) -> None:
    accepted = await take_in(database, RULES, web_report(anonymous=True, sender=Sender()))
    assert len(accepted.tracking_code or "") == 16
    assert await said(database) == []


async def test_a_replay_gets_the_first_answer_and_changes_nothing(database: Database) -> None:
    report = web_report()
    first = await take_in(database, RULES, report, body_hash=b"same")
    again = await take_in(database, RULES, report, body_hash=b"same")
    assert again == replace(first, replayed=True)
    assert await count_rows(database, tickets) == 1
    with pytest.raises(KeyReused):
        await take_in(database, RULES, report, body_hash=b"other")


async def test_fifty_at_once_are_one_ticket_and_one_set_of_notices(database: Database) -> None:
    report = text_message("سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است", message_id="one")
    answers = await asyncio.gather(*(take_in(database, RULES, report) for _ in range(50)))
    assert len({answer.tracking_code for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert [(kind, step) for kind, step, _, _ in await said(database)] == [("step", 1), ("step", 2)]


@pytest.mark.parametrize("text", ["۱", "سلام", "ممنون از شما"])
async def test_what_is_no_complaint_opens_no_ticket(database: Database, text: str) -> None:
    accepted = await take_in(database, RULES, text_message(text))
    assert accepted.tracking_code is None
    assert await count_rows(database, tickets) == 0
    assert await count_rows(database, reports) == 1


async def test_a_photo_sent_before_the_words_belongs_to_the_ticket(database: Database) -> None:
    photo = Attachment("photo.jpg", "image/jpeg", source="file-1")
    await take_in(database, RULES, chat_message(attachments=(photo,)))
    opened = await take_in(database, RULES, chat_message("سوپرمارکت رضا در تهران گران‌فروشی کرد"))
    rows = await database.read(select(attachments.c.ticket_id))
    assert [row["ticket_id"] for row in rows] == [opened.ticket_id]


async def test_files_are_on_disk_before_their_row(database: Database, tmp_path: Any) -> None:
    store = AttachmentStore(tmp_path / "files", RULES.vault)
    photo = Attachment("a.jpg", "image/jpeg", content=b"\xff\xd8 photo")
    await take_in(database, RULES, web_report(attachments=(photo,)), files=store)
    row = (await database.read(select(attachments)))[0]
    assert await store.read(row["sha256"]) == b"\xff\xd8 photo"


async def test_threat_15_a_poison_report_is_quarantined_and_the_next_goes_on(database: Database) -> None:
    poison: Report = web_report(damages_rial=10**30)
    first, second = await asyncio.gather(take_in(database, RULES, poison), take_in(database, RULES, web_report()))
    assert (first.result, second.result) == ("quarantined", "opened")
    aside = (await database.read(select(reports).where(reports.c.state == "quarantined")))[0]
    assert RULES.vault.unseal_bytes("reports.raw", aside["id"], aside["raw"]) == poison.raw
    assert await take_in(database, RULES, poison) == Accepted("quarantined", replayed=True)


async def test_no_identity_is_readable_in_the_rows(database: Database) -> None:
    await take_in(
        database, RULES, web_report(sender=Sender(phone="09129998877", name="زهرا نام‌آور", national_id="0076229645"))
    )
    for table in (tickets, reports, events, notices):
        dump = repr([dict(row) for row in await database.read(select(table))])
        for secret in ("9129998877", "نام‌آور", "0076229645"):
            assert secret not in dump


async def test_an_incomplete_ticket_of_somebody_who_cannot_be_asked_waits_for_staff(database: Database) -> None:
    await take_in(database, RULES, web_report(anonymous=True, sender=Sender(), category=None, text="رسیدگی کنید"))
    ticket = await only_ticket(database)
    assert (ticket.missing, ticket.waiting_for, ticket.timer, ticket.due_at) == (["category"], "operator", None, None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_file_that_somebody_else_holds_is_unavailable_and_quarantines_nothing(
    database: Database, tmp_path: Any
) -> None:
    holder = sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable):
            await take_in(database, RULES, web_report())
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert (await take_in(database, RULES, web_report())).result == "opened"
    assert await count_rows(database, reports) == 1
