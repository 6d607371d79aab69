"""The raw reference's store: plain sqlite3 in a thread, whatever waits committed as one group, four rows a report."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from pathlib import Path

_SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE reports(id INTEGER PRIMARY KEY, at REAL, raw BLOB);
CREATE TABLE tickets(id INTEGER PRIMARY KEY, code TEXT UNIQUE, phone TEXT, text TEXT);
CREATE TABLE events(id INTEGER PRIMARY KEY, ticket_id INTEGER, at REAL, kind TEXT);
CREATE TABLE notices(id INTEGER PRIMARY KEY, ticket_id INTEGER, recipient TEXT, body TEXT, state TEXT);
"""
Waiting = tuple[int, bytes, str, str, str, asyncio.Future[None]]


class RawStore:
    """Durable inserts of four rows a report, grouped by a writer thread."""

    def __init__(self, path: Path) -> None:
        self._queue: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._path = path
        threading.Thread(target=self._run, daemon=True).start()

    async def add(self, number: int, raw: bytes, code: str, phone: str, text: str) -> None:
        """Returns once the report is committed."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((number, raw, code, phone, text, done))
        await done

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.executescript(_SCHEMA)
        while True:
            group = [self._queue.get()]
            while not self._queue.empty() and len(group) < 128:
                group.append(self._queue.get())
            now = time.time()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO reports VALUES(?,?,?)", [(g[0], now, g[1]) for g in group])
            connection.executemany("INSERT INTO tickets VALUES(?,?,?,?)", [(g[0], g[2], g[3], g[4]) for g in group])
            connection.executemany("INSERT INTO events VALUES(?,?,?,'opened')", [(g[0], g[0], now) for g in group])
            rows = [(g[0], g[0], g[3], f"code {g[2]}") for g in group]
            connection.executemany("INSERT INTO notices VALUES(?,?,?,?,'pending')", rows)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_finish, [g[5] for g in group])


def _finish(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)
