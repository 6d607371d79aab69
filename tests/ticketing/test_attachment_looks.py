"""What a look at a citizen's photo does to its ticket: tells the guild id it lacks, completes it, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from normalizer.report import Attachment, Business, Place
from sms.tables import notices
from tests.support.reports import AT, web_report
from tests.support.staging import NOW, a_ticket, put, today
from ticketing.attachment_looks import note_look, to_look_at
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.ids import new_id
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.tables import attachments, events, tickets
from ticketing.ticket import Ticket, ticket_from
from ticketing.transaction import UnitTransaction

MINE, OTHER = "0412345678", "0487654321"
LICENCE = f"https://qr.iranianasnaf.ir/l?id={MINE}"
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


async def attach(database: Database, ticket: Ticket, origin: str = "citizen") -> int:
    """A stored file of the ticket that nobody has looked at."""
    row = {"id": new_id(), "ticket_id": ticket.id, "origin": origin, "name": "a.jpg", "created_at": NOW}

    async def work(tx: UnitTransaction) -> None:
        await tx.execute(insert(attachments).values(**row, media_type="image/jpeg", sha256="0" * 64, attempts=0))

    await database.write(work)
    return row["id"]


async def told(database: Database, ticket: Ticket) -> list[tuple[str, str]]:
    """What looks left in the ticket's history, and of which guild id."""
    wanted = select(events).where(events.c.ticket_id == ticket.id, events.c.kind.like("licence%"))
    rows = await database.read(wanted.order_by(events.c.number))
    assert all(row["actor"] == "gateway" and row["data"]["attachment"] for row in rows)
    return [(row["kind"], row["data"]["guild_id"]) for row in rows]


async def test_licence_on_a_photo_completes_the_ticket_that_lacked_its_trader(
    database: Database, rules: Rules, tmp_path: Path
) -> None:
    photo = Attachment("licence.jpg", "image/jpeg", content=b"a photo")
    report = web_report(business=Business(), place=Place(), attachments=(photo,))
    store = AttachmentStore(tmp_path / "files", rules.vault)
    opened = await take_in(database, rules, report, files=store)
    assert opened.missing == ("business", "place")
    (file,) = await to_look_at(database, most=5)
    await note_look(database, rules, file["id"], 1, [LICENCE], AT)
    assert await to_look_at(database, most=5) == []
    (row,) = await database.read(select(tickets).where(tickets.c.id == opened.ticket_id))
    ticket = ticket_from(rules.vault, row)
    assert (ticket.step, ticket.missing, ticket.business_guild_id) == (2, [], MINE)
    assert await told(database, ticket) == [("licence_read", MINE)]
    texts = await database.read(select(notices.c.step).where(notices.c.kind == "step").order_by(notices.c.id))
    assert [row["step"] for row in texts] == [1, 2]
    await note_look(database, rules, file["id"], 1, [f"https://qr.iranianasnaf.ir/l?id={OTHER}"], AT)
    assert await told(database, ticket) == [("licence_read", MINE)]  # a photo is looked at once


FIRST = State(1, "citizen", timer="missing_reminder")


@pytest.mark.parametrize(
    ("ticket", "codes", "guild_id", "expected"),
    [
        ({}, [LICENCE], MINE, [("licence_read", MINE)]),
        ({}, ["شناسه صنفی: ۰۴۱۲۳۴۵۶۷۸"], MINE, [("licence_read", MINE)]),
        ({}, [MINE, LICENCE], MINE, [("licence_read", MINE)]),
        ({}, ["9121234567", "https://shop.example/0412345678", "6260000000017", "04123"], None, []),
        ({}, [MINE, OTHER], None, [("licence_differs", MINE), ("licence_differs", OTHER)]),
        ({"business_guild_id": OTHER}, [LICENCE], OTHER, [("licence_differs", MINE)]),
        ({"business_guild_id": MINE}, [LICENCE, OTHER], MINE, []),
        ({"state": FIRST, "category": None, "business_name": None}, [LICENCE], MINE, [("licence_read", MINE)]),
        ({"state": State(2, None, "closed", "unrelated")}, [LICENCE], None, []),
        ({"origin": "inspector"}, [LICENCE], None, []),
    ],
)
async def test_what_is_known_is_never_changed_by_a_photo(
    database: Database,
    rules: Rules,
    ticket: dict[str, Any],
    codes: Sequence[str],
    guild_id: str | None,
    expected: list[tuple[str, str]],
) -> None:
    origin = ticket.pop("origin", "citizen")
    lacking = ["category", "business"] if "category" in ticket else []
    staged = a_ticket(rules, missing=lacking, **ticket)
    await put(database, rules, staged)
    await note_look(database, rules, await attach(database, staged, origin), 1, codes, NOW)
    now = await today(database, rules, staged)
    assert (now.business_guild_id, now.step) == (guild_id, staged.step)
    assert now.missing == (["category"] if lacking else [])
    assert await told(database, staged) == expected
