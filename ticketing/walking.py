"""A queue walked in its order, so many tickets at a time: a page costs the same however few of them fit.

What an index in that order leads to is walked; the rest is tried on each ticket walked past. Where a walk ends before
it is full, it says how far it looked, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, and_, or_, select

from ticketing.database import Database
from ticketing.desk import MOST_LOOKED, with_assignee
from ticketing.places import Place
from ticketing.tables import tickets
from ticketing.transaction import Row

Condition = ColumnElement[bool]
_LAST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """By a moment, then by id. Tickets without the moment come last, or, where there are none, are not looked for."""

    moment: Column[Any]
    has_undated: bool = False
    newest_first: bool = False

    def place_of(self, row: Row) -> Place:
        """Where the ticket of a row stands."""
        return Place(row[self.moment.name], row["id"])


BY_DUE: Final = Order(tickets.c.due_at, has_undated=True)
DUE_ONLY: Final = Order(tickets.c.due_at)
BY_ARRIVAL: Final = Order(tickets.c.opened_at, newest_first=True)
BY_CLOSING: Final = Order(tickets.c.closed_at, newest_first=True)


@dataclass(frozen=True, slots=True)
class Walk:
    """What fits, in order, and the place up to which was looked: None where nothing comes after it."""

    rows: Sequence[Row]
    looked_to: Place | None


@dataclass(frozen=True, slots=True)
class _Leg:
    """Part of a walk that one index leads through, by `key` first: the tickets with a moment, or those without."""

    order: Order
    key: Column[Any]
    conditions: Sequence[Condition]

    @property
    def by(self) -> list[ColumnElement[Any]]:
        """What the tickets of it are sorted by."""
        columns = [self.key] if self.key is tickets.c.id else [self.key, tickets.c.id]
        return [column.desc() if self.order.newest_first else column for column in columns]

    def until(self, end: Any) -> Condition:
        """Up to the tickets whose key is `end`, these included."""
        reached: Condition = self.key >= end if self.order.newest_first else self.key <= end
        return reached

    def place(self, end: Any) -> Place:
        """The place after all tickets whose key is `end`."""
        if self.key is tickets.c.id:
            return Place(None, end)
        return Place(end, 0 if self.order.newest_first else _LAST_ID)


async def walk(
    database: Database,
    order: Order,
    led: Sequence[Condition],
    fitting: Sequence[Condition],
    after: Place | None,
    limit: int,
    *,
    most: int = MOST_LOOKED,
) -> Walk:
    """The first `limit` tickets after a place that are `led` to and `fitting`, with their assignees' names."""
    rows: list[Row] = []
    for leg in _legs(order, after):
        end = await _end(database, leg, led, most)
        # The narrowest bounds first: of several on one column SQLite goes by the first.
        within = [*([] if end is None else [leg.until(end)]), *leg.conditions, *led, *fitting]
        page = with_assignee().where(*within).order_by(*leg.by).limit(limit - len(rows))
        rows += await database.read(page)
        if len(rows) == limit:
            return Walk(rows, order.place_of(rows[-1]))
        if end is not None:
            return Walk(rows, leg.place(end))
    return Walk(rows, None)


async def _end(database: Database, leg: _Leg, led: Sequence[Condition], most: int) -> Any:
    """The key of the last ticket to be looked at; None where all that are left may be. Only the index is read."""
    keys = select(leg.key).where(*leg.conditions, *led).order_by(leg.by[0])
    last = await database.read(keys.offset(most - 1).limit(2))
    return last[0][leg.key.name] if len(last) > 1 else None


def _legs(order: Order, after: Place | None) -> Iterator[_Leg]:
    """First those with a moment, then those without: each walks one index in its order."""
    moment, ident = order.moment, tickets.c.id
    if after is None or after.moment is not None:
        yield _Leg(order, moment, [*_beyond(order, after), moment.is_not(None)])
    if order.has_undated:
        is_among_them = after is not None and after.moment is None
        later = [ident > after.ticket_id] if after is not None and is_among_them else []
        yield _Leg(order, ident, [moment.is_(None), *later])


def _beyond(order: Order, after: Place | None) -> list[Condition]:
    if after is None:
        return []
    moment, ident = order.moment, tickets.c.id
    level = moment == after.moment
    if order.newest_first:
        return [moment <= after.moment, or_(moment < after.moment, and_(level, ident < after.ticket_id))]
    return [moment >= after.moment, or_(moment > after.moment, and_(level, ident > after.ticket_id))]
