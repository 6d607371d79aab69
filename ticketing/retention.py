"""What is thrown away once its term has passed, and when: by a loop of the gateway, or by whoever calls it.

What is named in `Terms`, and wrong guesses that count no longer; everything else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Table, delete, select

from ticketing.database import Database
from ticketing.desk_tables import sign_ins
from ticketing.tables import failures
from ticketing.transaction import UnitTransaction
from ticketing.writer import Work

log = structlog.get_logger()
_A_BATCH: Final = 500
_WRONG_GUESSES: Final = timedelta(days=2)
"""Longer than any budget of guesses looks back, which is a day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing is kept, from the moment it was written down."""

    sign_ins: timedelta


async def throw_away(database: Database, terms: Terms, at: datetime) -> Mapping[str, int]:
    """Throw away what is past its term at `at`: how many of each. Again finds nothing. Raises `Unavailable`."""
    dropped = {
        "sign_ins": await _drop(database, sign_ins, at - terms.sign_ins),
        "failures": await _drop(database, failures, at - _WRONG_GUESSES),
    }
    if any(dropped.values()):
        log.info("thrown away past their term", **dropped)
    return dropped


async def _drop(database: Database, table: Table, before: datetime) -> int:
    """Delete the rows written before `before`, a batch at a time; how many."""
    dropped = 0
    while True:
        found = await database.read(select(table.c.id).where(table.c.at < before).limit(_A_BATCH))
        ids = [row["id"] for row in found]
        if not ids:
            return dropped
        dropped += await database.write(_dropping(table, ids))


def _dropping(table: Table, ids: Sequence[int]) -> Work[int]:
    async def work(tx: UnitTransaction) -> int:
        return (await tx.execute(delete(table).where(table.c.id.in_(ids)))).rowcount

    return work
