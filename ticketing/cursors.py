"""Numbers kept by name: how far somebody came with something that goes on after a restart."""

from __future__ import annotations

from sqlalchemy import select, update

from sms.store import Read
from ticketing.tables import cursors
from ticketing.transaction import UnitTransaction


async def fetch_cursor(read: Read, name: str) -> int:
    """The value kept under `name`, 0 where there is none."""
    rows = await read(select(cursors.c.value).where(cursors.c.name == name))
    return int(rows[0]["value"]) if rows else 0


async def keep_cursor(tx: UnitTransaction, name: str, value: int) -> None:
    """Keep `value` under `name`."""
    done = await tx.execute(update(cursors).where(cursors.c.name == name).values(value=value))
    if not done.rowcount:
        tx.add(cursors, {"name": name, "value": value})
