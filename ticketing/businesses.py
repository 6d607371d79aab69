"""Which business a ticket's trader is: by its guild id, else by its name within a province, matched loosely.

A business is what is known of it from all its tickets. Where it may be several, it is none: a wrong link misleads more
than a missing one. Links tickets only; citizens never learn of each other, and nothing of theirs is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update

from normalizer.complaint import Complaint
from normalizer.named_shop import NamedShop, named_shop
from ticketing.business_tables import businesses, parent_cases
from ticketing.ids import new_id
from ticketing.tables import tickets
from ticketing.transaction import LookUp, Row, UnitTransaction

_TELLING: Final = ("guild_id", "county", "phone")
"""What cannot differ between two reports of one business, where both tell it."""


@dataclass(frozen=True, slots=True)
class Trader:
    """What one ticket or report knows of whom it complains about."""

    guild_id: str | None = None
    name: str | None = None
    phone: str | None = None
    province: str | None = None
    county: str | None = None

    @property
    def shop(self) -> NamedShop | None:
        """The shop by its name; None where the name or the province is unknown: a name alone is many shops."""
        return named_shop(self.name) if self.name and self.province else None


_TOLD: Final = tuple(each.name for each in fields(Trader))


def business_look_ups(complaint: Complaint) -> list[LookUp]:
    """The one look-up that finds the business of most reports, fetched ahead for the whole group."""
    business, place = complaint.business, complaint.place
    trader = Trader(business.guild_id, business.name, business.phone, place.province, place.county)
    wanted = (_by_guild_id(trader), _by_name(trader))
    return [look_up for look_up in wanted if look_up is not None][:1]


async def business_of(tx: UnitTransaction, trader: Trader, at: datetime) -> Row | None:
    """The trader's business, its row added where it is new; None where too little is known, or it may be several.

    What the business did not know yet, it learns. Two processes that open one at once: the later runs again (`writer`).
    """
    by_guild_id, by_name = _by_guild_id(trader), _by_name(trader)
    known = await tx.find(by_guild_id) if by_guild_id else ()
    named: Sequence[Row] = await tx.find(by_name) if by_name and not known else ()
    fitting = known or _nearest(trader, named)
    if known and by_name and known[0]["name_key"] is None:
        fitting = await _united(tx, known[0], _nearest(trader, await tx.find(by_name)))
    if len(fitting) == 1:
        await _learn(tx, fitting[0], trader)
        return fitting[0]
    if not trader.guild_id and (fitting or by_name is None):
        return None
    row = {"id": new_id(), **_told(trader), "number": len(named), "first_seen_at": at, "open_case": None, "adds": False}
    tx.add(businesses, row)
    return row


def _by_guild_id(trader: Trader) -> LookUp | None:
    return LookUp(businesses, ("guild_id",), (trader.guild_id,)) if trader.guild_id else None


def _by_name(trader: Trader) -> LookUp | None:
    key = _name_key(trader)
    return LookUp(businesses, ("name_key",), (key,)) if key else None


def _name_key(trader: Trader) -> str | None:
    shop = trader.shop
    return f"{trader.province}/{shop.key}" if shop else None


def _nearest(trader: Trader, named: Sequence[Row]) -> list[Row]:
    """Those the trader may be; of several, those that agree in most of what is told."""
    fitting = [row for row in named if _may_be(trader, row)]
    most = max((_agreeing(trader, row) for row in fitting), default=0)
    return [row for row in fitting if _agreeing(trader, row) == most]


def _may_be(trader: Trader, row: Row) -> bool:
    told = ((row[name], getattr(trader, name)) for name in _TELLING)
    if any(known and said and known != said for known, said in told):
        return False
    known, said = named_shop(row["name"]), trader.shop
    return known is not None and said is not None and known.may_be(said)


def _agreeing(trader: Trader, row: Row) -> int:
    return sum(row[name] is not None and row[name] == getattr(trader, name) for name in _TELLING)


def _told(trader: Trader) -> dict[str, Any]:
    shop = trader.shop
    return {
        **{name: getattr(trader, name) for name in _TOLD},
        "name_key": _name_key(trader),
        "trade": shop.trade if shop else None,
    }


async def _united(tx: UnitTransaction, unnamed: Row, called_so: Sequence[Row]) -> list[Row]:
    """The business known by its guild id only, or, where just one is called as the ticket tells, that one: the two are
    one, so it takes the guild id, the tickets and the parent cases of the other, which is left empty.
    """
    if len(called_so) != 1 or called_so[0]["guild_id"] is not None:
        return [unnamed]
    named = called_so[0]
    taken = {"guild_id": unnamed["guild_id"]}
    if named["open_case"] is None:
        taken |= {"open_case": unnamed["open_case"], "adds": unnamed["adds"]}
    left = {"guild_id": None, "open_case": None, "adds": False}
    await tx.execute(update(businesses).where(businesses.c.id == unnamed["id"]).values(**left))
    await tx.execute(update(businesses).where(businesses.c.id == named["id"]).values(**taken))
    for table in (tickets, parent_cases):
        its = table.c.business_id == unnamed["id"]
        await tx.execute(update(table).where(its).values(business_id=named["id"]))
    return [{**named, **taken}]


async def _learn(tx: UnitTransaction, row: Row, trader: Trader) -> None:
    """Fill in what was not known; a name comes with its key, and the next number among those of that key."""
    news = {name: value for name, value in _told(trader).items() if value is not None and row[name] is None}
    by_name = _by_name(trader)
    if "name_key" in news and by_name is not None:
        news |= {"name": trader.name, "number": len(await tx.find(by_name))}
    if news:
        await tx.execute(update(businesses).where(businesses.c.id == row["id"]).values(**news))
