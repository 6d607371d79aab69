"""Sets a stage for tests of ticketing: rules from the shipped settings, staff, tickets wherever a test needs them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from normalizer.tracking_code import make_code
from tests.support import reports
from ticketing import act as acting
from ticketing import stepping
from ticketing.database import Database
from ticketing.errors import Invalid
from ticketing.ids import new_id
from ticketing.procedure_texts import name_of_close
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.survey_tables import surveys
from ticketing.tables import attachments, tickets
from ticketing.tables import reports as reports_table
from ticketing.tables import staff as staff_table
from ticketing.ticket import Identity, Ticket, find_business, load, save, ticket_from
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault, load_vault

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)  # 1405-08-30
PHONE = "+989121234567"


def shipped_rules(folder: Path) -> Rules:
    """The rules of the config.toml in the repository, with keys of their own in `folder`."""
    return replace(reports.shipped_rules(), vault=load_vault(folder / "keys"))


def a_ticket(rules: Rules, state: State | None = None, **changes: Any) -> Ticket:
    """A complete ticket of Tehran, not saved yet, in `state` (registered unless said otherwise)."""
    at = changes.get("opened_at", NOW)
    state = state or State(2, "evaluator")
    known = {
        "id": new_id(),
        "code": make_code(secrets.randbelow),
        "procedure": "consumer",
        "channel": "web",
        "language": "fa",
        "opened_at": at,
        "updated_at": at,
        "text": "قیمت روغن را دو برابر گرفت",
        "step": state.step,
        "status": state.status,
        "waiting_for": state.waiting_for,
        "outcome": state.outcome,
        "timer": state.timer,
        "due_at": _due(rules, changes.get("procedure", "consumer"), state, at),
        "category": "overcharging",
        "organisation": "23",
        "province": "23",
        "business_name": "لبنیات بهار",
        "identity": Identity(name="زهرا محمدی", phone=PHONE),
    }
    return Ticket(**{**known, "rings_at": changes.get("due_at", known["due_at"]), **changes})


def _due(rules: Rules, procedure: str, state: State, at: datetime) -> datetime | None:
    timer = rules.procedures[procedure].timers.get(state.timer or "")
    return rules.deadlines.due(procedure, timer.term, at) if timer else None


async def put(database: Database, rules: Rules, *staged: Ticket, at: datetime = NOW) -> None:
    """Save tickets as they are."""

    async def work(tx: UnitTransaction) -> None:
        for ticket in staged:
            ticket.record("opened", "gateway", at, channel=ticket.channel)
            await find_business(tx, ticket, at)
            await save(tx, rules.vault, ticket, at)

    await database.write(work)


async def reported(database: Database, rules: Rules, ticket: Ticket, text: str, joined_by: list[str] | None) -> int:
    """A report of this ticket by SMS, with a file; its id."""
    row_id = new_id()

    async def work(tx: UnitTransaction) -> None:
        payload = {"sender": "09121234567", "line": "30001240", "message_id": str(row_id), "text": text}
        raw = rules.vault.seal_bytes("reports.raw", row_id, json.dumps(payload).encode())
        identity = {"channel": "sms", "account": "30001240", "external_id": str(row_id), "state": "ticketed"}
        said = {"text": text, "intent": "complaint", "joined_by": joined_by}
        tx.add(
            reports_table, {"id": row_id, **identity, **said, "ticket_id": ticket.id, "raw": raw, "received_at": NOW}
        )
        file = {"origin": "citizen", "name": f"{text}.jpg", "media_type": "image/jpeg", "created_at": NOW}
        tx.add(attachments, {"id": new_id(), "ticket_id": ticket.id, "report_id": row_id, **file})

    await database.write(work)
    return row_id


async def asked_about(database: Database, ticket: Ticket, rating: int | None, days_ago: int = 1) -> None:
    """A survey of so many days ago about a ticket, answered with `rating` or not at all."""

    async def work(tx: UnitTransaction) -> None:
        at = NOW - timedelta(days=days_ago)
        row = {"id": new_id(), "ticket_id": ticket.id, "closing": days_ago, "closed_at": at, "state": "asked"}
        tx.add(surveys, {**row, "asked_at": at, "rating": rating, "answered_at": at if rating else None})

    await database.write(work)


async def close(database: Database, rules: Rules, ticket: Ticket, outcome: str, at: datetime = NOW) -> None:
    """Close a saved ticket."""

    async def work(tx: UnitTransaction) -> None:
        loaded = await load(tx, rules.vault, ticket.id)
        is_told = name_of_close(outcome) not in rules.texts.names["texts"]  # by the last step
        await stepping.close(tx, rules, loaded, outcome, at, "gateway", is_told=is_told)
        await save(tx, rules.vault, loaded, at)

    await database.write(work)


async def today(database: Database, rules: Rules, ticket: Ticket) -> Ticket:
    """The ticket as it is in the database now."""
    rows = await database.read(select(tickets).where(tickets.c.id == ticket.id))
    return ticket_from(rules.vault, rows[0])


def member(role: str, organisation: str = "23", **more: Any) -> Staff:
    """A member of staff; their username is their role unless said otherwise."""
    return Staff(**{"id": new_id(), "username": role, "role": role, "organisation": organisation, **more})


async def hire(database: Database, vault: Vault, *staff: Staff) -> None:
    """Give staff accounts nobody can sign in to."""
    await database.write(_hiring(vault, staff))


def _hiring(vault: Vault, staff: Iterable[Staff]) -> Any:
    async def work(tx: UnitTransaction) -> None:
        for each in staff:
            named = {name: getattr(each, name) for name in ("id", "username", "role", "organisation", "body")}
            phone = vault.seal("staff.phone", each.id, each.phone) if each.phone else None
            tx.add(staff_table, {**named, "phone": phone, "password_hash": "-", "created_at": NOW})

    return work


async def act(
    database: Database,
    rules: Rules,
    staff: Staff,
    ticket: Ticket | str,
    action: str,
    at: datetime = NOW,
    *,
    key: str | None = None,
    files: Any = (),
    **body: Any,
) -> dict[str, Any]:
    """Act on a ticket at the version it has, unless the body says another."""
    code = ticket if isinstance(ticket, str) else ticket.code
    if "version" not in body:
        rows = await database.read(
            select(tickets.c.version).where(tickets.c.code_index == rules.vault.index("code", code))
        )
        body["version"] = rows[0]["version"] if rows else 1
    given = {name: value for name, value in body.items() if value is not ...}
    body_hash = repr(sorted(given.items())).encode()
    return await acting.act(database, rules, staff, code, action, given, at, key=key, body_hash=body_hash, files=files)


async def errors_of(refusal: Any) -> dict[str, str]:
    """What a use case refuses: the code of each field. Fails where it refuses nothing."""
    try:
        await refusal
    except Invalid as refused:
        return {error.field: error.code for error in refused.errors}
    raise AssertionError("it was not refused")


def told(picture: dict[str, Any]) -> list[tuple[str, int | None]]:
    """What a ticket's notices say was told: kind and step, in order."""
    return [(notice["kind"], notice["step"]) for notice in picture["notices"]]
