"""A business as staff see it: what is known of it, and its tickets counted, as far as policy lets the asker see them.

Who sees none of its tickets does not learn that there is such a business; nor does who must not know whose they are,
for the business may be the complainant's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from persiantools.jdatetime import JalaliDate
from sqlalchemy import func, select

from normalizer.day import tehran_day
from sms.store import Read
from ticketing.business_tables import businesses
from ticketing.errors import NotFound
from ticketing.ids import parse_id
from ticketing.policy import criterion, knows_citizens
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

MOST_COUNTED: Final = 2000
MOST_OTHERS: Final = 99
_KNOWN: Final = ("name", "guild_id", "trade", "province", "county", "phone")
Row = Mapping[str, Any]


async def get_business(read: Read, rules: Rules, staff: Staff, written_id: str) -> dict[str, Any]:
    """What is known of a business, and `counts` of its newest tickets in sight. Raises `NotFound`."""
    business_id = parse_id(written_id)
    rows = await read(select(businesses).where(businesses.c.id == business_id)) if business_id is not None else ()
    its = await _tickets_of(read, staff, business_id) if rows and business_id is not None else ()
    if not its:
        raise NotFound
    return {**described(rows[0]), "counts": _counts(rules, its)}


def described(row: Row) -> dict[str, Any]:
    """A business's row as JSON tells it."""
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in _KNOWN},
        "first_seen_at": row["first_seen_at"].isoformat(),
    }


async def count_others(read: Read, staff: Staff, business_id: int) -> int:
    """How many tickets in sight a business has beside the one in hand; it stops at `MOST_OTHERS`."""
    mine = tickets.c.business_id == business_id
    seen = select(tickets.c.id).where(mine, criterion(staff)).limit(MOST_OTHERS + 1).subquery()
    counted = await read(select(func.count().label("count")).select_from(seen))
    return max(int(counted[0]["count"]) - 1, 0)


async def _tickets_of(read: Read, staff: Staff, business_id: int) -> Sequence[Row]:
    columns = (tickets.c.status, tickets.c.category, tickets.c.outcome, tickets.c.opened_at)
    mine = select(*columns).where(tickets.c.business_id == business_id, criterion(staff), knows_citizens(staff))
    return await read(mine.order_by(tickets.c.id.desc()).limit(MOST_COUNTED))


def _counts(rules: Rules, rows: Sequence[Row]) -> dict[str, Any]:
    """Of the newest tickets; `all` of them, those `open`, and by category, outcome and Jalali month, newest first."""
    closed_as = Counter(row["outcome"] for row in rows if row["outcome"])
    return {
        "all": len(rows),
        "is_more": len(rows) == MOST_COUNTED,
        "open": sum(row["status"] == "open" for row in rows),
        "upheld": sum(closed_as[each] for each in rules.surges.outcomes),
        "by_category": dict(Counter(row["category"] for row in rows if row["category"]).most_common()),
        "by_outcome": dict(closed_as.most_common()),
        "by_month": _by_month(row["opened_at"] for row in rows),
    }


def _by_month(moments: Iterable[Any]) -> dict[str, int]:
    days = (JalaliDate.to_jalali(tehran_day(at)) for at in moments)  # type: ignore[no-untyped-call]
    return dict(Counter(f"{day.year}-{day.month:02d}" for day in days))
