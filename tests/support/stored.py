"""What the database holds after reports were taken in by the shipped rules (`reports.shipped_rules`)."""

from __future__ import annotations

from sqlalchemy import Table, func, select

from sms.tables import notices
from tests.support.reports import shipped_rules
from ticketing.database import Database
from ticketing.tables import tickets
from ticketing.ticket import Ticket, ticket_from


async def count_rows(database: Database, table: Table) -> int:
    """How many rows a table has."""
    return int((await database.read(select(func.count().label("n")).select_from(table)))[0]["n"])


async def said(database: Database) -> list[tuple[str, int | None, str, str]]:
    """Every notice in the order it was written: kind, step, medium, text."""
    rows = await database.read(select(notices).order_by(notices.c.id))
    vault = shipped_rules().vault
    return [
        (row["kind"], row["step"], row["medium"], vault.unseal("notices.body", row["id"], row["body"])) for row in rows
    ]


async def only_ticket(database: Database) -> Ticket:
    """The one ticket there is."""
    (row,) = await database.read(select(tickets))
    return ticket_from(shipped_rules().vault, row)
