"""How fast our outbox drains into the sandbox: the real table, the real dispatcher, notices of as many tickets."""

from __future__ import annotations

import time
from pathlib import Path

from gateway.clock import SystemClock
from gateway.migrations import upgrade
from sms.dispatcher import Dispatcher
from sms.outbox import Notice, enqueue
from sms.providers.sandbox import create
from tests.support.reports import shipped_rules
from ticketing.database import Database
from ticketing.ids import new_id
from ticketing.transaction import UnitTransaction

_GROUP = 500


async def measure_outbox(folder: Path, count: int) -> float:
    """Notices drained per second of `count`."""
    url = f"sqlite+aiosqlite:///{folder}/outbox.db"
    await upgrade(url)
    vault, clock = shipped_rules().vault, SystemClock()
    async with Database(url) as database:
        for start in range(0, count, _GROUP):
            await database.write(_filling(range(start, start + _GROUP)))
        dispatcher = Dispatcher(database, vault.unseal, vault.index, clock, {"sms": create({}, clock)})
        began = time.perf_counter()
        drained = await dispatcher.drain()
        elapsed = time.perf_counter() - began
    if drained != count:
        raise AssertionError(f"{drained} of {count} were drained")
    return count / elapsed


def _filling(numbers: range):  # type: ignore[no-untyped-def]
    vault, at = shipped_rules().vault, SystemClock().now()

    async def work(tx: UnitTransaction) -> None:
        for number in numbers:
            phone = f"+98912{number:07d}"
            words = {"kind": "step", "step": 1, "medium": "sms", "recipient": phone, "text": "۱۲۴: گزارش شما رسید."}
            notice = Notice(id=new_id(), ticket_id=number, **words)
            enqueue(tx, notice, vault.seal, vault.index("phone", phone), at)

    return work
