"""Puts tickets into an empty database by the hundred thousand, as fast as each database takes them.

Indexes are made afterwards, PostgreSQL is sent its rows by COPY, and SQLite takes no care of them: a database half
filled is of no use to anybody, and how rows get in is not what is measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.bench.queue_tickets import rows
from ticketing.bulk import insert_rows
from ticketing.database import open_engine
from ticketing.searching import ticket_words, words_row
from ticketing.tables import tickets

_GROUP: Final = 20_000
_SETTLING: Final = {"sqlite": "ANALYZE", "postgresql": "VACUUM ANALYZE"}
_WORDS_INDEX: Final = "ix_ticket_words_words"
_WORDS_TRIGGER: Final = "ticket_words_added"
Row = dict[str, Any]


async def fill(
    url: str,
    count: int,
    make: Callable[[int], Iterator[Row]] = rows,
    *,
    searched: bool = True,
    more: Sequence[str] = (),
) -> None:
    """Put `count` tickets into the migrated database of `url`, and let its planner look at them.

    Their words too where they are `searched`; and whatever the statements `more` add.
    """
    engine = open_engine(url, writes=True, pool_size=1)
    async with engine.connect() as connection:
        await _make_room(connection)
        async with connection.begin():
            trigger = await connection.run_sync(_drop_indexes)
        made = make(count)
        while some := list(islice(made, _GROUP)):
            async with connection.begin():
                await _send(connection, some, searched=searched)
        async with connection.begin():
            await connection.run_sync(_create_indexes, trigger)
            for statement in more:
                await connection.exec_driver_sql(statement)
    await engine.dispose()
    await settle(url)


async def _make_room(connection: AsyncConnection) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if connection.dialect.name == "postgresql":
        await driver.execute("SET maintenance_work_mem = '256MB'")
        return
    for setting in ("cache_size = -256000", "synchronous = OFF", "journal_mode = MEMORY"):
        await driver.trip(lambda opened, setting=setting: opened.execute(f"PRAGMA {setting}").fetchall())


async def settle(url: str) -> None:
    """What a database that has run for a while has done by itself: looked at its tables, and tidied up behind us."""
    engine = open_engine(url, writes=False)
    async with engine.connect() as connection:
        await connection.execute(text(_SETTLING[engine.dialect.name]))
    await engine.dispose()


async def _send(connection: AsyncConnection, some: Sequence[Row], *, searched: bool) -> None:
    words = [words_row(row) for row in some] if searched else []
    if connection.dialect.name == "sqlite":
        await insert_rows(connection, tickets, some)
        await insert_rows(connection, ticket_words, words)
        return
    await _copy(connection, "tickets", some)
    if words:
        await _copy_words(connection, words)


async def _copy_words(connection: AsyncConnection, words: Sequence[Row]) -> None:
    await connection.execute(text("CREATE TEMP TABLE some_words (id BIGINT, words TEXT) ON COMMIT DROP"))
    await _copy(connection, "some_words", words)
    as_words = "SELECT id, array_to_tsvector(string_to_array(words, ' ')) FROM some_words"
    await connection.execute(text(f"INSERT INTO ticket_words (id, words) {as_words}"))


async def _copy(connection: AsyncConnection, table: str, some: Sequence[Row]) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    records = [tuple(json.dumps(each) if isinstance(each, list) else each for each in row.values()) for row in some]
    await driver.copy_records_to_table(table, records=records, columns=list(some[0]))


def _drop_indexes(connection: Connection) -> str:
    """Gives the statement that makes SQLite's trigger, which indexes words ticket by ticket."""
    for index in tickets.indexes:
        index.drop(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP INDEX {_WORDS_INDEX}"))
        return ""
    made = str(connection.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{_WORDS_TRIGGER}'")))
    connection.execute(text(f"DROP TRIGGER {_WORDS_TRIGGER}"))
    return made


def _create_indexes(connection: Connection, trigger: str) -> None:
    for index in tickets.indexes:
        index.create(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE INDEX {_WORDS_INDEX} ON ticket_words USING gin (words)"))
        return
    connection.execute(text("INSERT INTO ticket_search (rowid, words) SELECT id, words FROM ticket_words ORDER BY id"))
    connection.exec_driver_sql(trigger)
