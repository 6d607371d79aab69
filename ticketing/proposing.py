"""Businesses to look at as a whole: many open tickets of late, or complaints that were borne out time and again.

Proposes only, out of what policy lets the asker see; nothing happens to a ticket here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from sms.store import Read
from ticketing.business_tables import businesses
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import IS_OPEN, tickets

MOST: Final = 20
Counts = Mapping[int, int]
_UNGATHERED: Final = tickets.c.parent_id.is_(None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A business over a bound: how many of its tickets are open, came of late, and were upheld; 0 below the bound."""

    business: Mapping[str, Any]
    open: int
    surging: int
    upheld: int


async def proposals_of(read: Read, rules: Rules, staff: Staff, at: datetime) -> list[Proposal]:
    """The businesses over a bound that have open tickets, the most tickets of late first, at most `MOST`."""
    surging, upheld = await _surging(read, rules, staff, at), await _upheld(read, rules, staff, at)
    ids = [*surging, *(each for each in upheld if each not in surging)]
    still_open = await _open(read, staff, ids) if ids else {}
    rows = await read(select(businesses).where(businesses.c.id.in_(still_open))) if still_open else ()
    known = {row["id"]: row for row in rows}
    proposed = [
        Proposal(known[each], still_open[each], surging.get(each, 0), upheld.get(each, 0))
        for each in ids
        if each in known
    ]
    return proposed[:MOST]


async def _surging(read: Read, rules: Rules, staff: Staff, at: datetime) -> Counts:
    bounds = rules.surges
    lately = (IS_OPEN, _UNGATHERED, tickets.c.opened_at >= at - bounds.within)
    return await _counted(read, staff, lately, bounds.tickets)


async def _upheld(read: Read, rules: Rules, staff: Staff, at: datetime) -> Counts:
    bounds = rules.surges
    borne_out = (tickets.c.outcome.in_(bounds.outcomes), tickets.c.closed_at >= at - bounds.upheld_within)
    return await _counted(read, staff, borne_out, bounds.upheld)


async def _open(read: Read, staff: Staff, ids: Iterable[int]) -> Counts:
    return await _counted(read, staff, (IS_OPEN, _UNGATHERED, tickets.c.business_id.in_(ids)), 1)


async def _counted(read: Read, staff: Staff, conditions: Iterable[ColumnElement[bool]], least: int) -> Counts:
    """How many tickets in sight meet the conditions, by business, the most first; those with fewer are left out."""
    if not least:
        return {}
    count = func.count().label("count")
    counted = select(tickets.c.business_id, count).where(criterion(staff), *conditions)
    grouped = counted.group_by(tickets.c.business_id).having(count >= least)
    rows = await read(grouped.order_by(count.desc(), tickets.c.business_id.desc()).limit(MOST + 1))
    # Those of no business are left out here: SQLite, told so, would rather read all that ever had one, in their order.
    return {row["business_id"]: row["count"] for row in rows if row["business_id"] is not None}
