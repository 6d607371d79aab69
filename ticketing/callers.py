"""What is known of who calls and of the shop they speak of, while they speak: lines of tickets, never identity.

Both show only what the member of staff may see anyhow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from normalizer.identity import parse_guild_id
from normalizer.phone import Phone, parse_phone
from ticketing.database import Database
from ticketing.finding import find
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.searching import holds_all, words_of
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.view import line_of

SHOP_WINDOW: Final = timedelta(days=30)
_MOST: Final = 8
_MOST_OF_ONE: Final = 100
_SHORTEST_NAME: Final = 3


async def open_tickets_of(
    database: Database, rules: Rules, staff: Staff, phone: str, at: datetime
) -> list[dict[str, Any]]:
    """The caller's open tickets, newest first, as `line_of` has them; none for what is no mobile number."""
    known = parse_phone(phone)
    if not isinstance(known, Phone):
        return []
    theirs = tickets.c.phone_index == rules.vault.index("phone", known.e164)
    wanted = select(tickets).where(theirs, criterion(staff)).order_by(tickets.c.id.desc()).limit(_MOST_OF_ONE)
    # That they are open is asked here: SQLite would rather read all open tickets than the few of one number.
    rows = [row for row in await database.read(wanted) if row["status"] == "open"]
    return [line_of(rules, row, at) for row in rows[:_MOST]]


async def recent_tickets_of_shop(
    database: Database, rules: Rules, staff: Staff, *, name: str, guild_id: str, province: str, at: datetime
) -> list[dict[str, Any]]:
    """Tickets of the last 30 days about a shop, newest first: by its guild id, else by its name in the province.

    By name the newest tickets with its words are looked at, so many of them that an answer comes while one types.
    """
    known = parse_guild_id(guild_id)
    since = tickets.c.opened_at > at - SHOP_WINDOW
    if known is not None:
        wanted = select(tickets).where(tickets.c.business_guild_id == known, since, criterion(staff))
        return await _lines(database, rules, wanted.order_by(tickets.c.id.desc()).limit(_MOST), at)
    words = words_of(name)
    if len("".join(words)) < _SHORTEST_NAME:
        return []
    found = await find(database, words, staff)  # the words may stand elsewhere in a ticket, so its name is looked at
    named = select(tickets.c.id, tickets.c.business_name).where(tickets.c.id.in_(found.ids), since, _in(province))
    rows = await database.read(named.where(criterion(staff)).order_by(tickets.c.id.desc()))
    theirs = islice((row["id"] for row in rows if holds_all(row["business_name"] or "", words)), _MOST)
    wanted = select(tickets).where(tickets.c.id.in_(list(theirs))).order_by(tickets.c.id.desc())
    return await _lines(database, rules, wanted, at)


def _in(province: str) -> ColumnElement[bool]:
    return tickets.c.province == province if province else tickets.c.id.is_not(None)


async def _lines(database: Database, rules: Rules, wanted: Any, at: datetime) -> list[dict[str, Any]]:
    return [line_of(rules, row, at) for row in await database.read(wanted)]
