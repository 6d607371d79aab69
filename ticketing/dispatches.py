"""An inspector's dispatches: the tickets that wait for them, with what they need at the door. Identity stays sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from ticketing.database import Database
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.view import line_of

MOST: Final = 200
"""More than anybody visits; what is due first is never cut off."""


async def list_dispatches(database: Database, rules: Rules, staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """The tickets that wait for this inspector's visit, what is due first at the head.

    Each is a line of a list (`view.line_of`) with the trader, the place, and when the dispatch was accepted.
    """
    waits = (tickets.c.status == "open") & (tickets.c.waiting_for == "inspector") & (tickets.c.inspector == staff.id)
    in_order = (tickets.c.due_at.is_(None), tickets.c.due_at, tickets.c.id)
    found = select(tickets).where(criterion(staff), waits).order_by(*in_order).limit(MOST)
    return [_dispatch(rules, row, at) for row in await database.read(found)]


def _dispatch(rules: Rules, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    accepted_at = row["accepted_at"]
    return {
        **line_of(rules, row, at),
        "accepted_at": accepted_at.isoformat() if accepted_at else None,
        "business": {name: row[f"business_{name}"] for name in ("name", "guild_id", "address", "phone", "kind")},
        "place": {name: row[name] for name in ("province", "county", "lat", "lon")},
    }
