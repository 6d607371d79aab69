"""The database opened: SQLite or PostgreSQL by URL, readers beside the one writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ticketing.driver import Driver
from ticketing.transaction import LookUp, Row
from ticketing.writer import Unavailable, Work, Writer

T = TypeVar("T")
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-32000")
_BEGIN = "BEGIN IMMEDIATE"
# PostgreSQL would soon plan for any values at all, and read a whole province where these ask for its newest tickets.
_PLANNED_EACH_TIME = {"plan_cache_mode": "force_custom_plan"}


def open_engine(url: str, *, writes: bool, pool_size: int = 4) -> AsyncEngine:
    """An engine for `url`; on SQLite with WAL, full synchronisation, foreign keys, and honest transactions."""
    # A reader's statement is its own transaction: beginning and ending one would double the trips it costs.
    reading: dict[str, Any] = {} if writes else {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
    if make_url(url).get_backend_name() != "sqlite":
        if not writes:
            reading["connect_args"] = {"server_settings": _PLANNED_EACH_TIME}
        return create_async_engine(url, pool_size=pool_size, max_overflow=2, hide_parameters=True, **reading)
    return _sqlite_engine(url, pool_size, reading, writes=writes)


def _sqlite_engine(url: str, pool_size: int, reading: Mapping[str, Any], *, writes: bool) -> AsyncEngine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # We say BEGIN ourselves: the driver's own rules lose savepoints.
    own = {"isolation_level": None, "async_creator_fn": Driver}
    engine = create_async_engine(url, pool_size=pool_size, hide_parameters=True, connect_args=own, **reading)

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if writes:

        @event.listens_for(engine.sync_engine, "begin")
        def say_begin(connection: Any) -> None:
            connection.connection.driver_connection.hold(_BEGIN)

    return engine


class Database:
    """Reads from a pool, writes through one door. See `sms.store.Store` for what it promises."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._readers = open_engine(url, writes=False)
        self._writing = open_engine(url, writes=True, pool_size=1)
        self.writer = Writer(self._writing)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._readers.dialect.name

    @property
    def engine(self) -> AsyncEngine:
        """The readers' engine, for migrations and advisory locks."""
        return self._readers

    async def __aenter__(self) -> Database:
        self.writer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Commit what waits, then let go of every connection."""
        await self.writer.stop()
        await self._writing.dispose()
        await self._readers.dispose()

    async def write(self, work: Work[T], look_ups: Sequence[LookUp] = ()) -> T:
        """Run a unit of work in the writer's next group; durable when this returns."""
        return await self.writer.write(work, look_ups)

    async def read(self, statement: Executable, parameters: Any = None) -> Sequence[Row]:
        """Rows of a select. Raises `Unavailable` where the database does not answer."""
        try:
            async with self._readers.connect() as connection:
                rows = (await connection.execute(statement, parameters)).mappings().all()
                return cast("Sequence[Row]", rows)
        except (OSError, DBAPIError) as error:
            raise Unavailable("the database does not answer") from error
