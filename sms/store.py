"""What the outbox needs from the database: reads, and one door for writes. Ticketing's store provides both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import CursorResult, Executable, Table

T = TypeVar("T")


class Transaction(Protocol):
    """A unit of work's hands. It never commits: the one writer does, for a whole group at once."""

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert `row` with the group, in one statement a table. Give every column the table has no default for."""
        ...

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement now; everything added before it is visible to it."""
        ...

    async def rows(self, statement: Executable) -> Sequence[Mapping[str, Any]]:
        """Read inside the transaction; everything written before it is visible."""
        ...


class Store(Protocol):
    """The database as the outbox sees it. `dialect` is `sqlite` or `postgresql`."""

    @property
    def dialect(self) -> str: ...

    async def write(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Run `work(transaction)` in the writer's next group; returns once it is durable.

        `work` may be run again after a failure of the group, so it must touch nothing but its transaction.
        """
        ...

    async def read(self, statement: Executable, parameters: Any = None) -> Sequence[Mapping[str, Any]]:
        """Rows of a select, outside any unit of work."""
        ...


class Unseal(Protocol):
    """Opens a sealed column: bound to its column name and row, so that a value moved elsewhere does not open."""

    def __call__(self, column: str, row_id: int, sealed: bytes) -> str: ...


class Seal(Protocol):
    """Seals a value for `column` (as `table.column`) of row `row_id`."""

    def __call__(self, column: str, row_id: int, value: str) -> bytes: ...


class Index(Protocol):
    """A keyed fingerprint to look a value up by; `kind` keeps phones apart from other things."""

    def __call__(self, kind: str, value: str) -> bytes: ...


Read = Callable[[Executable], Awaitable[Sequence[Mapping[str, Any]]]]
"""Either `Store.read` or, inside a unit of work, `Transaction.rows`."""
