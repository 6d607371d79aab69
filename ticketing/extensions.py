"""Extensions: which telephone stands on whose desk. One extension is one member's, so that a call pops up once."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select, update

from normalizer.text import digits
from ticketing.database import Database
from ticketing.errors import FieldError, Invalid
from ticketing.tables import staff
from ticketing.transaction import UnitTransaction

EXTENSION: Final = re.compile(r"[0-9]{1,16}")
"""What an extension is, in ASCII digits."""


async def set_extension(database: Database, staff_id: int, written: str) -> str | None:
    """Give a member the telephone they sit at, in digits of any script; "" is none. Returns what is kept.

    Raises `Invalid` where it is no extension, or another member's.
    """
    extension = digits(written).strip() or None
    if extension is not None and not EXTENSION.fullmatch(extension):
        raise Invalid([FieldError("extension", "wrong_value")])

    async def work(tx: UnitTransaction) -> None:
        await refuse_taken(tx, extension, staff_id)
        await tx.execute(update(staff).where(staff.c.id == staff_id).values(extension=extension))

    await database.write(work)
    return extension


async def refuse_taken(tx: UnitTransaction, extension: str | None, staff_id: int) -> None:
    """Raises `Invalid` where the extension is on somebody else's desk."""
    held = (staff.c.extension == extension) & (staff.c.id != staff_id)
    if extension is not None and await tx.rows(select(staff.c.id).where(held)):
        raise Invalid([FieldError("extension", "taken")])


async def extension_of(database: Database, staff_id: int) -> str | None:
    """The extension of this member's telephone, or None."""
    rows = await database.read(select(staff.c.extension).where(staff.c.id == staff_id))
    return rows[0]["extension"] if rows else None


async def operator_at(database: Database, extension: str) -> int | None:
    """The id of the operator whose telephone this is, or None."""
    at_it = (staff.c.extension == extension) & staff.c.disabled.is_(False) & (staff.c.role == "operator")
    rows = await database.read(select(staff.c.id).where(at_it))
    return rows[0]["id"] if rows else None
