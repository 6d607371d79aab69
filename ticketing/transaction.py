"""A unit of work's hands on its group: rows added in bulk, reads fetched ahead, statements fenced off.

Rows are buffered and go in as one statement a table when the group ends. Look-ups declared with the
unit are read for the whole group in one statement a kind. Only a unit that runs a statement of its own
pays for a savepoint. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Select, Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from sms.tables import metadata
from ticketing.bulk import insert_rows


@dataclass(frozen=True, slots=True)
class LookUp:
    """Rows of `table` whose `columns` equal `key`: what a unit will ask for, said before it runs."""

    table: Table
    columns: tuple[str, ...]
    key: tuple[Any, ...]

    def statement(self) -> Select[Any]:
        """The select for this one look-up."""
        criteria = (self.table.c[name] == value for name, value in zip(self.columns, self.key, strict=True))
        return select(self.table).where(*criteria)

    def matches(self, row: Mapping[str, Any]) -> bool:
        """True where a row that is not in the database yet would have been found."""
        if row.get(self.columns[0]) != self.key[0]:  # which tells most apart: a group asks this of each row it adds
            return False
        return all(row.get(name) == value for name, value in zip(self.columns, self.key, strict=True))


Row = Mapping[str, Any]
Rows = dict[Table, list[Row]]


@dataclass(slots=True)
class Group:
    """What the units of one commit share: the connection, the rows not yet sent, and the look-ups fetched ahead.

    `alone`: it is one unit's; `again`: its units have been run before, and may even have been committed.
    """

    connection: AsyncConnection
    alone: bool = False
    again: bool = False
    waiting: Rows = field(default_factory=dict)
    fetched: dict[LookUp, list[Row]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    async def fetch_ahead(self, look_ups: Iterable[LookUp]) -> None:
        """Read every look-up of the group: one statement for each table and set of columns."""
        kinds: dict[tuple[Table, tuple[str, ...]], list[LookUp]] = {}
        for look_up in look_ups:
            kinds.setdefault((look_up.table, look_up.columns), []).append(look_up)
        for (table, names), wanted in kinds.items():
            columns = [table.c[name] for name in names]
            keys = list({look_up.key for look_up in wanted})
            if len(columns) == 1:
                found = select(table).where(columns[0].in_([key[0] for key in keys]))
            else:
                found = select(table).where(tuple_(*columns).in_(keys))
            by_key: dict[tuple[Any, ...], list[Row]] = {key: [] for key in keys}
            for row in _plain(await self.connection.execute(found)):
                by_key[tuple(row[name] for name in names)].append(row)
            for look_up in wanted:
                self.fetched[look_up] = by_key[look_up.key]

    def forget(self, table: Table | None) -> None:
        """What was fetched of `table` is no longer the truth; of no table known, nothing fetched is."""
        self.fetched = {
            each: rows for each, rows in self.fetched.items() if table is not None and each.table is not table
        }

    async def flush(self) -> None:
        """Send the rows of the units that have ended well, parents before children."""
        await self.send(self.waiting)
        self.waiting = {}

    async def send(self, rows: Rows) -> None:
        """Insert rows now; what was fetched of their tables no longer tells of all there is."""
        for table in sorted(rows, key=_parents_first().__getitem__):
            await insert_rows(self.connection, table, rows[table])
            self.forget(table)


@cache
def _parents_first() -> dict[Table, int]:
    return {table: place for place, table in enumerate(metadata.sorted_tables)}


def _plain(result: CursorResult[Any]) -> list[Row]:
    return cast("list[Row]", result.mappings().all())


class GroupRefused(Exception):
    """The database refused rows of units that had ended well: their fault, and not of the unit that ran into it."""


class UnitTransaction:
    """One unit's view of the group; see `sms.store.Transaction` for what it promises."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._rows: Rows = {}
        self._savepoint: AsyncTransaction | None = None
        self._touched: set[str] = set()

    @property
    def again(self) -> bool:
        """True where this unit has been run before: a commit whose end nobody heard may have kept it."""
        return self._group.again

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert `row` when the group ends, or before this unit's next statement."""
        self._rows.setdefault(table, []).append(row)
        self._touched.add(table.name)

    async def find(self, look_up: LookUp) -> Sequence[Row]:
        """The rows of a look-up, from what was fetched ahead where that is still the truth."""
        fetched = self._group.fetched.get(look_up)
        if fetched is not None and not self._pending(look_up):
            return fetched
        return await self.rows(look_up.statement())

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement that may write; everything added before it is visible to it."""
        await self._settle()
        table = getattr(statement, "table", None)
        self._group.forget(table)
        if table is not None:
            self._touched.add(table.name)
        return await self._group.connection.execute(statement, parameters)

    async def rows(self, statement: Executable) -> Sequence[Row]:
        """Read inside the transaction; everything written before it is visible."""
        await self._settle()
        return _plain(await self._group.connection.execute(statement))

    async def keep(self) -> None:
        """The unit ended well: its rows join the group's."""
        if self._savepoint is not None:
            await self._settle()
            await self._savepoint.commit()
        for table, rows in self._rows.items():
            self._group.waiting.setdefault(table, []).extend(rows)
        self._group.touched |= self._touched

    async def undo(self) -> None:
        """The unit failed: nothing of it stays."""
        self._rows = {}
        if self._savepoint is not None:
            await self._savepoint.rollback()

    def _pending(self, look_up: LookUp) -> bool:
        rows = (*self._group.waiting.get(look_up.table, ()), *self._rows.get(look_up.table, ()))
        return any(look_up.matches(row) for row in rows)

    async def _begin(self) -> AsyncTransaction:
        try:
            await self._group.flush()
            return await self._group.connection.begin_nested()
        except Exception as error:
            raise GroupRefused from error

    async def _settle(self) -> None:
        if self._savepoint is None and not self._group.alone:
            self._savepoint = await self._begin()
        await self._group.send(self._rows)
        self._rows = {}
