"""The counts a review is made of, taken in the database: two statements for each of its two periods.

Complaints are counted at the place and kind of the body complained of, whoever answers now. The registers' bodies and
the calendar's worked days go into the statement as tables, so that what comes back is small however many tickets
there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, String, and_, case, func, select

from normalizer.day import tehran_day
from sms.store import Read
from ticketing.body_register import BodyRegister, body_register
from ticketing.measuring import Span, day_number, table_of, tehran_s
from ticketing.measuring_period import Period
from ticketing.measuring_record import RATED
from ticketing.performance import Group, Groups, Performance, Review
from ticketing.rules import Rules
from ticketing.tables import events, tickets
from ticketing.transaction import Row
from ticketing.working_time import WorkingTime

_EPOCH: Final = date(1970, 1, 1)
_ONE: Final = timedelta(days=1)
_NOWHERE: Final = Group("", "")
"""Of complaints about bodies the register does not have."""
_INDEXED: Final = 200
"""Rows of a table that SQLite makes an index of, however few tickets it expects."""


async def review(read: Read, rules: Rules, procedure: str, period: Period, at: datetime) -> Review:
    """The review of a period as it stood `at` a moment after its beginning; the period before, as long after its own.

    Raises KeyError for a procedure without one, `UnknownYearError` for a year no holidays are known of.
    """
    span, before = period.so_far(at), period.before(at)
    then = at - (span.since - before.since)
    now, earlier = await asyncio.gather(
        _groups(read, rules, procedure, span, at), _groups(read, rules, procedure, before, then)
    )
    return Review(procedure, period, at, now, earlier)


async def _groups(read: Read, rules: Rules, procedure: str, span: Span, at: datetime) -> Groups:
    register, answered = body_register(), rules.procedures[procedure].answered
    counted = await read(_counted(_bodies(register), rules.deadlines.calendar, procedure, span, at))
    groups = await asyncio.to_thread(_summed, counted, tuple(_places(register)), answered)
    for row in await read(_ratings(procedure, span, at)):
        body = register.body(row["addressee"])
        if body is not None:
            groups[Group(body.organisation, body.kind)].add(Performance(ratings=row["n"], rated=int(row["rated"])))
    return groups


def _summed(counted: Iterable[Row], places: Sequence[Group], answered: Sequence[str]) -> dict[Group, Performance]:
    groups: dict[Group, Performance] = {}
    for row in counted:
        place = row["place"]
        group = _NOWHERE if place is None else places[place]
        _add(groups.setdefault(group, Performance()), row, answered)
    return groups


def _add(group: Performance, row: Row, answered: Sequence[str]) -> None:
    count = int(row["n"])
    group.registered += count
    if row["ended"] is None:
        group.delayed += count * row["late"]
        group.in_progress += count * (1 - row["late"])
    elif row["ended"] not in answered:
        group.otherwise += count
    else:
        group.outcomes[row["ended"]] += count
        group.on_time += count * (1 - row["late"])
        group.days[int(row["days"])] += count


def _counted(bodies: CTE, calendar: WorkingTime, procedure: str, span: Span, at: datetime) -> Select[Any]:
    """How many tickets of each group ended how, late or not, after how many worked days."""
    worked = _worked_days(calendar, tehran_day(span.since), tehran_day(at))
    opened, closed = worked.alias("opened"), worked.alias("closed")
    ended = case((tickets.c.closed_at < at, tickets.c.outcome))
    is_late = and_(tickets.c.late_at < at, func.coalesce(tickets.c.late_at < tickets.c.closed_at, True))
    keys = [
        bodies.c.place,
        ended.label("ended"),
        case((is_late, 1), else_=0).label("late"),
        case((tickets.c.closed_at < at, closed.c.worked - opened.c.worked)).label("days"),
    ]
    joined = (  # outer joins, so that tickets are what is gone through
        tickets.outerjoin(bodies, bodies.c.code == tickets.c.addressee)
        .outerjoin(opened, opened.c.day == day_number(tehran_s(tickets.c.opened_at, span)))
        .outerjoin(closed, closed.c.day == day_number(tehran_s(tickets.c.closed_at, Span(span.since, at))))
    )
    return select(*keys, func.count().label("n")).select_from(joined).where(_of(procedure, span)).group_by(*keys)


def _ratings(procedure: str, span: Span, at: datetime) -> Select[Any]:
    """How many ratings the tickets about each body were given by then, and their sum."""
    body, total = tickets.c.addressee, func.sum(events.c.data["rating"].as_integer())
    joined = events.join(tickets, events.c.ticket_id == tickets.c.id)
    given = and_(events.c.kind == RATED, Span(span.since, at).holds(events.c.at))
    counted = select(body, func.count().label("n"), total.label("rated")).select_from(joined)
    return counted.where(given, _of(procedure, span)).group_by(body)


def _of(procedure: str, span: Span) -> ColumnElement[bool]:
    addressed = tickets.c.addressee.is_not(None)  # as its index says
    return and_(tickets.c.procedure == procedure, addressed, span.holds(tickets.c.opened_at))


@cache
def _places(register: BodyRegister) -> Mapping[Group, int]:
    """The groups there are bodies of, numbered."""
    groups = dict.fromkeys(Group(body.organisation, body.kind) for body in register)
    return {group: number for number, group in enumerate(groups)}


@cache
def _bodies(register: BodyRegister) -> CTE:
    """Each body's code and the number of its group, which is quicker to group by than its names."""
    places = _places(register)
    rows = [(body.code, places[Group(body.organisation, body.kind)]) for body in register]
    return table_of("bodies", {"code": String(), "place": BigInteger()}, rows)


def _worked_days(calendar: WorkingTime, first: date, last: date) -> CTE:
    """Each day from the first through the last, counted from 1970, and how many were worked since the first.

    To these are added days that never were: SQLite makes no index of a short table, and goes through it each time.
    """
    days = list(_counting(calendar, first, last))
    days += [(-number, 0) for number in range(1, _INDEXED - len(days))]
    return table_of("worked_days", {"day": BigInteger(), "worked": BigInteger()}, days)


def _counting(calendar: WorkingTime, first: date, last: date) -> Iterator[tuple[int, int]]:
    worked = 0
    for number in range((last - first).days + 1):
        day = first + number * _ONE
        worked += calendar.is_worked(day) if number else 0
        yield (day - _EPOCH).days, worked
