"""Work queues: what waits for a member of staff, in the order it falls due, in pages and bounded counts.

A queue is a tab (`tabs`), narrowed by the same filters as the list of tickets and by policy. It refuses to count and
to look far: beyond `MOST_COUNTED` a count is "more", and a page ends where a walk does (`walking`), so that it costs
the same whatever the table holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from normalizer.tracking_code import parse_code
from ticketing.database import Database
from ticketing.desk import MOST_LOOKED, item_of, with_assignee
from ticketing.errors import FieldError, Invalid
from ticketing.ids import new_id
from ticketing.places import Place, read_place
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.tables import events, tickets
from ticketing.tabs import Asked, conditions_of, held_by, led_to, narrowed, order_of, tabs_of
from ticketing.walking import Walk, walk

Condition = ColumnElement[bool]
PAGE: Final = 50
MOST_COUNTED: Final = 1000
_MOST_NEWS: Final = 500
_IDS_PER_MS: Final = 1 << 22
_COMMITTED_WITHIN_MS: Final = 5_000


async def page_of(database: Database, rules: Rules, asked: Asked, after: str = "", limit: int = PAGE) -> dict[str, Any]:
    """`{"items", "next_cursor"}` in the queue's order. An item is a line with an `excerpt` and its `place`.

    A page may be short, even empty, and have a `next_cursor`: so many tickets were looked at, and there are more.
    Raises `Invalid` naming bad filters or a bad cursor.
    """
    order = order_of(asked)
    found = await _walk(database, rules, asked, conditions_of(rules, asked), _place(after), limit + 1)
    places = [order.place_of(row).written() for row in found.rows[:limit]]
    shown = zip(found.rows, places, strict=False)
    items = [{**item_of(rules, asked.staff, row, asked.at), "place": place} for row, place in shown]
    if len(found.rows) > limit:
        return {"items": items, "next_cursor": places[-1]}
    return {"items": items, "next_cursor": found.looked_to.written() if found.looked_to else None}


@dataclass(frozen=True, slots=True)
class Count:
    """How many tickets a tab holds; `more` where counting stopped there."""

    count: int
    more: bool


async def counts_of(database: Database, rules: Rules, asked: Asked) -> dict[str, Count]:
    """How many tickets each of the role's tabs holds under these filters.

    So many tickets of a tab are looked at and no more, for a filter few of them meet would walk through them all.
    """
    most = MOST_LOOKED if asked.filters else MOST_COUNTED
    fits = case((and_(true(), *narrowed(rules, asked)), 1), else_=0).label("fits")
    counted = []
    for tab in tabs_of(rules, asked.staff.role):
        some = select(fits).select_from(tickets).where(*held_by(asked, tab)).limit(most + 1).subquery()
        counted.append(select(func.coalesce(func.sum(some.c.fits), 0)).scalar_subquery().label(tab))
        counted.append(select(func.count()).select_from(some).scalar_subquery().label(f"{tab}_looked_at"))
    row = (await database.read(select(*counted)))[0]
    return {tab: _count(row[tab], row[f"{tab}_looked_at"] > most) for tab in tabs_of(rules, asked.staff.role)}


def _count(fitting: int, stopped: bool) -> Count:
    return Count(min(int(fitting), MOST_COUNTED), stopped or fitting > MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class Following:
    """The code of the next ticket and its place; no code where none was found in the tickets up to the place."""

    code: str
    place: str


async def following(database: Database, rules: Rules, asked: Asked, code: str, place: str = "") -> Following | None:
    """The ticket after this one, nobody else's: after where it stood (`place`) or stands, else the first.

    None where the queue holds no other. Raises as `page_of`.
    """
    conditions = conditions_of(rules, asked)
    parsed = parse_code(code)
    index = rules.vault.index("code", parsed) if parsed else b""
    free = or_(tickets.c.assignee.is_(None), tickets.c.assignee == asked.staff.id)
    others = [*conditions, tickets.c.code_index != index, free]
    stood = _place(place) or await _stands(database, asked, conditions, index)
    for start in dict.fromkeys((stood, None)):
        found = await _walk(database, rules, asked, others, start, 1)
        if found.looked_to is not None:
            row = next(iter(found.rows), None)
            found_code = rules.vault.unseal("tickets.code", row["id"], row["code"]) if row else ""
            return Following(found_code, found.looked_to.written())
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


async def _stands(database: Database, asked: Asked, conditions: Sequence[Condition], index: bytes) -> Place | None:
    rows = await database.read(select(tickets).where(*conditions, tickets.c.code_index == index))
    return next((order_of(asked).place_of(row) for row in rows), None)


async def _walk(
    database: Database, rules: Rules, asked: Asked, fitting: Sequence[Condition], after: Place | None, limit: int
) -> Walk:
    return await walk(database, order_of(asked), led_to(rules, asked), fitting, after, limit)
