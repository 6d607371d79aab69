"""What the gateway sees by itself on files that were attached: each is looked at once, after its report was taken in.

Looking is others' work and may fail or be cut off at any moment; here is what is still to be looked at, and what comes
of a look, in one unit of work with the note that it has been done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from ticketing.database import Database
from ticketing.tables import attachments
from ticketing.transaction import UnitTransaction


async def to_look_at(database: Database, most: int) -> Sequence[Mapping[str, Any]]:
    """Stored files nobody has looked at yet, oldest first: `id`, `sha256`, `media_type`."""
    waiting = attachments.c.looked_at.is_(None) & attachments.c.sha256.is_not(None)
    wanted = select(attachments.c.id, attachments.c.sha256, attachments.c.media_type).where(waiting)
    return await database.read(wanted.order_by(attachments.c.id).limit(most))


async def note_look(database: Database, attachment_id: int, pages: int, at: datetime) -> None:
    """An attachment was looked at: so many `pages` of it can be shown. Raises `Unavailable`."""

    async def work(tx: UnitTransaction) -> None:
        looked_at = func.coalesce(attachments.c.looked_at, at)
        seen = update(attachments).where(attachments.c.id == attachment_id).values(pages=pages, looked_at=looked_at)
        await tx.execute(seen)

    await database.write(work)
