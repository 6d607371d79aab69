"""All stored reports looked through in the order they came, by several processes, in a memory that does not grow.

Rows are read by their ids, a batch at a time, and no more batches are under way than the processes can soon take.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from gateway.commands.command import CommandError
from gateway.replay import differing
from gateway.replay.differing import COLUMNS, Batch, Differ
from gateway.understanding import use_classifiers
from ticketing.database import Database
from ticketing.tables import reports
from ticketing.vault import load_vault

_BATCH: Final = 200
_AHEAD: Final = 2
Rows = Sequence[Mapping[str, Any]]
Look = Callable[[Rows], Awaitable[Batch]]


@dataclass(frozen=True, slots=True)
class Span:
    """Which reports: those that came from `since` on and before `until` (aware moments, None for no bound)."""

    since: datetime | None = None
    until: datetime | None = None

    def criterion(self) -> ColumnElement[bool]:
        """Of reports that were understood: an unread mail, or one set aside, was not."""
        bounds: list[ColumnElement[bool]] = [reports.c.intent.is_not(None)]
        if self.since is not None:
            bounds.append(reports.c.received_at >= self.since)
        if self.until is not None:
            bounds.append(reports.c.received_at < self.until)
        return and_(*bounds)


async def count(database: Database, span: Span) -> int:
    """How many reports there are to look at."""
    rows = await database.read(select(func.count().label("n")).select_from(reports).where(span.criterion()))
    return int(rows[0]["n"])


async def look_through(database: Database, span: Span, look: Look, jobs: int) -> AsyncIterator[Batch]:
    """What is found, batch by batch in the order of the reports."""
    under_way: deque[asyncio.Future[Batch]] = deque()
    try:
        async for rows in _batches(database, span):
            under_way.append(asyncio.ensure_future(look(rows)))
            if len(under_way) >= jobs + _AHEAD:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for each in under_way:
            each.cancel()


async def _batches(database: Database, span: Span) -> AsyncIterator[Rows]:
    after = 0
    while True:
        columns = (reports.c[name] for name in COLUMNS)
        batch = select(*columns).where(span.criterion(), reports.c.id > after).order_by(reports.c.id).limit(_BATCH)
        rows = [dict(row) for row in await database.read(batch)]
        if not rows:
            return
        after = rows[-1]["id"]
        yield rows


@asynccontextmanager
async def lookers(jobs: int, keys_file: Path, classifiers: Path | None) -> AsyncIterator[Look]:
    """`Differ.look` in `jobs` processes; with one, in this one.

    Raises `VaultError`, `ConfigError`, and `CommandError` where a process ends before its time.
    """
    use_classifiers(classifiers)  # a file that is none is told before any process is started
    vault = load_vault(keys_file)
    if jobs == 1:
        yield _here(Differ(vault))
        return
    new = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(jobs, new, differing.prepare, (keys_file, classifiers)) as pool:
            yield lambda rows: asyncio.get_running_loop().run_in_executor(pool, differing.look, rows)
    except BrokenProcessPool:
        raise CommandError("a process that read reports was ended; nothing is lost, run it again") from None


def _here(differ: Differ) -> Look:
    async def look(rows: Rows) -> Batch:
        return differ.look(rows)

    return look
