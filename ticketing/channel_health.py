"""How the ways in are doing: what came today, when the last came, and what waits to be read. Counts only, no words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from normalizer.day import TEHRAN
from ticketing.database import Database
from ticketing.ids import first_id_of
from ticketing.tables import reports

LOOK_BACK: Final = timedelta(days=7)
_WAITING: Final = ("stored", "quarantined")


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One channel; `last_at` is None where nothing came within `LOOK_BACK`."""

    code: str
    today: int
    last_at: datetime | None
    stored: int
    quarantined: int


async def fetch_channel_health(database: Database, codes: Collection[str], at: datetime) -> list[ChannelHealth]:
    """Every channel of `codes`, in their order. A day begins at midnight in Tehran."""
    midnight = at.astimezone(TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0)
    today = await _arrived_since(database, midnight)
    lately = await _arrived_since(database, at - LOOK_BACK)
    waiting = select(reports.c.channel, reports.c.state, func.count().label("n"))
    waiting = waiting.where(reports.c.state.in_(_WAITING)).group_by(reports.c.channel, reports.c.state)
    held = {(row["channel"], row["state"]): row["n"] for row in await database.read(waiting)}
    return [
        ChannelHealth(
            code=code,
            today=today.get(code, (0, None))[0],
            last_at=lately.get(code, (0, None))[1],
            stored=held.get((code, "stored"), 0),
            quarantined=held.get((code, "quarantined"), 0),
        )
        for code in codes
    ]


async def _arrived_since(database: Database, since: datetime) -> dict[str, tuple[int, datetime | None]]:
    newest = func.max(reports.c.received_at, type_=reports.c.received_at.type).label("newest")
    counted = select(reports.c.channel, func.count().label("n"), newest)
    # By the key too, which climbs with time: there is no index on the moment, and this page alone is not worth one.
    lately = (reports.c.id >= first_id_of(since)) & (reports.c.received_at >= since)
    rows = await database.read(counted.where(lately).group_by(reports.c.channel))
    return {row["channel"]: (row["n"], row["newest"]) for row in rows}
