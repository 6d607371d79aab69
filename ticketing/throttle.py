"""Sign-in attempts are counted before the password is looked at, so that a burst cannot slip past the count.

Counts live in the database and outlast a restart. Past a few failures each further one makes the wait longer;
nobody is ever locked out for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from ticketing.errors import TooMany
from ticketing.ids import new_id
from ticketing.tables import failures
from ticketing.transaction import UnitTransaction

_WINDOW: Final = timedelta(hours=1)
_LONGEST_WAIT_S: Final = 900


@dataclass(frozen=True, slots=True)
class Budget:
    """Attempts of one subject that may fail freely within the hour; `index` is its blind index."""

    scope: str
    index: bytes
    free: int


async def count_attempt(tx: UnitTransaction, budgets: Sequence[Budget], at: datetime) -> None:
    """Count one attempt on every budget. Raises `TooMany`, counting nothing, while one of them must wait."""
    for budget in budgets:
        recent = _of(budget) & (failures.c.at > at - _WINDOW)
        rows = await tx.rows(select(failures.c.at).where(recent).order_by(failures.c.at.desc()))
        wait_s = _wait_s(len(rows) - budget.free)
        if wait_s and (left_s := (rows[0]["at"] + timedelta(seconds=wait_s) - at).total_seconds()) > 0:
            raise TooMany(int(left_s) + 1)
    for budget in budgets:
        tx.add(failures, {"id": new_id(), "scope": budget.scope, "subject_index": budget.index, "at": at})


async def forgive(tx: UnitTransaction, budgets: Sequence[Budget]) -> None:
    """The attempt succeeded: what these subjects failed before no longer counts."""
    for budget in budgets:
        await tx.execute(delete(failures).where(_of(budget)))


def _of(budget: Budget) -> ColumnElement[bool]:
    return (failures.c.scope == budget.scope) & (failures.c.subject_index == budget.index)


def _wait_s(over: int) -> int:
    """2 s after the last free failure, doubling with each further one, to a quarter of an hour."""
    return 0 if over < 0 else min(2 ** min(over + 1, 10), _LONGEST_WAIT_S)
