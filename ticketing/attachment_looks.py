"""What the gateway sees by itself on files that were attached: each is looked at once, after its report was taken in.

Looking is others' work and may fail or be cut off at any moment; here is what is still to be looked at, and what comes
of a look, in one unit of work with the note that it has been done. A licence on a citizen's photo tells the guild id
the ticket lacks, and may complete it; what the ticket knows already is never changed by a photo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from normalizer.identity import guild_id_in_code
from ticketing.completing import facts_came
from ticketing.database import Database
from ticketing.retrying import retried
from ticketing.rules import Rules
from ticketing.tables import attachments
from ticketing.ticket import Ticket, load, save
from ticketing.transaction import UnitTransaction

_ACTOR: Final = "gateway"
READ: Final = "licence_read"
DIFFERS: Final = "licence_differs"
"""Kinds of events: a guild id was taken from a photo; one on a photo is not the ticket's."""
_MOST_TOLD: Final = 3


async def to_look_at(database: Database, most: int) -> Sequence[Mapping[str, Any]]:
    """Stored files nobody has looked at yet, oldest first: `id`, `sha256`, `media_type`."""
    waiting = attachments.c.looked_at.is_(None) & attachments.c.sha256.is_not(None)
    wanted = select(attachments.c.id, attachments.c.sha256, attachments.c.media_type).where(waiting)
    return await database.read(wanted.order_by(attachments.c.id).limit(most))


async def note_look(
    database: Database, rules: Rules, attachment_id: int, pages: int | None, codes: Sequence[str], at: datetime
) -> None:
    """An attachment was looked at: so many `pages` of it can be shown, and these `codes` are on it, word for word.

    `pages` is None where nobody knows yet. Codes count the first time, on what a citizen sent. Raises `Unavailable`.
    """
    guild_ids = list(dict.fromkeys(found for code in codes if (found := guild_id_in_code(code))))

    async def work(tx: UnitTransaction) -> None:
        file = (await tx.rows(select(attachments).where(attachments.c.id == attachment_id)))[0]
        looked_at = func.coalesce(attachments.c.looked_at, at)
        seen = update(attachments).where(attachments.c.id == attachment_id).values(pages=pages, looked_at=looked_at)
        await tx.execute(seen)
        is_first, is_theirs = file["looked_at"] is None, file["origin"] == "citizen"
        if guild_ids and is_first and is_theirs and file["ticket_id"] is not None:
            ticket = await load(tx, rules.vault, file["ticket_id"])
            await _take(tx, rules, ticket, attachment_id, guild_ids, at)

    await retried(database, work)


async def _take(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, attachment_id: int, guild_ids: Sequence[str], at: datetime
) -> None:
    """Take the guild id where it is one and the ticket has none; else tell staff what is another's."""
    if not ticket.is_open or ticket.business_guild_id in guild_ids:
        return
    if ticket.business_guild_id is None and len(guild_ids) == 1:
        ticket.record(READ, _ACTOR, at, attachment=attachment_id, guild_id=guild_ids[0])
        ticket.business_guild_id = guild_ids[0]
        await facts_came(tx, rules, ticket, at, _ACTOR)
    else:
        for each in guild_ids[:_MOST_TOLD]:
            ticket.record(DIFFERS, _ACTOR, at, attachment=attachment_id, guild_id=each)
    await save(tx, rules.vault, ticket, at)
