"""Whether a ticket has changed since somebody looked: its newest event, found without reading the ticket whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.errors import NotFound
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import events


async def newest_event(database: Database, rules: Rules, staff: Staff, code: str, seen: int) -> dict[str, Any] | None:
    """What last happened to a ticket after its event number `seen`: `kind`, `actor`, `at`, `data`, and `procedure`.

    None where nothing has. Words of people stay sealed. Raises `NotFound`.
    """
    row = await find_visible(database.read, rules, staff, code)
    if row is None:
        raise NotFound
    if row["last_event"] <= seen:
        return None
    newest = (events.c.ticket_id == row["id"]) & (events.c.number == row["last_event"])
    found = await database.read(select(events.c.kind, events.c.actor, events.c.at, events.c.data).where(newest))
    return {**found[0], "procedure": row["procedure"]} if found else None
