"""Sign-in attempts are counted before the password is looked at, so that a burst cannot slip past the count.

An attempt is under way until it is known to have failed or succeeded; one that succeeds gives back what it took, so
right passwords use up nothing. Counts live in the database and outlast a restart. Past a few failures each further one
makes the wait longer; nobody is ever locked out for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from ticketing.attempt_tables import failures
from ticketing.errors import TooMany
from ticketing.ids import new_id
from ticketing.transaction import UnitTransaction

_WINDOW: Final = timedelta(hours=1)
_LONGEST_WAIT_S: Final = 900
_UNDER_WAY: Final = "_open"
"""What the scope of an attempt ends with until it is known to have failed."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one subject may do within the hour; `index` is its blind index.

    `free` attempts may fail, and no more than `at_once` may have failed or be under way together.
    """

    scope: str
    index: bytes
    free: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it was counted, to be settled by `fail` or `succeed`."""

    budgets: Sequence[Budget]
    row_ids: Sequence[int]


async def begin(tx: UnitTransaction, budgets: Sequence[Budget], at: datetime) -> Attempt:
    """Count one attempt on every budget. Raises `TooMany`, counting nothing, while one of them must wait."""
    for budget in budgets:
        await _refuse_early(tx, budget, at)
    row_ids = [new_id() for _ in budgets]
    for row_id, budget in zip(row_ids, budgets, strict=True):
        scope = budget.scope + _UNDER_WAY
        tx.add(failures, {"id": row_id, "scope": scope, "subject_index": budget.index, "at": at})
    return Attempt(budgets, row_ids)


async def fail(tx: UnitTransaction, attempt: Attempt) -> None:
    """The attempt failed: it counts for the hour."""
    for row_id, budget in zip(attempt.row_ids, attempt.budgets, strict=True):
        await tx.execute(update(failures).where(failures.c.id == row_id).values(scope=budget.scope))


async def succeed(tx: UnitTransaction, attempt: Attempt, owner: Budget) -> None:
    """The attempt succeeded: it counts for nothing, and what its `owner` failed before no longer counts either.

    Others' attempts on the owner that are under way stay counted until they are settled.
    """
    await tx.execute(delete(failures).where(failures.c.id.in_(attempt.row_ids)))
    failed_before = (failures.c.scope == owner.scope) & (failures.c.subject_index == owner.index)
    await tx.execute(delete(failures).where(failed_before))


async def _refuse_early(tx: UnitTransaction, budget: Budget, at: datetime) -> None:
    scopes = (budget.scope, budget.scope + _UNDER_WAY)
    mine = failures.c.scope.in_(scopes) & (failures.c.subject_index == budget.index)
    recent = select(failures.c.scope, failures.c.at).where(mine, failures.c.at > at - _WINDOW)
    rows = await tx.rows(recent.order_by(failures.c.at.desc()))
    failed = sum(row["scope"] == budget.scope for row in rows)
    wait_s = _wait_s(max(failed - budget.free, len(rows) - budget.at_once))
    if wait_s and (left_s := (rows[0]["at"] + timedelta(seconds=wait_s) - at).total_seconds()) > 0:
        raise TooMany(int(left_s) + 1)


def _wait_s(over: int) -> int:
    """2 s after the last free failure, doubling with each further one, to a quarter of an hour."""
    return 0 if over < 0 else min(2 ** min(over + 1, 10), _LONGEST_WAIT_S)
