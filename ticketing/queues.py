"""Work queues: what waits for a member of staff, in the order it falls due, in pages and bounded counts.

A queue is a tab (`tabs`), narrowed by the same filters as the list of tickets and by policy. It refuses to count far:
beyond `MOST_COUNTED` a count is "more", so that a page costs the same whatever the table holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from normalizer.tracking_code import parse_code
from ticketing.database import Database
from ticketing.desk import item_of, with_assignee
from ticketing.errors import FieldError, Invalid
from ticketing.ids import new_id
from ticketing.places import Place, place_of, read_place
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.tables import events, tickets
from ticketing.tabs import Asked, conditions_of, held_by, narrowed, tabs_of

Row = Mapping[str, Any]
Condition = ColumnElement[bool]
PAGE: Final = 50
MOST_COUNTED: Final = 1000
MOST_FILTERED: Final = 2000
_MOST_NEWS: Final = 500
_IDS_PER_MS: Final = 1 << 22
_COMMITTED_WITHIN_MS: Final = 5_000


async def page_of(database: Database, rules: Rules, asked: Asked, after: str = "", limit: int = PAGE) -> dict[str, Any]:
    """`{"items", "next_cursor"}`, due first (closed ones: newest first). An item is a line with an `excerpt` and its
    `place`. Raises `Invalid` naming bad filters or a bad cursor.
    """
    conditions, place = conditions_of(rules, asked), _place(after)
    newest_first = asked.filters.get("status") == "closed"
    rows = await _rows(database, conditions, place, limit + 1, newest_first=newest_first)
    items = [{**item_of(rules, row, asked.at), "place": place_of(row).written()} for row in rows[:limit]]
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
    fits = case((and_(true(), *narrowed(rules, asked)), 1), else_=0).label("fits")
    counted = []
    for tab in tabs_of(asked.staff.role):
        some = select(fits).select_from(tickets).where(*held_by(asked, tab)).limit(most + 1).subquery()
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
    conditions = conditions_of(rules, asked)
    parsed = parse_code(code)
    index = rules.vault.index("code", parsed) if parsed else b""
    free = or_(tickets.c.assignee.is_(None), tickets.c.assignee == asked.staff.id)
    others = [*conditions, tickets.c.code_index != index, free]
    stood = _place(place) or await _stands(database, conditions, index)
    for start in dict.fromkeys((stood, None)):
        rows = await _rows(database, others, start, 1)
        if rows:
            return rules.vault.unseal("tickets.code", rows[0]["id"], rows[0]["code"]), place_of(rows[0]).written()
    return None


async def news_of(database: Database, rules: Rules, asked: Asked, since: int) -> list[dict[str, Any]]:
    """The tickets in sight something happened to after the moment `since` (of `now_id`): `tracking_code`, `assignee`,
    and `is_here`, whether the queue holds it now. The newest few hundred events are looked at, no more.
    """
    is_here = case((and_(*conditions_of(rules, asked)), 1), else_=0).label("is_here")
    happened = select(events.c.ticket_id).where(events.c.id > since).order_by(events.c.id.desc()).limit(_MOST_NEWS)
    seen = with_assignee().add_columns(is_here).where(criterion(asked.staff), tickets.c.id.in_(happened))
    return [
        {
            "tracking_code": rules.vault.unseal("tickets.code", row["id"], row["code"]),
            "assignee": row["assignee_name"],
            "is_here": bool(row["is_here"]),
        }
        for row in await database.read(seen)
    ]


def now_id() -> int:
    """A moment for `news_of`: early enough that what is being committed now comes after it."""
    return new_id() - _COMMITTED_WITHIN_MS * _IDS_PER_MS


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        return read_place(cursor)
    except ValueError:
        raise Invalid([FieldError("cursor", "wrong_value")]) from None


async def _stands(database: Database, conditions: Sequence[Condition], index: bytes) -> Place | None:
    where = select(tickets.c.due_at, tickets.c.id).where(*conditions, tickets.c.code_index == index)
    return next((place_of(row) for row in await database.read(where)), None)


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
