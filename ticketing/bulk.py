"""Many rows into a table in the fewest words with the driver.

SQLite gets the prepared statement and the encoded rows, which its driver takes along on its next trip; the types'
own encoders are used, so that what is written is what the toolkit would have written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from sms.tables import UtcDateTime

_SQLITE = sqlite.dialect(paramstyle="qmark")
Row = Mapping[str, Any]
Encoder = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A table's insert: the statement, a row of nothing but defaults, and where each column stands in it.

    `encoded` is the defaults as SQLite is told them; a column's encoder tells it a given value.
    """

    statement: str
    defaults: dict[str, Any]
    encoded: list[Any]
    columns: dict[str, tuple[int, Encoder | None]]

    def encode(self, row: Row) -> list[Any]:
        """Gives a row's values as SQLite is told them, in the statement's order."""
        values = self.encoded.copy()
        for name, value in row.items():
            place, encode = self.columns[name]
            values[place] = value if encode is None else encode(value)
        return values


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; a column that a row does not give gets the table's default.

    Raises KeyError for a column the table does not have. What the database refuses is raised here, or, by SQLite, by
    the next statement or the commit.
    """
    prepared = _prepared(table)
    for row in rows:
        if not row.keys() <= prepared.columns.keys():
            raise KeyError(f"{table.name} has no column {', '.join(sorted(row.keys() - prepared.columns.keys()))}")
    if connection.dialect.name != "sqlite":
        await connection.execute(insert(table), [{**prepared.defaults, **row} for row in rows])
        return
    encoded = [prepared.encode(row) for row in rows]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.executemany(prepared.statement, encoded)


@cache
def _prepared(table: Table) -> _Prepared:
    compiled = insert(table).compile(dialect=_SQLITE)
    defaults = {name: _default(table, name) for name in compiled.positiontup or ()}
    encoders = {name: _encoder(table, name) for name in defaults}
    encoded = [encode(defaults[name]) if encode else defaults[name] for name, encode in encoders.items()]
    columns = {name: (place, encode) for place, (name, encode) in enumerate(encoders.items())}
    return _Prepared(str(compiled), defaults, encoded, columns)


def _default(table: Table, name: str) -> Any:
    default: Any = table.c[name].default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _encoder(table: Table, name: str) -> Encoder | None:
    """How the toolkit would tell SQLite a value of this column; moments (a report has a dozen) by a shorter way."""
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return _moment
    return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)


def _moment(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("a naive datetime reached the database")
    return _utc_text(at.astimezone(UTC))


@lru_cache(maxsize=64)  # a report's dozen moments are two or three; equal moments in UTC are written alike
def _utc_text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
