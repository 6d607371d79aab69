"""Drafts: what a member of staff has typed into a form and not yet sent, sealed, theirs alone, gone once it is filed.

A draft is no record: it is forgotten after three days, and the oldest where they grow too many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, or_, select, update

from ticketing.database import Database
from ticketing.desk_tables import drafts
from ticketing.ids import new_id
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault

KEPT: Final = timedelta(days=3)
_MOST_PER_MEMBER: Final = 20
_COLUMN: Final = "drafts.body"


@dataclass(frozen=True, slots=True)
class Draft:
    """One form's draft. `body` is what was typed, by field."""

    form_id: str
    body: Mapping[str, str]
    updated_at: datetime


async def keep(
    database: Database,
    vault: Vault,
    staff_id: int,
    kind: str,
    form_id: str,
    body: Mapping[str, str],
    at: datetime,
    *,
    filed_as: Sequence[LookUp] = (),
) -> bool:
    """Keep what is typed in place of what was kept of this form.

    `filed_as` are the look-ups that find what the form becomes once it is sent: where one does, False, for a draft
    that arrives late brings nothing back.
    """

    async def work(tx: UnitTransaction) -> bool:
        for each in filed_as:
            if await tx.find(each):
                return False
        await put_back(tx, vault, staff_id, kind, form_id, body, at)
        return True

    return await database.write(work)


async def put_back(
    tx: UnitTransaction, vault: Vault, staff_id: int, kind: str, form_id: str, body: Mapping[str, str], at: datetime
) -> None:
    """Keep a form's draft as part of another unit, whatever the form has become."""
    known = await tx.find(draft_of(staff_id, kind, form_id))
    row_id = known[0]["id"] if known else new_id()
    sealed = {"body": vault.seal(_COLUMN, row_id, json.dumps(dict(body))), "updated_at": at}
    if known:
        await tx.execute(update(drafts).where(drafts.c.id == row_id).values(**sealed))
        return
    await _make_room(tx, staff_id, at)
    tx.add(drafts, {"id": row_id, "staff_id": staff_id, "kind": kind, "form_id": form_id, **sealed})


def draft_of(staff_id: int, kind: str, form_id: str) -> LookUp:
    """What finds a form's draft."""
    return LookUp(drafts, ("staff_id", "kind", "form_id"), (staff_id, kind, form_id))


async def _make_room(tx: UnitTransaction, staff_id: int, at: datetime) -> None:
    mine = select(drafts.c.id).where(drafts.c.staff_id == staff_id).order_by(drafts.c.updated_at.desc())
    surplus = [row["id"] for row in await tx.rows(mine.offset(_MOST_PER_MEMBER - 1))]
    await tx.execute(delete(drafts).where(or_(drafts.c.updated_at < at - KEPT, drafts.c.id.in_(surplus))))


async def drafts_of(database: Database, vault: Vault, staff_id: int, kind: str, at: datetime) -> list[Draft]:
    """This member's drafts, newest first."""
    mine = (drafts.c.staff_id == staff_id) & (drafts.c.kind == kind) & (drafts.c.updated_at > at - KEPT)
    rows = await database.read(select(drafts).where(mine).order_by(drafts.c.updated_at.desc(), drafts.c.id.desc()))
    return [_draft(vault, row) for row in rows]


async def forget(database: Database, staff_id: int, kind: str, form_id: str) -> None:
    """Let a draft go; one that is gone already is no error."""

    async def work(tx: UnitTransaction) -> None:
        its = (drafts.c.staff_id == staff_id) & (drafts.c.kind == kind) & (drafts.c.form_id == form_id)
        await tx.execute(delete(drafts).where(its))

    await database.write(work)


def _draft(vault: Vault, row: Mapping[str, Any]) -> Draft:
    body = json.loads(vault.unseal(_COLUMN, row["id"], row["body"]))
    return Draft(row["form_id"], body, row["updated_at"])
