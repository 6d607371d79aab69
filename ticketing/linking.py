"""Finding the businesses of tickets that came before businesses were known, a page of them at a time.

Changes nothing but which business a ticket is about; a ticket that has one keeps it, so it may be done again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from sqlalchemy import or_, select, update

from ticketing.businesses import business_of
from ticketing.database import Database
from ticketing.tables import tickets
from ticketing.ticket import trader_in
from ticketing.transaction import UnitTransaction

_PAGE: Final = 200


async def link_tickets(database: Database) -> AsyncIterator[int]:
    """Link every ticket whose business can be found, the oldest first; tells after each page how many it linked."""
    after: int | None = -1
    while after is not None:
        linked, after = await database.write(partial(_link_page, after=after))
        yield linked


async def _link_page(tx: UnitTransaction, after: int) -> tuple[int, int | None]:
    named = or_(tickets.c.business_guild_id.is_not(None), tickets.c.business_name.is_not(None))
    unlinked = select(tickets).where(tickets.c.id > after, tickets.c.business_id.is_(None), named)
    rows = await tx.rows(unlinked.order_by(tickets.c.id).limit(_PAGE))
    linked = 0
    for row in rows:
        found = await business_of(tx, trader_in(row), row["opened_at"])
        if found is not None:
            await tx.execute(update(tickets).where(tickets.c.id == row["id"]).values(business_id=found["id"]))
            linked += 1
    return linked, rows[-1]["id"] if len(rows) == _PAGE else None
