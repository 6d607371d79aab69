"""Tickets that may be the same matter as one in hand, each with why it is thought so; a person decides.

Suggests only: never beyond what policy lets the asker see, and never by reading more than a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from sms.store import Read
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

MOST: Final = 5
_LOOKED_AT: Final = 200
_INDEXED: Final = {
    "phone_index": "same_phone",
    "business_guild_id": "same_guild_id",
    "business_id": "same_shop",
}


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
    indexed = _indexed(row)
    found = await read(newest.where(or_(*indexed)).limit(_LOOKED_AT)) if indexed else ()
    alike = [(_reasons(row, each), each) for each in found]
    ranked = sorted(alike, key=lambda pair: (-len(pair[0]), -pair[1]["id"]))
    return [_alike(rules, reasons, each) for reasons, each in ranked[:MOST]]


def _indexed(row: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [tickets.c[name] == row[name] for name in _INDEXED if row[name] is not None]


def _reasons(row: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    shared = {name for name in _INDEXED if row[name] is not None and row[name] == other[name]}
    if "business_guild_id" in shared:
        shared.discard("business_id")  # which says the same, and less
    return tuple(reason for name, reason in _INDEXED.items() if name in shared)


def _alike(rules: Rules, reasons: tuple[str, ...], row: Mapping[str, Any]) -> Alike:
    code = rules.vault.unseal("tickets.code", row["id"], row["code"])
    return Alike(code, reasons, row["business_name"], row["category"], row["opened_at"])
