"""Tickets that may be the same matter as one in hand, each with why it is thought so; a person decides.

Suggests only: never beyond what policy lets the asker see, and never by reading more than a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from normalizer.text import fold
from sms.store import Read
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

MOST: Final = 5
_LOOKED_AT: Final = 200
"""The newest tickets of the organisation whose shop's name is compared: names have no index of their own."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An open ticket that may be the same matter, and why (codes: `same_phone`, `same_guild_id`, `same_shop`)."""

    code: str
    reasons: tuple[str, ...]
    business: str | None
    category: str | None
    opened_at: datetime


async def find_alike(read: Read, rules: Rules, member: Staff, row: Mapping[str, Any]) -> list[Alike]:
    """The open tickets most like the one of `row`, best first, at most `MOST`."""
    others = and_(criterion(member), tickets.c.status == "open", tickets.c.id != row["id"])
    others = and_(others, tickets.c.procedure == row["procedure"])
    newest = select(tickets).where(others).order_by(tickets.c.id.desc())
    found: dict[int, Mapping[str, Any]] = {}
    indexed = _indexed(row)
    if indexed:
        found |= {each["id"]: each for each in await read(newest.where(or_(*indexed)).limit(MOST * 4))}
    if row["business_name"]:
        nearby = newest.where(tickets.c.organisation == row["organisation"]).limit(_LOOKED_AT)
        found |= {each["id"]: each for each in await read(nearby)}
    alike = [(_reasons(row, each), each) for each in found.values()]
    ranked = sorted((pair for pair in alike if pair[0]), key=lambda pair: (-len(pair[0]), -pair[1]["id"]))
    return [_alike(rules, reasons, each) for reasons, each in ranked[:MOST]]


def _indexed(row: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    names = ("phone_index", "business_guild_id")
    return [tickets.c[name] == row[name] for name in names if row[name] is not None]


def _reasons(row: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    same = {
        "same_phone": row["phone_index"] is not None and row["phone_index"] == other["phone_index"],
        "same_guild_id": bool(row["business_guild_id"]) and row["business_guild_id"] == other["business_guild_id"],
        "same_shop": _shop(row) is not None and _shop(row) == _shop(other),
    }
    return tuple(code for code, holds in same.items() if holds)


def _shop(row: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """A shop's name as it is searched for, with its province: a name alone is many shops."""
    return (fold(row["business_name"]), row["province"]) if row["business_name"] else None


def _alike(rules: Rules, reasons: tuple[str, ...], row: Mapping[str, Any]) -> Alike:
    code = rules.vault.unseal("tickets.code", row["id"], row["code"])
    return Alike(code, reasons, row["business_name"], row["category"], row["opened_at"])
