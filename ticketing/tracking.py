"""What a citizen may see and do with a code and the last four digits of their phone, and no more.

A wrong code and wrong digits take the same path: the same look-up, one durable failure, the same refusal.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from normalizer.report import Report
from normalizer.tracking_code import parse_code
from sms.store import Read
from ticketing.appointed import starts_at
from ticketing.asking import choices_for
from ticketing.attachments import AttachmentStore
from ticketing.citizen_actions import CITIZEN, Offer, objected_at, offers
from ticketing.database import Database
from ticketing.deadlines import due_on
from ticketing.errors import KeyReused, NotFound
from ticketing.guesses import Guesses
from ticketing.idempotency import Keyed, keyed, once
from ticketing.intake import take_in
from ticketing.perform import perform
from ticketing.procedure import Procedure
from ticketing.rating import open_survey
from ticketing.rules import Rules
from ticketing.survey_wishes import are_refused
from ticketing.tables import events, questions
from ticketing.ticket import Ticket, by_code, load, save, ticket_from
from ticketing.told_words import told_words
from ticketing.transaction import UnitTransaction
from ticketing.vocabulary import RATING


async def find_ticket(
    database: Database, rules: Rules, guesses: Guesses, code: str, phone_last4: str | None, client: str, at: datetime
) -> Ticket:
    """The ticket of a code whose second factor holds. Raises `NotFound` or `TooMany`."""
    parsed = parse_code(code) or ""
    async with guesses.turn(client, parsed):
        await guesses.check(client, parsed, at)
        rows = await database.read(by_code(rules.vault, parsed).statement())
        ticket = ticket_from(rules.vault, rows[0]) if rows else None
        if ticket is None or not _holds(ticket, phone_last4):
            await guesses.failed(client, parsed, at)
            raise NotFound
        return ticket


def _holds(ticket: Ticket, phone_last4: str | None) -> bool:
    last4 = ticket.identity.last4
    if last4 is None:
        return ticket.anonymous
    return hmac.compare_digest(last4.encode(), (phone_last4 or "").encode())


async def follow_up(
    database: Database,
    rules: Rules,
    ticket: Ticket,
    report: Report,
    *,
    files: AttachmentStore | None = None,
    body_hash: bytes | None = None,
) -> dict[str, Any]:
    """Take an answer (`report.choice` is `satisfied:1`, `rating:5` or the like) or an addition to a ticket that was
    found by `find_ticket`, and return its status after. Raises `Conflict` where nothing was asked."""
    await take_in(database, rules, report, files=files, body_hash=body_hash, about=ticket.id)
    rows = await database.read(by_code(rules.vault, ticket.code).statement())
    return await status_of(database.read, rules, ticket_from(rules.vault, rows[0]), report.received_at)


async def take_action(
    database: Database,
    rules: Rules,
    ticket: Ticket,
    action: str,
    body: Mapping[str, Any],
    at: datetime,
    *,
    key: str | None,
    body_hash: bytes,
) -> dict[str, Any]:
    """Do what the procedure gives the citizen to a ticket that was found by `find_ticket`; its status after.

    A known key gives its first answer. Raises `KeyReused`; `Conflict` where it cannot be done now (`term_over`: not any
    more); `Invalid` for wrong fields.
    """
    vault = rules.vault
    request = _keyed(rules, ticket, action, key, body_hash) if key is not None else None

    async def work(tx: UnitTransaction) -> dict[str, Any]:
        today = await load(tx, vault, ticket.id)
        await perform(tx, rules, today, action, body, at=at, actor=CITIZEN)
        await save(tx, vault, today, at)
        return await status_of(tx.rows, rules, today, at)

    return await once(database, vault, request, at, work)


async def refuse_known_key(database: Database, rules: Rules, ticket: Ticket, action: str, key: str) -> None:
    """For a body nobody could read. Raises `KeyReused` where `take_action` was asked with the key before."""
    if await database.read(_keyed(rules, ticket, action, key, b"").look_up.statement()):
        raise KeyReused


def _keyed(rules: Rules, ticket: Ticket, action: str, key: str, body_hash: bytes) -> Keyed:
    return keyed(rules.vault, f"{CITIZEN}/{action}/{ticket.code}", key, body_hash)


async def status_of(read: Read, rules: Rules, ticket: Ticket, at: datetime) -> dict[str, Any]:
    """CONTRACT §5's picture of a ticket: steps with their times, what is asked; no personal data.

    Beside that: its appointment to come, whom it waits for, what it lacks, what its citizen may do at `at` and until
    which day, when they objected where it is open again because of that, and whether they want no surveys.
    """
    entered = select(events.c.at, events.c.data).where(events.c.ticket_id == ticket.id, events.c.kind == "step")
    procedure = rules.procedures[ticket.procedure]
    asked = select(questions.c.kind).where(
        questions.c.ticket_id == ticket.id,
        questions.c.state.in_(("open", "waiting")),
        questions.c.kind.in_(procedure.questions),
    )
    steps = await read(entered.order_by(events.c.number))
    waiting = [row["kind"] for row in await read(asked)]
    rating = None if waiting else await open_survey(read, rules, ticket.id, at)
    objected = await objected_at(read, rules, ticket)
    return {
        "tracking_code": ticket.code,
        "procedure": procedure.code,
        "step": procedure.step(ticket.step).code,
        "step_number": ticket.step,
        "status": ticket.status,
        "outcome": ticket.outcome,
        "due_on": _day(ticket),
        "steps": [_step(row) for row in _latest(procedure, steps)],
        "asks": waiting[0] if waiting else RATING if rating else None,
        "choices": _choices(rules, ticket, waiting[0]) if waiting else [],
        "answer": None if ticket.is_open else await told_words(read, rules, ticket),
        "appointment": _appointment(ticket),
        "waiting_for": ticket.waiting_for,
        "missing": ticket.missing if ticket.is_open else [],
        "actions": [_offer(each) for each in offers(rules, ticket, at)],
        "objected_at": objected.isoformat() if objected else None,
        "surveys_refused": await are_refused(read, rules, ticket),
    }


def _appointment(ticket: Ticket) -> dict[str, Any] | None:
    """What is offered or agreed and still to come: with whom, when and where."""
    if starts_at(ticket) is None or ticket.appointment is None:
        return None
    return {name: ticket.appointment[name] for name in ("official", "starts_at", "place")}


def _offer(offer: Offer) -> dict[str, str | None]:
    return {"action": offer.action, "until": offer.until.isoformat() if offer.until else None}


def _choices(rules: Rules, ticket: Ticket, kind: str) -> list[dict[str, str]]:
    """The answers its procedure gives to a question, by number, in the ticket's language."""
    return [{"choice": value, "title": title} for value, title in choices_for(rules, kind, ticket)]


def _day(ticket: Ticket) -> str | None:
    day = due_on(ticket.due_at) if ticket.is_open else None
    return day.isoformat() if day else None


def _step(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": row["data"]["number"], "step": row["data"]["step"], "at": row["at"].isoformat()}


def _latest(procedure: Procedure, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One row for each step of the procedure: one entered again after a reopening counts from its last time.

    What a ticket that went over had reached in another procedure is not told.
    """
    by_number = {row["data"]["number"]: row for row in rows if procedure.has_step(row["data"]["step"])}
    return [by_number[number] for number in sorted(by_number)]
