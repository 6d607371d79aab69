"""One attachment of a ticket for whoever may see the ticket: found by its id in the database, never by a path.

What staff look at is drawn anew from it. The file as it was sent, place and all, is for the roles the ticket's
procedure names, and whoever takes it is written down. Who must not learn who complains is shown what colleagues
attached, and neither what the citizen sent nor any recording (`blinding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sms.store import Read
from ticketing.blinding import blinded, is_withheld
from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.errors import Forbidden, NotFound
from ticketing.ids import parse_id
from ticketing.retrying import retried
from ticketing.roles import is_blind
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import attachments
from ticketing.ticket import save, ticket_from, ticket_identity
from ticketing.transaction import UnitTransaction

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored file: its content's digest, the name its sender gave it, the type its content showed, whence and when.

    `pages` is how many can be shown, None while nobody has looked; `is_open` says that this member may save it.
    """

    id: int
    procedure: str
    sha256: str
    name: str
    media_type: str
    size: int
    origin: str
    created_at: datetime
    pages: int | None
    is_open: bool


async def find_evidence(database: Database, rules: Rules, member: Staff, code: str, attachment: str) -> Evidence:
    """The attachment of a ticket. Raises `NotFound` for any other's, and for one that has not been fetched yet;
    `Forbidden` for one that is withheld from this member.
    """
    row, file = await _find(database.read, rules, member, code, attachment)
    return _evidence(rules, member, row, file)


async def take_original(
    database: Database, rules: Rules, member: Staff, code: str, attachment: str, at: datetime
) -> Evidence:
    """The same for whoever is about to save the file as it was sent; the ticket's history says so from then on.

    Raises `NotFound` as above; `Forbidden` for other roles; `Unavailable`.
    """

    async def work(tx: UnitTransaction) -> Evidence:
        row, file = await _find(tx.rows, rules, member, code, attachment)
        found = _evidence(rules, member, row, file)
        if not found.is_open:
            raise Forbidden
        ticket = ticket_from(rules.vault, row)
        ticket.record("original", member.username, at, attachment=found.id)
        await save(tx, rules.vault, ticket, at)
        return found

    return await retried(database, work)


async def _find(read: Read, rules: Rules, member: Staff, code: str, attachment: str) -> tuple[Row, Row]:
    wanted = parse_id(attachment)
    row = await find_visible(read, rules, member, code)
    if row is None or wanted is None:
        raise NotFound
    its_own = (attachments.c.id == wanted) & (attachments.c.ticket_id == row["id"])
    found = await read(select(attachments).where(its_own))
    if not found or found[0]["sha256"] is None:
        raise NotFound
    if is_blind(member.role, row["procedure"]):
        if is_withheld(found[0]["origin"], found[0]["media_type"]):
            raise Forbidden
        named = blinded(found[0]["name"], ticket_identity(rules.vault, row))
        return row, {**found[0], "name": named}
    return row, found[0]


def _evidence(rules: Rules, member: Staff, row: Row, file: Row) -> Evidence:
    shown = ("id", "sha256", "name", "media_type", "origin", "created_at", "pages")
    is_open = member.role in rules.procedures[row["procedure"]].originals
    said = {name: file[name] for name in shown}
    return Evidence(procedure=row["procedure"], size=file["size"] or 0, is_open=is_open, **said)
