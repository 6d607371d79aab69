"""What is thrown away once its term has passed, and when: by a loop of the gateway, or by whoever calls it.

What is named in `Terms`, wrong guesses that count no longer, and devices with nothing left to hear; everything else is
kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, Table, delete, select

from ticketing.attempt_tables import failures
from ticketing.database import Database
from ticketing.desk_tables import sign_ins
from ticketing.device_tables import devices
from ticketing.devices import of_long_closed
from ticketing.keeping import Terms
from ticketing.transaction import UnitTransaction

log = structlog.get_logger()
_A_BATCH: Final = 500
_WRONG_GUESSES: Final = timedelta(days=2)
"""Longer than any budget of guesses looks back, which is a day."""


async def throw_away(database: Database, terms: Terms, at: datetime) -> Mapping[str, int]:
    """Throw away what is past its term at `at`: how many of each. Again finds nothing. Raises `Unavailable`."""
    dropped = {
        "sign_ins": await _drop(database, sign_ins, sign_ins.c.at < at - terms.sign_ins),
        "failures": await _drop(database, failures, failures.c.at < at - _WRONG_GUESSES),
        "devices": await _drop(database, devices, of_long_closed(at)),
    }
    if any(dropped.values()):
        log.info("thrown away past their term", **dropped)
    return dropped


async def _drop(database: Database, table: Table, past: ColumnElement[bool]) -> int:
    """Delete the rows that are `past` their term, a batch at a time; how many."""
    batch = select(table.c.id).where(past).limit(_A_BATCH)

    async def work(tx: UnitTransaction) -> int:  # looked up as they go: what happens in between may keep a row
        return int((await tx.execute(delete(table).where(table.c.id.in_(batch)))).rowcount)

    dropped = 0
    while gone := await database.write(work):
        dropped += gone
    return dropped
