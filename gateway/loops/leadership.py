"""Who does what must be done once: on PostgreSQL the gateway that holds an advisory lock, on SQLite the only one.

All locks of a process are held on one connection of its own; where that breaks they are all lost, and taken again by
whoever asks first. What is done under them is safe to do twice, so a moment with two leaders loses nothing.
"""

from __future__ import annotations

import asyncio
import zlib

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ticketing.database import Database, open_engine

log = structlog.get_logger()
_FAMILY = 124


class Leadership:
    """Tells whether this process is the one to do a thing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def holds(self, task: str) -> bool:
        """True where this process leads `task` now; it tries to, if nobody does."""
        if self._database.dialect == "sqlite":
            return True
        async with self._one_at_a_time:
            try:
                return await self._ask(task)
            except (DBAPIError, OSError) as error:
                log.warning("leadership lost", error=type(error).__name__)
                await self._let_go()
                return False

    async def close(self) -> None:
        """Give every lock back."""
        async with self._one_at_a_time:
            await self._let_go()

    async def _ask(self, task: str) -> bool:
        connection = await self._connected()
        if task in self._held:
            await connection.execute(text("SELECT 1"))  # a broken connection no longer holds anything
            return True
        lock = {"family": _FAMILY, "task": zlib.crc32(task.encode()) & 0x7FFFFFFF}
        asked = await connection.execute(text("SELECT pg_try_advisory_lock(:family, :task)"), lock)
        if asked.scalar_one():
            self._held.add(task)
        return task in self._held

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            self._engine = open_engine(self._database.url, writes=False, pool_size=1)
            connection = await self._engine.connect()
            self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    async def _let_go(self) -> None:
        self._held.clear()
        connection, self._connection = self._connection, None
        engine, self._engine = self._engine, None
        if connection is not None:
            try:
                await connection.invalidate()  # never back into a pool: its locks go with it
                await connection.close()
            except (DBAPIError, OSError) as error:
                log.info("a broken connection would not close", error=type(error).__name__)
        if engine is not None:
            await engine.dispose()
