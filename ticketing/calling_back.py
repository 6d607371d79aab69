"""Texts that did not arrive: the list of people to call instead, and the note that somebody did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, exists, select

from sms.outbox import MEDIA, masked
from sms.state import State
from sms.tables import notices
from ticketing.database import Database
from ticketing.doing import Doing
from ticketing.errors import FieldError, Invalid, NotFound
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import events, tickets
from ticketing.ticket import save, ticket_from
from ticketing.transaction import UnitTransaction

_CALLED: Final = "called"
"""In the data of a note: the notice that was made up for by a call."""
_LONGEST_NOTE: Final = 1000


@dataclass(frozen=True, slots=True)
class FailedText:
    """A notice that never arrived: of which ticket, what it said, why it failed, whom to call (masked)."""

    id: int
    tracking_code: str
    kind: str
    step: int | None
    medium: str
    to: str
    text: str
    reason: str
    at: datetime


async def list_failed(
    database: Database, rules: Rules, member: Staff, limit: int, before: int | None = None
) -> list[FailedText]:
    """What failed and nobody has called about, of tickets `member` may see, newest first, older than `before`."""
    shown = select(notices, tickets.c.code).join(tickets, tickets.c.id == notices.c.ticket_id)
    failed = notices.c.medium.in_(MEDIA) & (notices.c.state == State.FAILED)
    wanted = shown.where(failed, ~_is_called(), criterion(member))
    if before is not None:
        wanted = wanted.where(notices.c.id < before)
    rows = await database.read(wanted.order_by(notices.c.id.desc()).limit(limit))
    return [_failed_text(rules, row) for row in rows]


async def mark_called(database: Database, rules: Rules, member: Staff, notice_id: int, note: str, at: datetime) -> None:
    """Note on the ticket that its citizen was called about a text that failed; again changes nothing.

    Raises `Invalid` for `note`, `NotFound`, `Conflict` where somebody changed the ticket at this moment.
    """
    if not note.strip():
        raise Invalid([FieldError("note", "required")])

    async def work(tx: UnitTransaction) -> None:
        its = select(tickets).join(notices, tickets.c.id == notices.c.ticket_id)
        failed = (notices.c.id == notice_id) & (notices.c.state == State.FAILED)
        rows = await tx.rows(its.where(failed, criterion(member)))
        if not rows:
            raise NotFound
        if await tx.rows(select(notices.c.id).where(notices.c.id == notice_id, _is_called())):
            return
        ticket = ticket_from(rules.vault, rows[0])
        doing = Doing(tx, rules, ticket, at, member.username, staff=member, note=note.strip()[:_LONGEST_NOTE])
        doing.data[_CALLED] = str(notice_id)
        doing.record("note")
        await save(tx, rules.vault, ticket, at)

    await database.write(work)


def _is_called() -> ColumnElement[bool]:
    about = events.c.data[_CALLED].as_string() == cast(notices.c.id, String)
    return exists().where(events.c.ticket_id == notices.c.ticket_id, events.c.kind == "note", about)


def _failed_text(rules: Rules, row: Mapping[str, Any]) -> FailedText:
    unseal = rules.vault.unseal
    return FailedText(
        id=row["id"],
        tracking_code=unseal("tickets.code", row["ticket_id"], row["code"]),
        **{name: row[name] for name in ("kind", "step", "medium", "reason")},
        to=masked(row["medium"], unseal("notices.recipient", row["id"], row["recipient"])),
        text=unseal("notices.body", row["id"], row["body"]),
        at=row["finished_at"] or row["created_at"],
    )
