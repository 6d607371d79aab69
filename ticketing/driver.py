"""SQLite's driver in few trips: what needs no answer is held back, and travels with the next statement that does.

The driver is a thread, and whoever calls it waits for both threads to get their turn: under load that, and not SQLite,
is what a commit costs. The toolkit takes four trips for a select (cursor, statement, rows, close) and every insert one;
here a select is one, and BEGIN and all rows of a group go along with the next select or with the COMMIT. An error of
what was held back is raised by the statement it travelled with, which is not run then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")
_Held = Callable[[sqlite3.Connection], object]


class Driver(aiosqlite.Connection):
    """A connection as the toolkit uses it. Not for two tasks at once, as no connection is."""

    def __init__(self, path: str, **given: Any) -> None:
        """`given` is sqlite3.connect's."""
        super().__init__(lambda: sqlite3.connect(path, **given), iter_chunk_size=64)
        self._thread.daemon = True  # as the toolkit sets it: a connection nobody closed must not keep the process
        self._held: list[_Held] = []

    def hold(self, statement: str) -> None:
        """Run `statement` at the beginning of the next trip."""
        self._held.append(lambda connection: connection.execute(statement))

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:  # type: ignore[override]
        """Run `statement` for all rows at the beginning of the next trip; its errors are raised by that."""
        self._held.append(lambda connection: connection.executemany(statement, rows))

    async def trip(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, run on the driver's thread after all that was held back. Raises sqlite3's errors."""
        held, self._held = self._held, []

        def run(connection: sqlite3.Connection) -> T:
            for each in held:
                each(connection)
            return work(connection)

        # The way every method of aiosqlite goes; it has no public one for a function of one's own.
        result: T = await self._execute(run, self._conn)  # type: ignore[no-untyped-call]
        return result

    async def commit(self) -> None:
        """Durable when this returns, what was held back included."""
        await self.trip(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        """What was held back is never run."""
        self._held = []
        await super().rollback()

    def cursor(self) -> _Cursor:  # type: ignore[override]
        """A cursor; making one takes no trip."""
        return _Cursor(self)


class _Cursor:
    """What the toolkit asks of a cursor: the rows come back in the trip that took the statement."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> _Cursor:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        await self._run(lambda connection: connection.execute(statement, parameters))

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        await self._run(lambda connection: connection.executemany(statement, rows))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    async def _run(self, ask: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def work(connection: sqlite3.Connection) -> tuple[sqlite3.Cursor, list[Any]]:
            cursor = ask(connection)
            return cursor, cursor.fetchall() if cursor.description else []

        done, self._rows = await self._driver.trip(work)
        self.description, self.rowcount, self.lastrowid = done.description, done.rowcount, done.lastrowid
