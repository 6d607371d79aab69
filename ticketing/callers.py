"""What is known of who calls and of the shop they speak of, while they speak: lines of tickets, never identity.

Both show only what the member of staff may see anyhow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select

from normalizer.identity import parse_guild_id
from normalizer.phone import Phone, parse_phone
from normalizer.text import clean
from ticketing.database import Database
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.view import line_of

SHOP_WINDOW: Final = timedelta(days=30)
_MOST: Final = 8
_MOST_OF_ONE: Final = 100
_NEWEST: Final = 20_000
"""How far back a shop is looked for by its name, so that an answer comes while one types, however many tickets
there are."""
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
    """Tickets of the last 30 days about a shop, newest first: by its guild id, else by its name in the province."""
    known = parse_guild_id(guild_id)
    since = tickets.c.opened_at > at - SHOP_WINDOW
    if known is not None:
        wanted = select(tickets).where(tickets.c.business_guild_id == known, since, criterion(staff))
        return await _lines(database, rules, wanted.order_by(tickets.c.id.desc()).limit(_MOST), at)
    words = clean(name).split()
    if len("".join(words)) < _SHORTEST_NAME:
        return []
    beyond = await database.read(select(tickets.c.id).order_by(tickets.c.id.desc()).offset(_NEWEST).limit(1))
    bounded = tickets.c.id > (beyond[0]["id"] if beyond else 0)
    named = and_(*(tickets.c.business_name.icontains(word, autoescape=True) for word in words))
    wanted = select(tickets).where(bounded, named, _in(province), since, criterion(staff))
    return await _lines(database, rules, wanted.order_by(tickets.c.id.desc()).limit(_MOST), at)


def _in(province: str) -> ColumnElement[bool]:
    return tickets.c.province == province if province else tickets.c.id.is_not(None)


async def _lines(database: Database, rules: Rules, wanted: Any, at: datetime) -> list[dict[str, Any]]:
    return [line_of(rules, row, at) for row in await database.read(wanted)]
