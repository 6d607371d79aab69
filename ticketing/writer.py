"""The one writer: whatever units of work are waiting are committed together, and one that fails fails alone.

A group that the database refuses (a constraint, a lost race with another process) is rolled back and its
units are run again one by one, so that only the guilty one hears of it. Units are therefore functions
that may run more than once and touch nothing but their transaction.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ticketing.transaction import Group, GroupRefused, LookUp, UnitTransaction

T = TypeVar("T")
Work = Callable[[UnitTransaction], Awaitable[T]]
log = structlog.get_logger()

_MAX_GROUP = 128
_RUNS_ALONE = 4


class Unavailable(Exception):
    """The database cannot take it now; nothing was stored. Whoever sent it should send it again."""


@dataclass(slots=True)
class _Unit:
    work: Work[Any]
    look_ups: Sequence[LookUp]
    done: asyncio.Future[Any]


class Writer:
    """Takes units of work from any task and commits them in groups on one connection of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: deque[_Unit] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._connection: AsyncConnection | None = None
        self.on_commit: list[Callable[[set[str]], None]] = []

    def start(self) -> None:
        """Begin taking units."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def stop(self) -> None:
        """Commit what is waiting, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._disconnect()

    @property
    def backlog(self) -> int:
        """Units waiting for their group."""
        return len(self._waiting)

    async def write(self, work: Work[T], look_ups: Sequence[LookUp] = ()) -> T:
        """Run `work` in the next group and return its result once the group is durable.

        Raises what the unit raised, or `Unavailable`. A caller that is cancelled meanwhile changes nothing.
        """
        if self._stopping:
            raise Unavailable("the writer is stopping")
        unit = _Unit(work, look_ups, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        self._wake.set()
        result: T = await unit.done
        return result

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MAX_GROUP))]
                await self._write_group(group)
            if self._stopping:
                return

    async def _write_group(self, units: list[_Unit]) -> None:
        if len(units) > 1:
            try:
                await self._commit(units, alone=False)
            except Exception as error:  # whatever refused the group: each unit learns on its own
                log.info("group refused, writing its units one by one", error=type(error).__name__, units=len(units))
                await self._disconnect()
            else:
                return
        for unit in units:
            await self._write_alone(unit, again=len(units) > 1)

    async def _write_alone(self, unit: _Unit, *, again: bool) -> None:
        for run in range(1, _RUNS_ALONE + 1):
            try:
                await self._commit([unit], alone=True, again=again or run > 1)
            except (SQLAlchemyError, OSError) as error:
                await self._disconnect()
                if run < _RUNS_ALONE and _worth_repeating(error):
                    continue
                _fail(unit, _as_unavailable(error))
            except Exception as error:  # anything else is the unit's own; it must not end the writer
                await self._disconnect()
                _fail(unit, error)
            return

    async def _commit(self, units: list[_Unit], *, alone: bool, again: bool = False) -> None:
        connection = await self._connect()
        async with connection.begin():
            group = Group(connection, alone=alone, again=again)
            look_ups = [look_up for unit in units for look_up in unit.look_ups]
            if look_ups and not alone:
                await group.fetch_ahead(look_ups)
            outcomes = [await _run_unit(group, unit) for unit in units]
            await group.flush()
        for callback in self.on_commit:
            callback(group.touched)
        for unit, (result, error) in zip(units, outcomes, strict=True):
            if error is not None:
                _fail(unit, error)
            elif not unit.done.done():
                unit.done.set_result(result)

    async def _connect(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close()
            except (SQLAlchemyError, OSError) as error:
                log.info("a broken connection would not close", error=type(error).__name__)


async def _run_unit(group: Group, unit: _Unit) -> tuple[Any, BaseException | None]:
    transaction = UnitTransaction(group)
    try:
        result = await unit.work(transaction)
        await transaction.keep()
    except (DBAPIError, OSError, GroupRefused):
        if group.alone:
            raise
        await transaction.undo()
        raise  # the database refused: the whole group is sorted out one by one
    except Exception as error:
        if group.alone:
            raise
        await transaction.undo()
        return None, error
    return result, None


def _worth_repeating(error: BaseException) -> bool:
    if isinstance(error, IntegrityError):
        return True  # another process was first: the next run sees its row
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return state.startswith("40") or getattr(error, "connection_invalidated", False)


def _as_unavailable(error: BaseException) -> BaseException:
    if isinstance(error, OperationalError | OSError) or getattr(error, "connection_invalidated", False):
        log.error(
            "the database did not take a write", error=type(error).__name__, cause=str(getattr(error, "orig", ""))
        )
        unavailable = Unavailable("the database did not take it")
        unavailable.__cause__ = error
        return unavailable
    return error


def _fail(unit: _Unit, error: BaseException) -> None:
    if not unit.done.done():
        unit.done.set_exception(error)
