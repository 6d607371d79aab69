"""How many complaints about the same shop are open lately: a number, and nothing of who complained or why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select

from gateway.web.services import Services
from normalizer.identity import parse_guild_id
from normalizer.text import clean
from ticketing.ids import first_id_of
from ticketing.organisations import organisation_of
from ticketing.tables import tickets

DAYS: Final = 30


async def count_open(services: Services, typed: Mapping[str, str]) -> int:
    """Open tickets of the last `DAYS` about the shop of this form, by its guild id, or its name and province."""
    same = _same_shop(typed)
    if same is None:
        return 0
    lately = tickets.c.opened_at >= services.now() - timedelta(days=DAYS)
    counted = select(func.count().label("n")).where(same, tickets.c.status == "open", lately)
    return int((await services.database.read(counted))[0]["n"])


def _same_shop(typed: Mapping[str, str]) -> ColumnElement[bool] | None:
    guild_id = parse_guild_id(typed.get("business.guild_id", ""))
    if guild_id is not None:
        return tickets.c.business_guild_id == guild_id
    name, province = clean(typed.get("business.name", "")), typed.get("place.province")
    if not name or not province:
        return None
    organisation = organisation_of(province, typed.get("place.county"))
    first = first_id_of(datetime.now(UTC) - timedelta(days=DAYS))  # ids carry the machine's own time
    recent = (tickets.c.organisation == organisation) & (tickets.c.id >= first)  # what the index can narrow down
    return and_(recent, tickets.c.province == province, tickets.c.business_name == name)
