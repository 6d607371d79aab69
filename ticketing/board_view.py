"""The message board as one member of staff sees it: conversations, what is new in them, who read their side's words.

Unread is what the other side wrote and one has not been shown. What a colleague had read before one's own account was
made is not new: whoever follows somebody begins where they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from normalizer.text import digits
from sms.digits import is_ascii_number
from sms.store import Read
from ticketing.board import MEMBERS, find_conversation, in_sight, is_centre, may_close
from ticketing.board_tables import board_messages, board_readings, conversations
from ticketing.errors import FieldError, Invalid
from ticketing.ids import parse_id
from ticketing.mentions import codes_in, seen_among
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.transaction import Row

MOST_SHOWN: Final = 100
"""Messages of one conversation at a time."""
PAGE: Final = 50
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations. With `open` come those that are closed and have something unread; `after` is a cursor."""

    status: Literal["open", "closed", "any"] = "open"
    organisation: str = ""
    after: str = ""
    limit: int = PAGE


async def count_unread(read: Read, staff: Staff) -> int:
    """How many messages this member of staff has not been shown; 0 for who is not at the board."""
    if staff.role not in MEMBERS:
        return 0
    some = select(_unread(staff).label("unread")).where(in_sight(staff), _has_news(staff)).subquery()
    rows = await read(select(func.sum(some.c.unread).label("count")))
    return int(rows[0]["count"] or 0)


async def list_conversations(read: Read, rules: Rules, staff: Staff, wanted: Wanted) -> dict[str, Any]:
    """`{"items", "next_cursor"}`: what has something unread first, then by the newest message. Raises `Invalid`."""
    limit = min(wanted.limit, MOST_LISTED)
    page = select(conversations.c.id).where(in_sight(staff), *_narrowing(staff, wanted))
    in_order = page.order_by(_has_news(staff).desc(), conversations.c.newest_id.desc()).limit(limit + 1)
    ids = [row["id"] for row in await read(in_order)]
    found = {row["id"]: row for row in await read(_shown(staff).where(conversations.c.id.in_(ids)))}
    rows = [found[each] for each in ids]
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [_line(rules, staff, row) for row in rows[:limit]],
        "next_cursor": f"{int(last['unread'] > 0)}.{last['newest_id']}" if last is not None else None,
    }


async def get_conversation(
    read: Read, rules: Rules, staff: Staff, conversation_id: str, before: int | None = None
) -> dict[str, Any]:
    """The conversation with its newest messages, or the newest before number `before`, in order. Raises `NotFound`.

    Each message tells which codes in it are of tickets in sight and, on one's own side, who of the other side was
    shown it first when. `is_all`: none is before them.
    """
    found = await find_conversation(read, staff, conversation_id)
    row = (await read(_shown(staff).where(conversations.c.id == found["id"])))[0]
    newest = select(board_messages).where(board_messages.c.conversation_id == row["id"])
    if before is not None:
        newest = newest.where(board_messages.c.number < before)
    rows = list(reversed(await read(newest.order_by(board_messages.c.number.desc()).limit(MOST_SHOWN))))
    texts = [rules.vault.unseal("board_messages.text", each["id"], each["text"]) for each in rows]
    seen = await seen_among(read, rules, staff, {code for text in texts for code in codes_in(text)})
    readings = await _readings(read, staff, row["id"])
    return {
        **_line(rules, staff, row),
        "messages": [
            {
                **_message(staff, message, row["read_to"]),
                "text": text,
                "tickets": [code for code in codes_in(text) if code in seen],
                "read_by": list(_readers(staff, message, readings)),
            }
            for message, text in zip(rows, texts, strict=True)
        ],
        "is_all": not rows or rows[0]["number"] == 1,
    }


def _shown(staff: Staff) -> Select[Any]:
    """Conversations with what a line tells beside them."""
    newest = board_messages.c
    return select(
        conversations,
        _unread(staff).label("unread"),
        _read_to(staff).label("read_to"),
        newest.at.label("written_at"),
        newest.author.label("written_by"),
    ).join(board_messages, newest.id == conversations.c.newest_id)


def _narrowing(staff: Staff, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.status == "open":
        yield or_(conversations.c.closed_at.is_(None), _has_news(staff))
    elif wanted.status == "closed":
        yield conversations.c.closed_at.is_not(None)
    if wanted.organisation:
        yield conversations.c.organisation == wanted.organisation
    if wanted.after:
        had_news, newest_id = _read_cursor(wanted.after)
        older = conversations.c.newest_id < newest_id
        yield or_(and_(_has_news(staff), older), ~_has_news(staff)) if had_news else and_(~_has_news(staff), older)


def _read_cursor(written: str) -> tuple[bool, int]:
    had_news, _, number = digits(written).partition(".")
    newest_id = parse_id(number)
    if had_news not in ("0", "1") or newest_id is None or not is_ascii_number(number):
        raise Invalid([FieldError("cursor", "wrong_value")])
    return had_news == "1", newest_id


def _has_news(staff: Staff) -> ColumnElement[bool]:
    """True where the other side has written what was not shown yet; mostly it has written nothing, soon told."""
    by_others = conversations.c.by_organisation if is_centre(staff) else conversations.c.by_centre
    return and_(by_others > 0, by_others > _read_to(staff))


def _read_to(staff: Staff) -> ColumnElement[int]:
    """Up to which message it was shown to this member of staff, or to their colleagues before they came."""
    came = select(staff_table.c.created_at).where(staff_table.c.id == staff.id).scalar_subquery()
    colleagues = and_(board_readings.c.by_centre == is_centre(staff), board_readings.c.at < came)
    theirs = or_(board_readings.c.staff_id == staff.id, colleagues)
    of_this = board_readings.c.conversation_id == conversations.c.id
    newest = select(func.coalesce(func.max(board_readings.c.number), 0)).where(of_this, theirs)
    return newest.correlate(conversations).scalar_subquery()


def _unread(staff: Staff) -> ColumnElement[int]:
    messages = board_messages.alias("unread_messages")
    by_others = messages.c.by_centre != is_centre(staff)
    unread = (messages.c.conversation_id == conversations.c.id, by_others, messages.c.number > _read_to(staff))
    counted = select(func.count()).select_from(messages).where(*unread).correlate(conversations).scalar_subquery()
    return case((_has_news(staff), counted), else_=0)


async def _readings(read: Read, staff: Staff, conversation_id: int) -> Sequence[Row]:
    """Who of the other side was shown how much, in the order of time."""
    named = select(board_readings, staff_table.c.username).join(
        staff_table, staff_table.c.id == board_readings.c.staff_id
    )
    others = board_readings.c.by_centre != is_centre(staff)
    of_this = board_readings.c.conversation_id == conversation_id
    return await read(named.where(of_this, others).order_by(board_readings.c.number))


def _line(rules: Rules, staff: Staff, row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "organisation": row["organisation"],
        "subject": rules.vault.unseal("conversations.subject", row["id"], row["subject"]),
        "status": "closed" if row["closed_at"] else "open",
        "count": row["messages"],
        "unread": row["unread"],
        "written_by": row["written_by"],
        "written_at": row["written_at"].isoformat(),
        "opened_by": row["opened_by"],
        "opened_at": row["opened_at"].isoformat(),
        "closed_by": row["closed_by"],
        "closed_at": row["closed_at"].isoformat() if row["closed_at"] else None,
        "may_close": may_close(staff, row),
    }


def _message(staff: Staff, row: Row, read_to: int) -> dict[str, Any]:
    is_own = row["by_centre"] == is_centre(staff)
    return {
        "number": row["number"],
        "side": "centre" if row["by_centre"] else "organisation",
        "author": row["author"],
        "at": row["at"].isoformat(),
        "is_own": is_own,
        "is_new": not is_own and row["number"] > read_to,
    }


def _readers(staff: Staff, message: Row, readings: Collection[Row]) -> Iterator[dict[str, str]]:
    """Each of the other side who was shown the message, by the first time; for one's own side's messages only."""
    if message["by_centre"] != is_centre(staff):
        return
    first: dict[str, str] = {}
    for reading in readings:
        if reading["number"] >= message["number"]:
            first.setdefault(reading["username"], reading["at"].isoformat())
    yield from ({"username": username, "at": at} for username, at in first.items())
