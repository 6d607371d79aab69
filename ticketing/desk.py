"""What staff read: one ticket, and lists by filters, never beyond what policy lets them see."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Select, select, true

from normalizer.text import digits
from normalizer.tracking_code import parse_code
from sms.digits import is_ascii_number
from sms.store import Read
from ticketing.blinding import accuses_trader, blinded, blinded_name
from ticketing.database import Database
from ticketing.errors import FieldError, Invalid, NotFound
from ticketing.filters import LEADING, criteria, sought
from ticketing.finding import Found, find
from ticketing.policy import blind_in, criterion, reach
from ticketing.roles import is_blind
from ticketing.rules import Rules
from ticketing.searching import INDEXED, holds_all
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.tables import tickets
from ticketing.ticket import ticket_from, ticket_identity
from ticketing.view import allowed_actions, line_of, picture_of

log = structlog.get_logger()
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MOST_LOOKED: Final = 2000
"""So many tickets are looked at for one page, where few meet what is asked of them."""
Condition = ColumnElement[bool]
_EXCERPT: Final = 90
_READ_AT_ONCE: Final = 100
_LONGEST_LIMIT: Final = 4
"""Digits of a limit that are read: with one more than the most has, it is above it anyhow."""


async def get_ticket(database: Database, rules: Rules, staff: Staff, code: str, at: datetime) -> dict[str, Any]:
    """The whole ticket. Raises `NotFound` for what is not there and for what this member may not see alike."""
    row = await find_visible(database.read, rules, staff, code)
    if row is None:
        raise NotFound
    allowed = allowed_actions(rules, staff, ticket_from(rules.vault, row))
    return await picture_of(database.read, rules, staff, row, at, allowed)


async def find_visible(read: Read, rules: Rules, staff: Staff, code: str) -> Mapping[str, Any] | None:
    """The row of a ticket by its code, where this member of staff may see it. A look beyond that is logged."""
    parsed = parse_code(code)
    if parsed is None:
        return None
    is_it = tickets.c.code_index == rules.vault.index("code", parsed)
    rows = await read(select(tickets).where(is_it, criterion(staff)))
    if rows:
        return rows[0]
    if await read(select(tickets.c.id).where(is_it)):
        log.warning("a ticket was asked for that policy hides", staff=staff.username, role=staff.role)
    return None


async def list_tickets(
    database: Database, rules: Rules, staff: Staff, filters: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """`{"items", "next_cursor"}`, newest first, `limit` a page but at most 200. Raises `Invalid` naming bad filters.

    So many tickets are looked at a time: a page may be short, even empty, while more are to come by its cursor.
    """
    wanted = {name: value for name, value in filters.items() if value not in (None, "")}
    errors: list[FieldError] = []
    limit = _read_limit(wanted.pop("limit", DEFAULT_LIMIT), errors)
    before = _read_cursor(wanted.pop("cursor", None), errors)
    by = sought(wanted.pop("q"), rules, staff, errors) if "q" in wanted else None
    narrowing = criteria(wanted, rules, staff, at, errors)
    page = with_assignee().where(criterion(staff), *narrowing)
    if errors:
        raise Invalid(errors)
    among, looked_to = await _among(database, rules, staff, by, before, is_led=not LEADING.isdisjoint(wanted))
    page = page.where(among) if before is None else page.where(among, tickets.c.id < before)
    rows = await database.read(page.order_by(tickets.c.id.desc()).limit(limit + 1))
    last = rows[limit - 1]["id"] if len(rows) > limit else looked_to
    items = [item_of(rules, staff, row, at) for row in rows[:limit]]
    return {"items": items, "next_cursor": _cursor(last) if last is not None else None}


async def _among(
    database: Database,
    rules: Rules,
    staff: Staff,
    by: Sequence[str] | Condition | None,
    before: int | None,
    *,
    is_led: bool,
) -> tuple[Condition, int | None]:
    """Among which tickets one page is looked for, and the last one of them; None where there are no more.

    All there are where `is_led` says that a filter leads to few of them.
    """
    if isinstance(by, ColumnElement):
        return by, None
    if by is not None:
        found = await find(database, by, staff, before) if by else Found((), None)
        found = await _told(database, rules, staff, by, found)
        return tickets.c.id.in_(found.ids), found.looked_to
    if is_led:
        return true(), None
    newest = select(tickets.c.id).where(reach(staff)).order_by(tickets.c.id.desc())
    if before is not None:
        newest = newest.where(tickets.c.id < before)
    last = await database.read(newest.offset(MOST_LOOKED - 1).limit(2))
    looked_to = last[0]["id"] if len(last) > 1 else None
    return (true() if looked_to is None else tickets.c.id >= looked_to), looked_to


async def _told(database: Database, rules: Rules, staff: Staff, words: Sequence[str], found: Found) -> Found:
    """Of tickets found by words those that tell this member of staff so much: a name that is left out of what they
    read finds nothing either, or they had only to try names. So many are read at a time, until some do.
    """
    blind = blind_in(staff)
    if not blind:
        return found
    for begun in range(0, len(found.ids), _READ_AT_ONCE):
        looked = found.ids[begun : begun + _READ_AT_ONCE]
        rows = await database.read(select(tickets).where(tickets.c.id.in_(looked), criterion(staff)))
        told = [row["id"] for row in rows if row["procedure"] not in blind or holds_all(_readable(rules, row), words)]
        if told:
            is_last = begun + len(looked) == len(found.ids)
            return Found(told, found.looked_to if is_last else looked[-1])
    return Found((), found.looked_to)


def _readable(rules: Rules, row: Mapping[str, Any]) -> str:
    identity = ticket_identity(rules.vault, row)
    accused = accuses_trader(rules.procedures[row["procedure"]])
    return " ".join(
        blinded(row[name], identity) for name in INDEXED if row[name] and (accused or not name.startswith("business_"))
    )


def with_assignee() -> Select[Any]:
    """Tickets, each with the username of whoever took it on as `assignee_name`; for `item_of`."""
    name = select(staff_table.c.username).where(staff_table.c.id == tickets.c.assignee).scalar_subquery()
    return select(tickets, name.label("assignee_name"))


def item_of(rules: Rules, staff: Staff, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """One ticket in a list: its line, who took it on and when, and how its text begins, as this member may see it."""
    words, line = " ".join(row["text"].split()), line_of(rules, row, at)
    if is_blind(staff.role, row["procedure"]):
        identity = ticket_identity(rules.vault, row)
        accused = accuses_trader(rules.procedures[row["procedure"]])
        line["business_name"] = blinded_name(line["business_name"], identity, accused=accused)
        words = blinded(words, identity)
    return {
        **line,
        "assignee": row["assignee_name"],
        "assigned_at": row["assigned_at"].isoformat() if row["assigned_at"] else None,
        "excerpt": words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rsplit(' ', 1)[0]}…",
    }


async def get_item(database: Database, rules: Rules, staff: Staff, code: str, at: datetime) -> dict[str, Any]:
    """One ticket as `list_tickets` has it. Raises `NotFound`."""
    parsed = parse_code(code)
    index = rules.vault.index("code", parsed) if parsed else b""
    rows = await database.read(with_assignee().where(tickets.c.code_index == index, criterion(staff)))
    if not rows:
        raise NotFound
    return item_of(rules, staff, rows[0], at)


def _cursor(ticket_id: int) -> str:
    return base64.urlsafe_b64encode(ticket_id.to_bytes(8, "big")).decode().rstrip("=")


def _read_cursor(cursor: Any, errors: list[FieldError]) -> int | None:
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(str(cursor).encode("ascii") + b"=", altchars=b"-_", validate=True)
        if len(raw) == 8:
            return int.from_bytes(raw, "big") & (2**63 - 1)
    except ValueError:
        pass
    errors.append(FieldError("cursor", "wrong_value"))
    return None


def _read_limit(limit: Any, errors: list[FieldError]) -> int:
    written = digits(str(limit)).strip()
    if is_ascii_number(written) and (shorter := written.lstrip("0")):
        return min(int(shorter[:_LONGEST_LIMIT]), MAX_LIMIT)
    errors.append(FieldError("limit", "out_of_range"))
    return DEFAULT_LIMIT
