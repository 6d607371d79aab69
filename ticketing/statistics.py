"""What is published of every procedure: a season's tickets by organisation and outcome, small counts suppressed.

Seasons do not overlap, and one is published once: a while after its end, as it stood then, and never changed. So
neither two seasons, nor two days' looks at one, can be subtracted from each other to learn of a few tickets.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from persiantools.jdatetime import JalaliDate
from sqlalchemy import Select, case, func, select

from normalizer.day import tehran_day
from sms.store import Read
from ticketing.body_register import body_register
from ticketing.database import Database
from ticketing.measuring import Span, day_number, tehran_s
from ticketing.measuring_period import Period, end_of, jalali_day
from ticketing.measuring_record import merging_outcomes
from ticketing.performance import Performance
from ticketing.procedure import Procedure
from ticketing.publishing import Publishing
from ticketing.rules import Rules
from ticketing.statistics_tables import published_figures
from ticketing.suppression import TOTAL, published
from ticketing.tables import tickets
from ticketing.transaction import Row, UnitTransaction

OPEN: Final = "open"
"""The column of tickets that were not closed."""
_MONTHS: Final = 3


def season_of(day: date) -> Period:
    """The Jalali season a day lies in."""
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    first = (jalali.month - 1) // _MONTHS * _MONTHS + 1
    year, month = divmod(jalali.year * 12 + first - 1 + _MONTHS, 12)
    return Period(jalali_day(jalali.year, first), jalali_day(year, month + 1) - timedelta(days=1))


def due_at(season: Period, publishing: Publishing) -> datetime:
    """When a season's figures are taken and published."""
    return end_of(season.last) + publishing.after


async def publish_due(database: Database, rules: Rules, publishing: Publishing, at: datetime) -> int:
    """Publish every season since the first ticket that is due and was not yet; how many tables that were."""
    oldest = (await database.read(select(func.min(tickets.c.opened_at).label("at"))))[0]["at"]
    if oldest is None:
        return 0
    there = {(row["procedure"], row["first"]) for row in await database.read(select(published_figures))}
    season, made = season_of(tehran_day(oldest)), 0
    while due_at(season, publishing) <= at:
        for procedure in rules.procedures.values():
            if (procedure.code, season.first) not in there:
                await _publish(database, rules, procedure, season, publishing, at)
                made += 1
        season = season_of(season.last + timedelta(days=1))
    return made


async def published_seasons(read: Read) -> Sequence[Period]:
    """The seasons of which something was published, the newest first."""
    rows = await read(select(published_figures.c.first).distinct().order_by(published_figures.c.first.desc()))
    return [season_of(row["first"]) for row in rows]


async def figures_of_season(read: Read, season: Period) -> Mapping[str, Mapping[str, Any]]:
    """What was published of a season, by procedure: `{"rows": [{"organisation", "registered", "closed", "open",
    "outcomes": {…}, "median_days"}]}`, the row of "" for all together; None stands for what is suppressed."""
    rows = await read(select(published_figures).where(published_figures.c.first == season.first))
    return {row["procedure"]: row["content"] for row in rows}


async def _publish(
    database: Database, rules: Rules, procedure: Procedure, season: Period, publishing: Publishing, at: datetime
) -> None:
    counts, days = await _counted(database.read, rules, procedure, season.span, due_at(season, publishing))
    content = {"rows": _rows(procedure, rules, counts, days, publishing.smallest)}

    async def work(tx: UnitTransaction) -> None:
        key = (published_figures.c.procedure == procedure.code) & (published_figures.c.first == season.first)
        if not await tx.rows(select(published_figures.c.first).where(key)):
            row = {"procedure": procedure.code, "first": season.first, "content": content, "made_at": at}
            tx.add(published_figures, row)

    await database.write(work)


async def _counted(
    read: Read, rules: Rules, procedure: Procedure, span: Span, at: datetime
) -> tuple[Counter[tuple[str, str]], dict[str, Performance]]:
    """How many tickets of each organisation ended how, and after how many days of the calendar the closed ones."""
    rows = await read(_statement(procedure, span, at))
    return await asyncio.to_thread(_summed, rows, procedure, merging_outcomes(rules))


def _summed(
    rows: Iterable[Row], procedure: Procedure, merging: Sequence[str]
) -> tuple[Counter[tuple[str, str]], dict[str, Performance]]:
    counts: Counter[tuple[str, str]] = Counter()
    days: dict[str, Performance] = {}
    register = body_register()
    for row in rows:
        if row["ended"] in merging:
            continue  # it went on as part of another one
        body = register.body(row["place"]) if procedure.answered else None
        organisation = body.organisation if body else ("" if procedure.answered else row["place"])
        counts[organisation or _NATIONAL, row["ended"] or OPEN] += row["n"]
        if row["ended"] is not None:
            for key in (organisation or _NATIONAL, TOTAL):
                days.setdefault(key, Performance()).days[int(row["days"])] += row["n"]
    return counts, days


def _statement(procedure: Procedure, span: Span, at: datetime) -> Select[Any]:
    place = tickets.c.addressee if procedure.answered else tickets.c.organisation
    is_closed = tickets.c.closed_at < at
    closed = day_number(tehran_s(tickets.c.closed_at, Span(span.since, at)))
    taken = closed - day_number(tehran_s(tickets.c.opened_at, span))
    keys = [
        func.coalesce(place, "").label("place"),
        case((is_closed, tickets.c.outcome)).label("ended"),
        case((is_closed, taken)).label("days"),
    ]
    of = (tickets.c.procedure == procedure.code, span.holds(tickets.c.opened_at))
    return select(*keys, func.count().label("n")).where(*of).group_by(*keys)


_NATIONAL: Final = "-"
"""The row of tickets whose place was not known: "" is the totals' here."""


def _rows(
    procedure: Procedure,
    rules: Rules,
    counts: Mapping[tuple[str, str], int],
    days: Mapping[str, Performance],
    smallest: int,
) -> list[dict[str, Any]]:
    outcomes = [code for code in procedure.outcomes if code not in merging_outcomes(rules)]
    organisations = sorted({row for row, _ in counts})
    if not organisations:
        return []
    whole = {(row, column): counts.get((row, column), 0) for row in organisations for column in (*outcomes, OPEN)}
    shown = published(whole, smallest, rest=OPEN)
    return [_row(row, outcomes, shown, days.get(row), smallest) for row in (*organisations, TOTAL)]


def _row(
    row: str,
    outcomes: Sequence[str],
    shown: Mapping[tuple[str, str], int | None],
    days: Performance | None,
    smallest: int,
) -> dict[str, Any]:
    registered, unclosed = shown[row, TOTAL], shown[row, OPEN]
    closed = None if registered is None or unclosed is None else registered - unclosed
    return {
        "organisation": row,
        "registered": registered,
        "closed": closed,
        "open": unclosed,
        "outcomes": {code: shown[row, code] for code in outcomes},
        "median_days": days.median_days if days is not None and closed is not None and closed >= smallest else None,
    }
