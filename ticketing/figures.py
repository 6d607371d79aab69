"""A supervisor's figures: counted in the database by organisation, channel and category, and added up here.

Each measure is on its own, so that one that fails takes no other with it; indexes of tickets have all that it asks of
those of its period. What may be counted is policy's to say; how a number is worded, and what it links to, is the
dashboard's.

Working definitions. *Received*: opened within the span. *Closed*: closed within it, and not opened again since.
*On time*: of the closed, those whose last deadline of staff's had not passed when they were closed. *Days to close*:
from opening to closing, by the calendar, in median. Tickets merged into others count as received and closed, but not in
the last two: no work of their own ended. *Satisfaction*: the mean of the ratings 1 … 5 given within the span.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, select

from sms.store import Read
from ticketing.measuring import DAY_S, Span, day_number, epoch_s, hour_of, medians, tehran_s
from ticketing.measuring_record import RATED, merging_outcomes, reopening_kinds, was_late
from ticketing.rules import Rules
from ticketing.tables import IS_OPEN, events, tickets

DIMENSIONS: Final = ("organisation", "channel", "category")
Condition = ColumnElement[bool]
_COUNT: Final = func.count().label("n")
_NONE: Final = literal(0)
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""An end for a span without one: SQLite takes half a range for so many rows that it rather reads them all."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tickets are counted, by whom they may be seen and what was filtered; where, by what rules, and when."""

    read: Read
    rules: Rules
    conditions: tuple[Condition, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add up: one row for each combination of the `names`, the counts after them."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]

    def total(self) -> list[int]:
        """Each count over everything."""
        return self.by("").get(None, [])

    def by(self, name: str) -> dict[Any, list[int]]:
        """Each count for each value of one of the names; "" is everything together."""
        place = self.names.index(name) if name else None
        sums: dict[Any, list[int]] = {}
        for row in self.rows:
            counts = [int(count or 0) for count in row[len(self.names) :]]
            key = None if place is None else row[place]
            known = sums.setdefault(key, [0] * len(counts))
            sums[key] = [one + other for one, other in zip(known, counts, strict=True)]
        return sums


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of so many values."""

    of: int
    days: float


async def received(scope: Scope, span: Span) -> Tally:
    """Tickets opened."""
    return await _tally(scope, DIMENSIONS, [_COUNT], tickets, span.holds(tickets.c.opened_at))


async def closed(scope: Scope, span: Span) -> Tally:
    """Tickets closed, by outcome too."""
    return await _tally(scope, (*DIMENSIONS, "outcome"), [_COUNT], tickets, span.holds(tickets.c.closed_at))


async def punctual(scope: Scope, span: Span) -> Tally:
    """Of the closed that were not merged: how many there were, and how many were late."""
    own = (span.holds(tickets.c.closed_at), _is_own(scope.rules))
    every = await _tally(scope, DIMENSIONS, [_COUNT, _NONE], tickets, *own)
    missed = await _tally(scope, DIMENSIONS, [_NONE, _COUNT], tickets, *own, was_late())  # from an index of these few
    return Tally(DIMENSIONS, [*every.rows, *missed.rows])


async def rated(scope: Scope, span: Span) -> Tally:
    """Ratings given: how many, and their sum."""
    joined = events.join(tickets, events.c.ticket_id == tickets.c.id)
    given = func.sum(events.c.data["rating"].as_integer())
    return await _tally(scope, DIMENSIONS, [_COUNT, given], joined, events.c.kind == RATED, span.holds(events.c.at))


async def reopened(scope: Scope, span: Span) -> Tally:
    """Tickets opened again after they were closed, each once."""
    joined = events.join(tickets, events.c.ticket_id == tickets.c.id)
    again = (events.c.kind.in_(reopening_kinds(scope.rules)), span.holds(events.c.at))
    return await _tally(scope, DIMENSIONS, [func.count(distinct(tickets.c.id))], joined, *again)


async def waiting(scope: Scope, since: datetime) -> Tally:
    """Tickets open now: how many, how many of them overdue, and how many of those only since `since`."""
    is_late = tickets.c.due_at < scope.at
    late = func.sum(case((is_late, 1), else_=0))
    lately = func.sum(case((and_(is_late, tickets.c.due_at >= since), 1), else_=0))
    return await _tally(scope, DIMENSIONS, [_COUNT, late, lately], tickets, IS_OPEN)


async def were_open(scope: Scope, at: datetime) -> Tally:
    """Tickets that were open at a moment gone by, as far as they were not reopened later."""
    came = tickets.c.opened_at < at
    still = await _tally(scope, DIMENSIONS, [_COUNT], tickets, came, IS_OPEN)
    since = await _tally(scope, DIMENSIONS, [_COUNT], tickets, came, Span(at, _NEVER).holds(tickets.c.closed_at))
    return Tally(DIMENSIONS, [*still.rows, *since.rows])


async def days_to_close(scope: Scope, span: Span, name: str = "") -> Mapping[Any, Median]:
    """The median of days from opening to closing, for each value of a dimension; "" is everything, under None."""
    keys = [tickets.c[name]] if name else []
    taken_s = epoch_s(tickets.c.closed_at) - epoch_s(tickets.c.opened_at)
    where = (*scope.conditions, span.holds(tickets.c.closed_at), _is_own(scope.rules))
    rows = await scope.read(medians(keys, taken_s, tickets, *where))
    found = [row for row in rows if row["of"]]  # without groups there is a row of nothing where nothing is
    return {(row["key0"] if name else None): Median(row["of"], float(row["middle"]) / DAY_S) for row in found}


async def received_by_hour(scope: Scope, span: Span) -> Sequence[tuple[int, int, int]]:
    """(Day, hour, how many) of arrivals by Tehran's clock; days count from 1970."""
    local_s = tehran_s(tickets.c.opened_at, span)
    return [
        (int(day), int(hour), int(count))
        for day, hour, count in await _grouped(
            scope, [day_number(local_s), hour_of(local_s)], [_COUNT], tickets, span.holds(tickets.c.opened_at)
        )
    ]


async def by_day(scope: Scope, span: Span, moment: str, name: str = "") -> Mapping[Any, Mapping[int, int]]:
    """How many tickets had their `moment` (opened_at, closed_at) on which day, for each value of a dimension."""
    column = tickets.c[moment]
    keys = [day_number(tehran_s(column, span)), *([tickets.c[name]] if name else [])]
    found: dict[Any, dict[int, int]] = {}
    for day, *key, count in await _grouped(scope, keys, [_COUNT], tickets, span.holds(column)):
        found.setdefault(key[0] if key else None, {})[int(day)] = int(count)
    return found


def _is_own(rules: Rules) -> Condition:
    return tickets.c.outcome.not_in(merging_outcomes(rules))


async def _tally(scope: Scope, names: tuple[str, ...], counts: list[Any], source: Any, *where: Condition) -> Tally:
    keys = [tickets.c[name] for name in names]
    return Tally(names, await _grouped(scope, keys, counts, source, *where))


async def _grouped(
    scope: Scope, keys: Iterable[Any], counts: list[Any], source: Any, *where: Condition
) -> list[tuple[Any, ...]]:
    named = [key.label(f"key{place}") for place, key in enumerate(keys)]
    inner: Select[Any] = select(*named, *(each.label(f"count{place}") for place, each in enumerate(counts)))
    statement = inner.select_from(source).where(*scope.conditions, *where).group_by(*named)
    return [tuple(row.values()) for row in await scope.read(statement)]
