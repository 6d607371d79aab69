"""Opening a ticket for a report understood as a complaint: its facts, its tracking code, its first step."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from normalizer.complaint import Complaint
from normalizer.place import organisation_of
from normalizer.report import Report
from normalizer.tracking_code import make_code
from ticketing.completing import begin
from ticketing.hearing import Hearing
from ticketing.ids import new_id
from ticketing.needs import missing_of
from ticketing.tables import attachments, reports
from ticketing.ticket import Identity, Ticket, find_business, save
from ticketing.told_facts import facts_of
from ticketing.transaction import UnitTransaction

_EARLIER_FILES = timedelta(hours=24)


async def open_ticket(tx: UnitTransaction, hearing: Hearing, ticket: Ticket, *, perhaps: Ticket | None = None) -> None:
    """Enter what can be entered of the report's new ticket, and save it.

    Where its citizen is to be asked whether it is the same matter as an earlier ticket, `perhaps` is that one.
    """
    report = hearing.report
    actor = "citizen" if report.filed_by is None else report.extra.get("operator", "operator")
    await set_out(tx, hearing, ticket, actor, perhaps=perhaps)
    if report.converses:
        await _adopt_earlier_files(tx, hearing, ticket)


async def set_out(
    tx: UnitTransaction,
    hearing: Hearing,
    ticket: Ticket,
    actor: str,
    *,
    perhaps: Ticket | None = None,
    taken_from: int | None = None,
) -> None:
    """Open a new ticket and take it as far as its facts go, with the texts of the steps it enters; it is saved.

    `taken_from` is the ticket its report had joined before.
    """
    report, rules, at = hearing.report, hearing.rules, hearing.at
    came_from = {"ticket": taken_from} if taken_from is not None else {}
    ticket.record("opened", actor, at, channel=report.channel, report=hearing.report_id, **came_from)
    await find_business(tx, ticket, at)
    await begin(tx, rules, ticket, at, actor, asks=report.filed_by is None, earlier=perhaps)
    await save(tx, rules.vault, ticket, at)


def ticket_of(hearing: Hearing) -> Ticket:
    """A new ticket with what the report tells, not entered and not saved yet."""
    report, complaint = hearing.report, hearing.complaint
    facts = facts_of(complaint)
    ticket = Ticket(
        id=new_id(),
        code=make_code(secrets.randbelow, anonymous=complaint.anonymous),
        procedure=report.extra.get("procedure") or next(iter(hearing.rules.procedures)),
        channel=report.channel,
        language=report.sender.language,
        opened_at=hearing.at,
        updated_at=hearing.at,
        text=complaint.text,
        organisation=organisation_of(facts["province"], facts["county"]),
        anonymous=complaint.anonymous,
        identity=_identity_of(report, complaint),
        medium=report.medium if report.medium in {"bot", "email"} else None,
        account=report.account,
        urgent=complaint.urgent,
        filed_by=report.filed_by,
        details=dict(report.extra.get("details") or {}),
        **facts,
    )
    ticket.missing = missing_of(hearing.rules.procedures[ticket.procedure], ticket)
    return ticket


def _identity_of(report: Report, complaint: Complaint) -> Identity:
    if complaint.anonymous:
        return Identity()
    return Identity(
        name=complaint.name,
        national_id=complaint.national_id,
        phone=complaint.phone,
        landline=complaint.landline,
        email=complaint.email,
        chat=complaint.chat,
        mail_id=report.message_ids[0] if report.medium == "email" and report.message_ids else None,
    )


async def _adopt_earlier_files(tx: UnitTransaction, hearing: Hearing, ticket: Ticket) -> None:
    """A photo sent before the words belongs to the ticket the words open."""
    since = hearing.at - _EARLIER_FILES
    orphan = select(reports.c.id).where(
        reports.c.sender_index == hearing.voice_index, reports.c.ticket_id.is_(None), reports.c.received_at >= since
    )
    orphans = [row["id"] for row in await tx.rows(orphan)]
    if not orphans:
        return
    await tx.execute(update(reports).where(reports.c.id.in_(orphans)).values(ticket_id=ticket.id))
    await tx.execute(update(attachments).where(attachments.c.report_id.in_(orphans)).values(ticket_id=ticket.id))
