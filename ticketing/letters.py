"""Letters issued: frozen whole, with the figures and words they had, so that a reprint is the same for ever.

It keeps what it is handed and gives it back to the byte; what a letter says is for others to compose. Whoever works at
the desk of letters reads them, for they go to every organisation; the centre alone issues them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from normalizer.text import clean, digits
from sms.store import Read
from ticketing.asked import Asked
from ticketing.database import Database
from ticketing.errors import FieldError, Forbidden, Invalid, NotFound
from ticketing.ids import new_id, parse_id
from ticketing.letter_tables import letters
from ticketing.organisations import NATIONAL
from ticketing.performance import Review
from ticketing.roles import OVERSEERS, at_desk
from ticketing.staff import Staff
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

MEMBERS: Final = at_desk("letter")
"""The roles that read letters and reviews."""
LONGEST_NUMBER: Final = 64
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Reference:
    """What an office calls a letter by: its number, in ASCII digits, and its day."""

    number: str
    day: date


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter of the list: its reference, the days it is about, and its id."""

    id: int
    reference: Reference
    first: date
    last: date


def may_issue(staff: Staff) -> bool:
    """True for the centre's overseers at the desk of letters."""
    return staff.role in MEMBERS and staff.role in OVERSEERS and staff.organisation == NATIONAL


def read_reference(number: str, day: date | None, today: date, errors: list[FieldError]) -> Reference:
    """The reference an office gives, its number in ASCII digits; what is wrong with it is added to `errors`."""
    written = clean(digits(number)).strip()
    if not written or len(written) > LONGEST_NUMBER:
        errors.append(FieldError("number", "too_long" if written else "required"))
    if day is None or day > today:
        errors.append(FieldError("issued_on", "in_future" if day else "invalid_date"))
    return Reference(written, day or today)


async def issue(
    database: Database, asked: Asked, review: Review, reference: Reference, write: Callable[[Reference | None], str]
) -> dict[str, Any]:
    """Freeze the letter `write` gives, told which letter was issued before it. Returns `{"id", "number"}`.

    Raises `Forbidden`, and `Invalid` for a number another letter has.
    """
    if not may_issue(asked.staff):
        raise Forbidden
    return await asked.once(database, partial(_issue, asked=asked, review=review, reference=reference, write=write))


async def list_issued(read: Read) -> Sequence[Issued]:
    """The letters issued, the newest first."""
    columns = (letters.c.id, letters.c.number, letters.c.day, letters.c.first, letters.c.last)
    rows = await read(select(*columns).order_by(letters.c.issued_at.desc(), letters.c.id.desc()).limit(MOST_LISTED))
    return [Issued(row["id"], Reference(row["number"], row["day"]), row["first"], row["last"]) for row in rows]


async def get_issued(read: Read, vault: Vault, *, number: str = "", written_id: str = "") -> str:
    """The text of the letter of this number, in any script's digits, or id, as it was issued. Raises `NotFound`."""
    wanted = letters.c.id == parse_id(written_id) if written_id else letters.c.number == clean(digits(number)).strip()
    rows = await read(select(letters).where(wanted))
    if not rows:
        raise NotFound
    return vault.unseal("letters.content", rows[0]["id"], rows[0]["content"])


async def newest_issued(read: Read) -> Reference | None:
    """The reference of the letter issued last."""
    found = await list_issued(read)
    return found[0].reference if found else None


async def _issue(
    tx: UnitTransaction,
    *,
    asked: Asked,
    review: Review,
    reference: Reference,
    write: Callable[[Reference | None], str],
) -> dict[str, Any]:
    if await tx.rows(select(letters.c.id).where(letters.c.number == reference.number)):
        raise Invalid([FieldError("number", "taken")])
    row_id, content = new_id(), write(await newest_issued(tx.rows))
    row = {
        "id": row_id,
        "number": reference.number,
        "day": reference.day,
        "procedure": review.procedure,
        "first": review.period.first,
        "last": review.period.last,
        "at": review.at,
        "issued_by": asked.staff.id,
        "issued_at": asked.at,
    }
    tx.add(letters, {**row, "content": asked.rules.vault.seal("letters.content", row_id, content)})
    return {"id": str(row_id), "number": reference.number}
