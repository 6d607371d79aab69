"""More tickets than a page looks at, put in fast: rows alone, with neither events nor words."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from tests.bench.queue_tickets import rows
from ticketing.database import Database
from ticketing.tables import tickets
from ticketing.transaction import UnitTransaction


async def crowd(database: Database, count: int, at: datetime, role: str = "evaluator") -> None:
    """Put in `count` tickets that are overdue at `at` and wait for the role, for nobody in particular, over the web."""
    waits = {"status": "open", "waiting_for": role, "step": 2, "outcome": None, "closed_at": None, "assignee": None}
    same = {**waits, "channel": "web", "category": "fraud"}

    async def work(tx: UnitTransaction) -> None:
        for number, row in enumerate(islice(rows(count), count)):
            tx.add(tickets, {**row, **same, "due_at": at - timedelta(minutes=number + 1)})

    await database.write(work)
