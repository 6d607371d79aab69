"""The outbox: what is to be said to whom, written in the transaction that caused it, and how it fared.

Addresses and words are sealed. Who may be told what is ticketing's rule; when and how often is the dispatcher's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from sms.mobile import is_mobile
from sms.segments import segments
from sms.state import UNFINISHED, State
from sms.store import Read, Seal, Transaction, Unseal
from sms.tables import notices

KINDS = ("step", "question", "close", "dispatch", "survey", "reply", "board", "staff", "formal", "hand_out", "result")
MEDIA = ("sms", "email", "bot")
"""What a ticket shows (CONTRACT §4)."""
SISTER = "sister"
"""A case for another system that handles cases: no text to a person, so it is not among what was said."""
PUSH = "push"
"""A citizen's own browser: a hint beside a text, never instead of one, so it is not among what was said to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to say to one person.

    `id` is made by the application, climbs with time, and is the provider's localid. Notices of one ticket,
    medium and recipient go out in the order of their ids. `once` names what may be said only once, ever.
    `recipient` is an E.164 mobile, a mail address, a chat id or a device's id; `account` the line, mailbox, bot or
    push service to use. `calendar` is an iCalendar file that goes with a mail.
    """

    id: int
    ticket_id: int | None
    kind: str
    medium: str
    recipient: str
    text: str
    step: int | None = None
    account: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, Any] | None = None
    calendar: str | None = None
    once: str | None = None
    not_before: datetime | None = None


def enqueue(tx: Transaction, notice: Notice, seal: Seal, index: bytes, at: datetime) -> None:
    """Put `notice` into the outbox; `index` is the blind index of its recipient.

    A text for anything but an Iranian mobile is recorded as failed and never sent. Raises ValueError for an
    unknown kind or medium; a second notice with the same `once` is refused by the database.
    """
    if notice.kind not in KINDS or notice.medium not in (*MEDIA, PUSH, SISTER):
        raise ValueError(f"no notice is of kind {notice.kind} and medium {notice.medium}")
    sendable = notice.medium != "sms" or is_mobile(notice.recipient)
    tx.add(
        notices,
        {
            "id": notice.id,
            "ticket_id": notice.ticket_id,
            "kind": notice.kind,
            "step": notice.step,
            "medium": notice.medium,
            "account": notice.account,
            "recipient": seal("notices.recipient", notice.id, notice.recipient),
            "recipient_index": index,
            "body": seal("notices.body", notice.id, notice.text),
            "choices": [list(choice) for choice in notice.choices] or None,
            "headers": dict(notice.headers) if notice.headers else None,
            "calendar": seal("notices.calendar", notice.id, notice.calendar) if notice.calendar else None,
            "segments": segments(notice.text) if notice.medium == "sms" else 1,
            "once": notice.once,
            "state": State.PENDING if sendable else State.FAILED,
            "reason": "" if sendable else "not_a_mobile",
            "due_at": notice.not_before or at,
            "created_at": at,
            "finished_at": None if sendable else at,
        },
    )


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as a ticket shows it: the recipient masked, `localid` our own id."""

    kind: str
    step: int | None
    medium: str
    to: str
    text: str
    localid: int
    state: str
    reason: str
    created_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


async def notices_of(read: Read, unseal: Unseal, ticket_id: int) -> list[NoticeView]:
    """Everything said, or to be said, about a ticket, oldest first."""
    said = (notices.c.ticket_id == ticket_id) & notices.c.medium.in_(MEDIA)
    rows = await read(select(notices).where(said).order_by(notices.c.id))
    return [
        NoticeView(
            kind=row["kind"],
            step=row["step"],
            medium=row["medium"],
            to=masked(row["medium"], unseal("notices.recipient", row["id"], row["recipient"])),
            text=unseal("notices.body", row["id"], row["body"]),
            localid=row["id"],
            state=row["state"],
            reason=row["reason"],
            created_at=row["created_at"],
            sent_at=row["sent_at"],
            finished_at=row["finished_at"],
        )
        for row in rows
    ]


def masked(medium: str, recipient: str) -> str:
    """Enough of an address to recognise it by, not enough to use it: +98912***4567, s***@example.com, ***4567."""
    if medium == "sms":
        return f"{recipient[:6]}***{recipient[-4:]}"
    if medium == "email":
        name, _, domain = recipient.rpartition("@")
        return f"{name[:1]}***@{domain}"
    return f"***{recipient[-4:]}" if len(recipient) > 4 else "***"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits on one medium: how many notices, and since when the oldest of them has been due."""

    medium: str
    state: str
    count: int
    oldest_due_at: datetime


async def fetch_backlog(read: Read) -> list[Backlog]:
    """The unfinished notices by medium and state, for readiness and metrics."""
    column = notices.c
    grouped = (
        select(column.medium, column.state, func.count().label("count"), func.min(column.due_at).label("oldest_due_at"))
        .where(column.medium.in_((*MEDIA, PUSH, SISTER)), column.state.in_(UNFINISHED))
        .group_by(column.medium, column.state)
    )
    return [Backlog(**row) for row in await read(grouped)]
