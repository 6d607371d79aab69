"""One attachment of a ticket for whoever may see the ticket: found by its id in the database, never by a path."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sms.digits import is_ascii_number
from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.errors import NotFound
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import attachments

_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored file: its content's digest, the name its sender gave it, and the type its content showed."""

    sha256: str
    name: str
    media_type: str


async def find_evidence(database: Database, rules: Rules, member: Staff, code: str, attachment: str) -> Evidence:
    """The attachment of a ticket. Raises `NotFound` for any other's, and for one that has not been fetched yet."""
    wanted = int(attachment) if is_ascii_number(attachment) and len(attachment) < 20 else 0
    row = await find_visible(database.read, rules, member, code)
    if row is None or not 0 < wanted <= _LARGEST_ID:
        raise NotFound
    its_own = (attachments.c.id == wanted) & (attachments.c.ticket_id == row["id"])
    found = await database.read(select(attachments).where(its_own))
    if not found or found[0]["sha256"] is None:
        raise NotFound
    return Evidence(found[0]["sha256"], found[0]["name"], found[0]["media_type"])
