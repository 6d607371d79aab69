"""What figures are made of in SQL, alike on SQLite and PostgreSQL: seconds between moments, Tehran's clock, medians.

It knows columns and moments only; what is counted, and what the count means, is for `figures` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from sqlite3 import sqlite_version_info
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, case, func, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from normalizer.day import TEHRAN

DAY_S: Final = 86_400
HOUR_S: Final = 3_600
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]*")
_THURSDAY_FROM_SATURDAY: Final = 5
"""1970-01-01 was a Thursday, and weeks begin on Saturday."""

_SQLITE_EPOCH: Final = "unixepoch({})" if sqlite_version_info >= (3, 38) else "CAST(strftime('%s', {}) AS INTEGER)"
"""The first takes a quarter of the time; an older SQLite has only the second."""


class Span(NamedTuple):
    """From `since` until right before `until`, both aware."""

    since: datetime
    until: datetime

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that a column's moment lies within."""
        return and_(column >= self.since, column < self.until)


class epoch_s(FunctionElement[int]):
    """Whole seconds since 1970 of a moment's column."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_s, "sqlite")
def _on_sqlite(element: epoch_s, compiler: Any, **more: Any) -> str:
    return _SQLITE_EPOCH.format(compiler.process(element.clauses, **more))


@compiles(epoch_s, "postgresql")
def _on_postgresql(element: epoch_s, compiler: Any, **more: Any) -> str:
    # A double, in half the time of EXTRACT's numeric; its floor is the same until 2242.
    return f"CAST(FLOOR(DATE_PART('epoch', {compiler.process(element.clauses, **more)})) AS BIGINT)"


def tehran_s(column: ColumnElement[Any], span: Span) -> ColumnElement[int]:
    """Seconds since 1970 by the clock on Tehran's walls, for moments in `span`; exact where its offset changes too."""
    changes = offsets(span)
    if len(changes) == 1:
        return epoch_s(column) + changes[0][1]
    later = [(column >= since, epoch_s(column) + offset_s) for since, offset_s in reversed(changes[1:])]
    return case(*later, else_=epoch_s(column) + changes[0][1])


def offsets(span: Span) -> list[tuple[datetime, int]]:
    """Tehran's offsets from UTC within a span: since when, and how many seconds; nearly always one."""
    found = [(span.since, _offset_s(span.since))]
    day, hour = timedelta(days=1), timedelta(hours=1)
    moment = span.since
    while moment < span.until:
        following = min(moment + day, span.until)
        if _offset_s(following) != found[-1][1]:
            change = moment.replace(minute=0, second=0, microsecond=0)
            while _offset_s(change) == found[-1][1]:
                change += hour / 2
            found.append((change, _offset_s(change)))
        moment = following
    return found


def day_number(local_s: ColumnElement[int]) -> ColumnElement[int]:
    """Days since 1970 of seconds by Tehran's clock."""
    return local_s // DAY_S


def hour_of(local_s: ColumnElement[int]) -> ColumnElement[int]:
    """The hour 0 … 23 of seconds by Tehran's clock."""
    return (local_s // HOUR_S) % 24


def weekday_of(local_s: ColumnElement[int]) -> ColumnElement[int]:
    """The day of the week of seconds by Tehran's clock: 0 is Saturday, 6 Friday."""
    return (local_s // DAY_S + _THURSDAY_FROM_SATURDAY) % 7


def table_of(name: str, columns: Mapping[str, TypeEngine[Any]], rows: Iterable[Sequence[str | int]]) -> CTE:
    """Rows of our own numbers and codes as a table within a statement, written out: binding each costs far more.

    The first column tells the rows apart; it is said in a way that PostgreSQL understands, which else expects so many
    alike that it rather sorts what they are joined to. Raises ValueError for what is no code, for nothing that people
    wrote may come in this way.
    """
    cast = "CAST({} AS {}) AS {}"  # SQLite joins quickly only by what it knows the type of
    given = ["column1", *(f"MIN(column{place})" for place in range(2, len(columns) + 1))]
    titles = ", ".join(cast.format(each, *column[::-1]) for each, column in zip(given, columns.items(), strict=True))
    listed = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    rendered = text(f"SELECT {titles} FROM (VALUES {listed}) AS listed GROUP BY 1")  # noqa: S608
    return rendered.columns(**columns).cte(name).prefix_with("MATERIALIZED")  # else it is gone through for each row


def _literal(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    if not _CODE.fullmatch(value):
        raise ValueError(f"{value} is no code")
    return f"'{value}'"


def medians(keys: Sequence[ColumnElement[Any]], value: ColumnElement[Any], source: Any, *where: Any) -> Select[Any]:
    """Selects, for each group of `keys` (as key0, key1 …): how many `of` there are, and the median as `middle`.

    The median is the mean of the two values in the middle where their number is even.
    """
    named = [key.label(f"key{place}") for place, key in enumerate(keys)]
    groups = list(keys) or None
    ranked = (
        select(
            *named,
            value.label("value"),
            func.row_number().over(partition_by=groups, order_by=value).label("place"),
            func.count().over(partition_by=groups).label("of"),
        )
        .select_from(source)
        .where(*where)
        .subquery()
    )
    grouped = [ranked.c[key.name] for key in named]
    is_middle = (ranked.c.place * 2).between(ranked.c.of, ranked.c.of + 2)
    middle = func.avg(ranked.c.value).label("middle")
    return select(*grouped, func.max(ranked.c.of).label("of"), middle).where(is_middle).group_by(*grouped)


def _offset_s(moment: datetime) -> int:
    offset = moment.astimezone(TEHRAN).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
