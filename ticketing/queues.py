"""Work queues: what waits for a member of staff, in the order it falls due, in pages and bounded counts.

A queue is a tab (`TABS`), narrowed by the same filters as the list of tickets and by policy. It refuses to count far:
beyond `MOST_COUNTED` a count is "more", so that a page costs the same whatever the table holds.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from normalizer.tracking_code import parse_code
from ticketing.database import Database
from ticketing.deadlines import TEHRAN
from ticketing.desk import item_of, with_assignee
from ticketing.errors import FieldError, Invalid
from ticketing.filters import IS_OPEN, criteria
from ticketing.ids import new_id
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import events, tickets

Row = Mapping[str, Any]
Condition = ColumnElement[bool]
PAGE: Final = 50
MOST_COUNTED: Final = 1000
MOST_FILTERED: Final = 2000
_MOST_NEWS: Final = 500
_IDS_PER_MS: Final = 1 << 22
_COMMITTED_WITHIN_MS: Final = 5_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OVERSEERS: Final = frozenset({"supervisor", "admin"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in a queue: its due moment (none comes last), then its id."""

    due_at: datetime | None
    ticket_id: int

    def written(self) -> str:
        """The place as a cursor for addresses; `read_place` reads it back."""
        due_us = (self.due_at - _EPOCH) // timedelta(microseconds=1) if self.due_at else 0
        return base64.urlsafe_b64encode(struct.pack(">qq", due_us, self.ticket_id)).decode().rstrip("=")


def read_place(cursor: str) -> Place:
    """The place a cursor names. Raises ValueError."""
    raw = base64.b64decode(cursor.encode("ascii") + b"==", altchars=b"-_", validate=True)
    if len(raw) != 16:
        raise ValueError("not a place")
    due_us, ticket_id = struct.unpack(">qq", raw)
    try:
        return Place(_EPOCH + timedelta(microseconds=due_us) if due_us else None, ticket_id)
    except OverflowError:
        raise ValueError("not a moment") from None


@dataclass(frozen=True, slots=True)
class Asked:
    """A queue as somebody asks for it: who, which tab, which filters (names and values of `filters`), when."""

    staff: Staff
    tab: str
    filters: Mapping[str, str]
    at: datetime


def tabs_of(role: str) -> Sequence[str]:
    """The tabs a role has, in order; the one it begins with is `first_tab`."""
    return ("unassigned", "today", "overdue", "all") if role in _OVERSEERS else tuple(_TABS)


def first_tab(role: str) -> str:
    """Where a role begins: all that waits for it, or, for those who oversee, all that is late."""
    return "overdue" if role in _OVERSEERS else "waiting"


async def page_of(database: Database, rules: Rules, asked: Asked, after: str = "", limit: int = PAGE) -> dict[str, Any]:
    """`{"items", "next_cursor"}`, due first (closed ones: newest first). An item is a line with an `excerpt` and its
    `place`. Raises `Invalid` naming bad filters or a bad cursor.
    """
    conditions, place = _conditions(rules, asked), _place(after)
    newest_first = asked.filters.get("status") == "closed"
    rows = await _rows(database, conditions, place, limit + 1, newest_first=newest_first)
    items = [{**item_of(rules, row, asked.at), "place": _stood(row).written()} for row in rows[:limit]]
    return {"items": items, "next_cursor": items[-1]["place"] if len(rows) > limit else None}


@dataclass(frozen=True, slots=True)
class Count:
    """How many tickets a tab holds; `more` where counting stopped there."""

    count: int
    more: bool


async def counts_of(database: Database, rules: Rules, asked: Asked) -> dict[str, Count]:
    """How many tickets each of the role's tabs holds under these filters.

    So many tickets of a tab are looked at and no more, for a filter few of them meet would walk through them all.
    """
    most = MOST_FILTERED if asked.filters else MOST_COUNTED
    fits = case((and_(true(), *_narrowed(rules, asked)), 1), else_=0).label("fits")
    counted = []
    for tab in tabs_of(asked.staff.role):
        held = _held(Asked(asked.staff, tab, asked.filters, asked.at))
        some = select(fits).select_from(tickets).where(*held).limit(most + 1).subquery()
        counted.append(select(func.coalesce(func.sum(some.c.fits), 0)).scalar_subquery().label(tab))
        counted.append(select(func.count()).select_from(some).scalar_subquery().label(f"{tab}_looked_at"))
    row = (await database.read(select(*counted)))[0]
    return {tab: _count(row[tab], row[f"{tab}_looked_at"] > most) for tab in tabs_of(asked.staff.role)}


def _count(fitting: int, stopped: bool) -> Count:
    return Count(min(int(fitting), MOST_COUNTED), stopped or fitting > MOST_COUNTED)


async def following(
    database: Database, rules: Rules, asked: Asked, code: str, place: str = ""
) -> tuple[str, str] | None:
    """Code and place of the ticket after this one, nobody else's: after where it stood (`place`) or stands, else the
    first. None where the queue holds no other. Raises as `page_of`.
    """
    conditions = _conditions(rules, asked)
    parsed = parse_code(code)
    index = rules.vault.index("code", parsed) if parsed else b""
    free = or_(tickets.c.assignee.is_(None), tickets.c.assignee == asked.staff.id)
    others = [*conditions, tickets.c.code_index != index, free]
    stood = _place(place) or await _stands(database, conditions, index)
    for start in dict.fromkeys((stood, None)):
        rows = await _rows(database, others, start, 1)
        if rows:
            return rules.vault.unseal("tickets.code", rows[0]["id"], rows[0]["code"]), _stood(rows[0]).written()
    return None


async def news_of(database: Database, rules: Rules, asked: Asked, since: int) -> list[dict[str, Any]]:
    """The queue's tickets something happened to after the moment `since` (of `now_id`): `tracking_code`, `assignee`.

    The newest few hundred events are looked at, no more.
    """
    happened = select(events.c.ticket_id).where(events.c.id > since).order_by(events.c.id.desc()).limit(_MOST_NEWS)
    rows = await database.read(with_assignee().where(*_conditions(rules, asked), tickets.c.id.in_(happened)))
    codes = (rules.vault.unseal("tickets.code", row["id"], row["code"]) for row in rows)
    return [{"tracking_code": code, "assignee": row["assignee_name"]} for code, row in zip(codes, rows, strict=True)]


def now_id() -> int:
    """A moment for `news_of`: early enough that what is being committed now comes after it."""
    return new_id() - _COMMITTED_WITHIN_MS * _IDS_PER_MS


def _conditions(rules: Rules, asked: Asked) -> list[Condition]:
    if asked.tab not in tabs_of(asked.staff.role):
        raise Invalid([FieldError("tab", "not_allowed")])
    return [*_held(asked), *_narrowed(rules, asked)]


def _held(asked: Asked) -> list[Condition]:
    return [criterion(asked.staff), *_scope(asked), _TABS[asked.tab](asked.staff, asked.at)]


def _narrowed(rules: Rules, asked: Asked) -> list[Condition]:
    errors: list[FieldError] = []
    narrowed = criteria(asked.filters, rules, asked.staff, asked.at, errors)
    if errors:
        raise Invalid(errors)
    return narrowed


def _scope(asked: Asked) -> list[Condition]:
    """What waits for the role; those who oversee, and the tab of all, have everything open (or as filtered)."""
    if asked.tab == "all":
        return [] if "status" in asked.filters else [IS_OPEN]
    if asked.staff.role in _OVERSEERS:
        return [IS_OPEN]
    return [IS_OPEN, tickets.c.waiting_for == asked.staff.role]


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        return read_place(cursor)
    except ValueError:
        raise Invalid([FieldError("cursor", "wrong_value")]) from None


def _stood(row: Row) -> Place:
    return Place(row["due_at"], row["id"])


async def _stands(database: Database, conditions: Sequence[Condition], index: bytes) -> Place | None:
    where = select(tickets.c.due_at, tickets.c.id).where(*conditions, tickets.c.code_index == index)
    return next((_stood(row) for row in await database.read(where)), None)


async def _rows(
    database: Database, conditions: Sequence[Condition], after: Place | None, limit: int, *, newest_first: bool = False
) -> Sequence[Row]:
    """First those that fall due, then those that do not: two statements, for each walks one index in its order."""
    held = with_assignee().where(*conditions).limit(limit)
    due, ident = tickets.c.due_at, tickets.c.id
    dated: Sequence[Row] = ()
    if after is None or after.due_at is not None:
        falling = held.where(due.is_not(None))
        if after is not None:
            later = and_(due == after.due_at, ident > after.ticket_id)
            falling = falling.where(due >= after.due_at, or_(due > after.due_at, later))
        dated = await database.read(falling.order_by(due, ident))
    if len(dated) == limit:
        return dated
    rest = held.where(due.is_(None)).limit(limit - len(dated))
    if after is not None and after.due_at is None:
        rest = rest.where(ident < after.ticket_id if newest_first else ident > after.ticket_id)
    return [*dated, *await database.read(rest.order_by(ident.desc() if newest_first else ident))]


def _everything(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.id.is_not(None)


def _mine(staff: Staff, _at: datetime) -> Condition:
    return tickets.c.assignee == staff.id


def _overdue(_staff: Staff, at: datetime) -> Condition:
    return tickets.c.due_at < at


def _mine_overdue(staff: Staff, at: datetime) -> Condition:
    return and_(_mine(staff, at), _overdue(staff, at))


def _today(_staff: Staff, at: datetime) -> Condition:
    """Still to come, before midnight in Tehran."""
    tomorrow = at.astimezone(TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return and_(tickets.c.due_at >= at, tickets.c.due_at < tomorrow.astimezone(UTC))


def _unassigned(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.assignee.is_(None)


_TABS: Final[Mapping[str, Callable[[Staff, datetime], Condition]]] = {
    "mine_overdue": _mine_overdue,
    "mine": _mine,
    "today": _today,
    "unassigned": _unassigned,
    "overdue": _overdue,
    "waiting": _everything,
    "all": _everything,
}
