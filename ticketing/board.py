"""The message board: the centre (national staff) and one organisation write to each other, subject by subject.

The centre talks with each organisation alone: what goes to several is a conversation with each of them. A conversation
has two sides, and an organisation learns of no other's. Messages are numbered in the order they were committed, so
that who has read up to a number has read all before it. Nothing that was written is ever changed or thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, false, select, true, update

from sms.store import Read
from ticketing.asked import Asked
from ticketing.board_tables import board_messages, board_readings, conversations
from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ticketing.ids import new_id, parse_id
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.roles import at_desk
from ticketing.staff import Staff
from ticketing.transaction import Row, UnitTransaction

LONGEST_TEXT: Final = 4_000
LONGEST_SUBJECT: Final = 200
ADDRESSEES: Final = tuple(code for code in ORGANISATIONS if code != NATIONAL)
"""The organisations the centre writes to."""
MEMBERS: Final = at_desk("board")
"""The roles that read and write here."""


def is_centre(staff: Staff) -> bool:
    """True for staff of the centre; all others are of their organisation's side."""
    return staff.organisation == NATIONAL


def in_sight(staff: Staff) -> ColumnElement[bool]:
    """What a conversation's row must meet for this member of staff to know of it."""
    if staff.role not in MEMBERS:
        return false()
    return true() if is_centre(staff) else conversations.c.organisation == staff.organisation


async def find_conversation(read: Read, staff: Staff, written_id: str) -> Row:
    """The conversation's row. Raises `NotFound`, for one of another organisation too."""
    conversation_id = parse_id(written_id)
    if conversation_id is None:
        raise NotFound
    rows = await read(select(conversations).where(conversations.c.id == conversation_id, in_sight(staff)))
    if not rows:
        raise NotFound
    return rows[0]


def may_close(staff: Staff, conversation: Row) -> bool:
    """True for the centre, and for the organisation where it began the conversation itself."""
    return is_centre(staff) or not conversation["opened_by_centre"]


async def open_conversations(
    database: Database, asked: Asked, organisations: Sequence[str], subject: str, text: str
) -> dict[str, Any]:
    """Begin a conversation with each of `organisations`, all or none; an organisation's staff name none but their own.

    Returns `{"conversations": [{"id", "organisation"}]}`. Raises `Forbidden`, `Invalid`.
    """
    if asked.staff.role not in MEMBERS:
        raise Forbidden
    to = list(dict.fromkeys(organisations)) if is_centre(asked.staff) else [asked.staff.organisation]
    errors = [
        *_errors_of_addressees(asked.staff, organisations),
        *_errors_of("subject", subject, LONGEST_SUBJECT),
        *_errors_of("text", text, LONGEST_TEXT),
    ]
    if errors:
        raise Invalid(errors)
    return await asked.once(database, partial(_open, asked=asked, to=to, subject=subject.strip(), text=text.strip()))


async def write_message(database: Database, asked: Asked, conversation_id: str, text: str) -> dict[str, Any]:
    """Add a message. Returns `{"id", "number"}`. Raises `NotFound`, `Conflict` (`conversation_closed`), `Invalid`."""
    await find_conversation(database.read, asked.staff, conversation_id)
    errors = _errors_of("text", text, LONGEST_TEXT)
    if errors:
        raise Invalid(errors)
    return await asked.once(database, partial(_write, asked=asked, conversation_id=conversation_id, text=text.strip()))


async def set_open(database: Database, asked: Asked, conversation_id: str, *, is_open: bool) -> dict[str, Any]:
    """Close the conversation or open it again; one that is so already stays. Returns `{"id", "status"}`.

    Raises `NotFound`, `Forbidden`.
    """
    unit = partial(_set_open, asked=asked, conversation_id=conversation_id, is_open=is_open)
    return await asked.once(database, unit)


async def mark_read(database: Database, staff: Staff, conversation_id: str, number: int, at: datetime) -> None:
    """Note that this member of staff was shown all messages up to `number`. Raises `NotFound`."""
    row = await find_conversation(database.read, staff, conversation_id)
    shown = min(number, row["messages"])
    mine = (board_readings.c.conversation_id == row["id"]) & (board_readings.c.staff_id == staff.id)
    seen = select(board_readings.c.number).where(mine, board_readings.c.number >= shown).limit(1)

    async def work(tx: UnitTransaction) -> None:
        if not await tx.rows(seen):
            reader = {"conversation_id": row["id"], "staff_id": staff.id, "by_centre": is_centre(staff)}
            tx.add(board_readings, {**reader, "number": shown, "at": at})

    if shown > 0 and not await database.read(seen):
        await database.write(work)


async def _open(tx: UnitTransaction, *, asked: Asked, to: Sequence[str], subject: str, text: str) -> dict[str, Any]:
    opened = []
    for organisation in to:
        row_id, by_centre = new_id(), is_centre(asked.staff)
        row = {"id": row_id, "organisation": organisation, "opened_by_centre": by_centre, **_counted(by_centre, 1)}
        row |= {"subject": asked.rules.vault.seal("conversations.subject", row_id, subject)}
        message_id = new_id()
        row |= {"opened_by": asked.staff.username, "opened_at": asked.at, "newest_id": message_id}
        tx.add(conversations, {**row, "closed_by": None, "closed_at": None})
        _add_message(tx, asked, row_id, message_id, 1, text)
        opened.append({"id": str(row_id), "organisation": organisation})
    return {"conversations": opened}


async def _write(tx: UnitTransaction, *, asked: Asked, conversation_id: str, text: str) -> dict[str, Any]:
    row = await find_conversation(tx.rows, asked.staff, conversation_id)
    if row["closed_at"] is not None:
        raise Conflict("conversation_closed")
    number, message_id = row["messages"] + 1, new_id()
    of = conversations.c
    as_it_was = (of.id == row["id"]) & (of.messages == row["messages"]) & of.closed_at.is_(None)
    values = {**_counted(is_centre(asked.staff), number, row), "newest_id": message_id}
    done = await tx.execute(update(conversations).where(as_it_was).values(**values))
    if done.rowcount != 1:
        raise Conflict("stale_version")  # another process was first: this runs again
    _add_message(tx, asked, row["id"], message_id, number, text)
    return {"id": conversation_id, "number": number}


async def _set_open(tx: UnitTransaction, *, asked: Asked, conversation_id: str, is_open: bool) -> dict[str, Any]:
    row = await find_conversation(tx.rows, asked.staff, conversation_id)
    if not may_close(asked.staff, row):
        raise Forbidden
    closed: dict[str, Any] = {"closed_by": None, "closed_at": None}
    if not is_open:
        closed = {"closed_by": asked.staff.username, "closed_at": asked.at}
    other = conversations.c.closed_at.is_not(None) if is_open else conversations.c.closed_at.is_(None)
    await tx.execute(update(conversations).where(conversations.c.id == row["id"], other).values(**closed))
    return {"id": conversation_id, "status": "open" if is_open else "closed"}


def _counted(by_centre: bool, number: int, before: Row | None = None) -> dict[str, int]:
    """The counts of a conversation whose newest message is this one."""
    sides = {name: before[name] if before else 0 for name in ("by_centre", "by_organisation")}
    return {**sides, "by_centre" if by_centre else "by_organisation": number, "messages": number}


def _add_message(tx: UnitTransaction, asked: Asked, conversation_id: int, row_id: int, number: int, text: str) -> None:
    row = {"id": row_id, "conversation_id": conversation_id, "number": number, "by_centre": is_centre(asked.staff)}
    sealed = asked.rules.vault.seal("board_messages.text", row_id, text)
    tx.add(board_messages, {**row, "author": asked.staff.username, "text": sealed, "at": asked.at})


def _errors_of_addressees(staff: Staff, organisations: Sequence[str]) -> list[FieldError]:
    known = ADDRESSEES if is_centre(staff) else (staff.organisation,)
    if is_centre(staff) and not organisations:
        return [FieldError("organisations", "required")]
    return [] if set(organisations) <= set(known) else [FieldError("organisations", "not_allowed")]


def _errors_of(name: str, words: str, longest: int) -> list[FieldError]:
    if not words.strip():
        return [FieldError(name, "required")]
    return [FieldError(name, "too_long")] if len(words.strip()) > longest else []
