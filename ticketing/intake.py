"""Intake: one transaction from a report to its ticket, event, notices and reply, before anything is acknowledged.

A report is identified for ever by channel, account and external id; a replay gets the first answer. One
that our own code cannot digest is quarantined with its raw form, for people to see, and never blocks the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update

from normalizer.normalize import normalize
from normalizer.report import Report
from ticketing.accepted import Accepted
from ticketing.asking import open_question
from ticketing.attachments import AttachmentStore, StoredFile
from ticketing.businesses import business_look_ups
from ticketing.database import Database
from ticketing.errors import KeyReused, Refused
from ticketing.hearing import Hearing, code_look_ups, replay_look_up, thread_look_ups
from ticketing.ids import new_id
from ticketing.persons import person_look_ups, remember
from ticketing.replaying import answer_again
from ticketing.responding import respond
from ticketing.retrying import retried
from ticketing.rules import Rules
from ticketing.tables import attachments, reports, threads, tickets
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.understood import seal_understood, understood_of
from ticketing.writer import Unavailable

log = structlog.get_logger()
_STATE_OF = {"opened": "ticketed", "joined": "ticketed", "ignored": "ignored"}


async def take_in(
    database: Database,
    rules: Rules,
    report: Report,
    *,
    files: AttachmentStore | None = None,
    body_hash: bytes | None = None,
    about: int | None = None,
) -> Accepted:
    """Take a report in; when this returns, everything it caused is durable.

    `body_hash` tells a replay from a reused key; `about` is the id of a ticket the sender has proved to
    be theirs. Raises `KeyReused`, `Conflict` (an answer to nothing asked), `Unavailable` (send it again).
    """
    stored = await _store_files(report, files)
    try:
        hearing = Hearing(rules, report, normalize(report), stored, report.received_at, report_id=0, about=about)

        async def work(tx: UnitTransaction) -> Accepted:
            return await _take_in(tx, hearing, body_hash)

        return await retried(database, work, _look_ups(hearing))
    except (Refused, Unavailable):
        raise
    except Exception as error:  # a poison report: kept for people, and the next one goes on
        log.error("report quarantined", channel=report.channel, error=type(error).__name__)
        return await _quarantine_new(database, rules, report, type(error).__name__, body_hash)


async def store(
    database: Database,
    rules: Rules,
    *,
    channel: str,
    account: str,
    external_id: str,
    raw: bytes,
    context: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Keep a raw arrival to be read later (mail). False where it was there already. Raises `Unavailable`."""
    look_up = LookUp(reports, ("channel", "account", "external_id"), (channel, account, external_id))

    async def work(tx: UnitTransaction) -> bool:
        if await tx.find(look_up):
            return False
        row_id = new_id()
        row = {"id": row_id, "channel": channel, "account": account, "external_id": external_id, "state": "stored"}
        sealed = rules.vault.seal("reports.context", row_id, json.dumps(dict(context)))
        tx.add(reports, {**row, "raw": _seal_raw(rules, row_id, raw), "context": sealed, "received_at": at})
        return True

    return await database.write(work, [look_up])


async def quarantine(database: Database, report_id: int, reason: str) -> None:
    """Set a stored report aside for people, with why (a code)."""

    async def work(tx: UnitTransaction) -> None:
        aside = {"state": "quarantined", "reason": reason[:64]}
        await tx.execute(update(reports).where(reports.c.id == report_id).values(**aside))

    await database.write(work)


async def settle_stored(database: Database, report_id: int, state: str, reason: str, ticket_id: int | None) -> None:
    """Mark a stored report as read: ignored, or ticketed by the report made of it."""

    async def work(tx: UnitTransaction) -> None:
        values = {"state": state, "reason": reason[:64], "ticket_id": ticket_id}
        await tx.execute(update(reports).where(reports.c.id == report_id).values(**values))

    await database.write(work)


async def _take_in(tx: UnitTransaction, heard: Hearing, body_hash: bytes | None) -> Accepted:
    earlier = await tx.find(replay_look_up(heard.report)) if tx.again or not heard.report.fresh else ()
    report_id = new_id()
    if earlier:
        if earlier[0]["state"] != "stored":
            return await _first_answer(tx, heard.rules, earlier[0], body_hash)
        report_id = earlier[0]["id"]
    hearing = replace(heard, report_id=report_id)
    accepted = await respond(tx, hearing)
    await _keep_report(tx, hearing, accepted, body_hash, is_stored=bool(earlier))
    _keep_files(tx, hearing, accepted)
    await _keep_threads(tx, hearing, accepted)
    if accepted.ticket_id is not None and not accepted.created:  # whoever opened one has been remembered before it
        await remember(tx, hearing, joined=accepted.score is not None and accepted.candidate is None)
    return accepted


async def _first_answer(tx: UnitTransaction, rules: Rules, row: Mapping[str, Any], body_hash: bytes | None) -> Accepted:
    if body_hash is not None and row["body_hash"] != body_hash:
        raise KeyReused
    if row["ticket_id"] is None:
        return answer_again(rules, row, None)
    ticket = await tx.rows(select(tickets.c.id, tickets.c.code).where(tickets.c.id == row["ticket_id"]))
    return answer_again(rules, row, ticket[0])


async def _keep_report(
    tx: UnitTransaction, hearing: Hearing, accepted: Accepted, body_hash: bytes | None, *, is_stored: bool
) -> None:
    report = hearing.report
    said = {
        "ticket_id": accepted.ticket_id,
        "state": _STATE_OF.get(accepted.result, "answered"),
        "result": accepted.remembered(),
        "joined_by": None if accepted.created else list(accepted.reasons) or None,
        "intent": hearing.complaint.intent,
        "text": "" if accepted.confides else hearing.complaint.text,
        "understood": seal_understood(hearing.rules.vault, hearing.report_id, understood_of(hearing.complaint)),
        "sender_index": hearing.voice_index,
        "staff_id": report.filed_by,
        "call_id": report.call_id,
        "body_hash": body_hash,
    }
    if is_stored:
        await tx.execute(update(reports).where(reports.c.id == hearing.report_id).values(**said))
        return
    identity = {"channel": report.channel, "account": report.account, "external_id": report.external_id}
    raw = _seal_raw(hearing.rules, hearing.report_id, report.raw)
    tx.add(reports, {"id": hearing.report_id, **identity, **said, "raw": raw, "received_at": report.received_at})


def _keep_files(tx: UnitTransaction, hearing: Hearing, accepted: Accepted) -> None:
    common = {
        "ticket_id": accepted.ticket_id,
        "report_id": hearing.report_id,
        "origin": "citizen",
        "created_at": hearing.at,
    }
    for file in hearing.files:
        named = {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}
        tx.add(attachments, {"id": new_id(), **common, **named})
    for each in hearing.report.attachments:
        if each.content is None:
            named = {"name": each.name, "media_type": each.media_type, "source": each.source}
            tx.add(attachments, {"id": new_id(), **common, **named})


async def _keep_threads(tx: UnitTransaction, hearing: Hearing, accepted: Accepted) -> None:
    address, medium = hearing.voice_index, hearing.report.medium
    if accepted.ticket_id is None or address is None or medium is None:
        return
    for handle in hearing.report.message_ids[:5]:
        index = hearing.rules.vault.index("thread", handle)
        if not await tx.find(LookUp(threads, ("medium", "handle_index"), (medium, index))):
            row = {"id": new_id(), "medium": medium, "handle_index": index}
            tx.add(threads, {**row, "ticket_id": accepted.ticket_id, "address_index": address})


async def _store_files(report: Report, files: AttachmentStore | None) -> Sequence[StoredFile]:
    given = [each for each in report.attachments if each.content is not None]
    if not given:
        return ()
    if files is None:
        raise ValueError("a report with files needs a store for them")
    return [await files.save(each.content or b"", each.name, each.media_type) for each in given]


async def _quarantine_new(
    database: Database, rules: Rules, report: Report, reason: str, body_hash: bytes | None
) -> Accepted:
    async def work(tx: UnitTransaction) -> Accepted:
        earlier = await tx.find(replay_look_up(report))
        aside = {"state": "quarantined", "reason": reason[:64]}
        if earlier:
            await tx.execute(update(reports).where(reports.c.id == earlier[0]["id"]).values(**aside))
            return Accepted("quarantined")
        row_id = new_id()
        identity = {"channel": report.channel, "account": report.account, "external_id": report.external_id}
        raw = _seal_raw(rules, row_id, report.raw)
        kept = {"raw": raw, "received_at": report.received_at, "body_hash": body_hash}
        tx.add(reports, {"id": row_id, **identity, **aside, **kept})
        return Accepted("quarantined")

    return await database.write(work)


def _look_ups(hearing: Hearing) -> list[LookUp]:
    """Everything the unit will surely ask the database, so that a whole group asks once."""
    wanted = [] if hearing.report.fresh else [replay_look_up(hearing.report)]
    wanted += code_look_ups(hearing.rules, hearing.complaint)
    wanted += thread_look_ups(hearing.rules, hearing.report)
    wanted += person_look_ups(hearing)
    wanted += business_look_ups(hearing.complaint)
    if hearing.voice_index is not None:
        wanted.append(open_question(hearing.voice_index))
    medium = hearing.report.medium
    for handle in hearing.report.message_ids[:5] if medium else ():
        index = hearing.rules.vault.index("thread", handle)
        wanted.append(LookUp(threads, ("medium", "handle_index"), (medium, index)))
    return wanted


def _seal_raw(rules: Rules, row_id: int, raw: bytes) -> bytes:
    return rules.vault.seal_bytes("reports.raw", row_id, raw)
