"""Puts reports into an empty database by the hundred thousand, each with what is understood of it and, for a complaint,
an open ticket; as intake would leave them, but for the tickets' records and texts, which replay does not read."""

from __future__ import annotations

import asyncio
import multiprocessing
import secrets
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from gateway.migrations import upgrade
from normalizer.complaint import Complaint
from normalizer.normalize import normalize
from normalizer.place import organisation_of
from normalizer.report import Report
from normalizer.tracking_code import make_code
from tests.bench.replay_reports import reports
from ticketing import tables
from ticketing.accepted import Accepted
from ticketing.bulk import insert_rows
from ticketing.database import open_engine
from ticketing.ids import first_id_of
from ticketing.understood import seal_understood, understood_of
from ticketing.vault import Vault, load_vault

_GROUP: Final = 1_000
Row = dict[str, Any]


async def fill(url: str, keys_file: Path, count: int, jobs: int) -> None:
    """Put `count` reports into the new database of `url`, sealed under the keys, made by so many processes."""
    await upgrade(url)
    load_vault(keys_file)  # makes it
    engine, loop = open_engine(url, writes=True, pool_size=1), asyncio.get_running_loop()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        spans = (range(start, min(start + _GROUP, count)) for start in range(0, count, _GROUP))
        groups = [loop.run_in_executor(pool, _rows, keys_file, span) for span in spans]
        async with engine.connect() as connection:
            for group in groups:
                made, opened = await group
                async with connection.begin():
                    await insert_rows(connection, tables.tickets, opened)
                    await insert_rows(connection, tables.reports, made)
    await engine.dispose()


def _rows(keys_file: Path, numbers: range) -> tuple[list[Row], list[Row]]:
    vault = load_vault(keys_file)
    made, opened = [], []
    for number, report in zip(numbers, reports(numbers), strict=True):
        row_id = first_id_of(report.received_at) + number  # `new_id` of two busy processes may meet
        complaint = normalize(report)
        ticket = _ticket(vault, row_id, report, complaint) if complaint.intent == "complaint" else None
        made.append(_report(vault, row_id, report, complaint, ticket["id"] if ticket else None))
        opened += [ticket] if ticket else []
    return made, opened


def _report(vault: Vault, row_id: int, report: Report, complaint: Complaint, ticket_id: int | None) -> Row:
    return {
        "id": row_id,
        "channel": report.channel,
        "account": report.account,
        "external_id": report.external_id,
        "ticket_id": ticket_id,
        "state": "ticketed" if ticket_id else "answered",
        "reason": "",
        "result": Accepted("opened" if ticket_id else "answered", missing=complaint.missing).remembered(),
        "joined_by": None,
        "intent": complaint.intent,
        "text": complaint.text,
        "raw": vault.seal_bytes("reports.raw", row_id, report.raw),
        "understood": seal_understood(vault, row_id, understood_of(complaint)),
        "staff_id": report.filed_by,
        "attempts": 0,
        "received_at": report.received_at,
    }


def _ticket(vault: Vault, row_id: int, report: Report, complaint: Complaint) -> Row:
    code = make_code(secrets.randbelow)
    place = complaint.place
    return {
        "id": row_id,
        "code": vault.seal("tickets.code", row_id, code),
        "code_index": vault.index("code", code),
        "procedure": "consumer",
        "channel": report.channel,
        "language": "fa",
        "step": 1 if complaint.missing else 2,
        "status": "open",
        "category": complaint.category,
        "organisation": organisation_of(place.province, place.county),
        "version": 1,
        "opened_at": report.received_at,
        "updated_at": report.received_at,
        "anonymous": False,
        "account": report.account,
        "text": complaint.text,
        "business_name": complaint.business.name,
        "province": place.province,
        "county": place.county,
        "urgent": complaint.urgent,
        "missing": list(complaint.missing),
        "last_event": 0,
        "last_hash": b"",
    }
