"""Many rows into a table in the fewest words with the driver.

SQLite's driver is a thread: every call to it is two trips between threads, and the toolkit makes three calls of
an insert. So here SQLite gets the prepared statement and the encoded rows in one call; the types' own encoders
are used, so that what is written is what the toolkit would have written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

_SQLITE = sqlite.dialect(paramstyle="qmark")
Encoder = tuple[str, Callable[[Any], Any] | None]


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert whole rows (every column given). Raises the toolkit's `IntegrityError` and `OperationalError`."""
    if connection.dialect.name != "sqlite":
        await connection.execute(insert(table), rows)
        return
    statement, encoders = _prepared(table)
    encoded = [tuple(row[name] if encode is None else encode(row[name]) for name, encode in encoders) for row in rows]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await driver.executemany(statement, encoded)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


@cache
def _prepared(table: Table) -> tuple[str, tuple[Encoder, ...]]:
    compiled = insert(table).compile(dialect=_SQLITE)
    names = compiled.positiontup or []
    types = {column.name: column.type.dialect_impl(_SQLITE) for column in table.columns}
    return str(compiled), tuple((name, types[name].bind_processor(_SQLITE)) for name in names)
