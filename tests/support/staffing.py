"""Members of staff as the administrator's command makes them, but with a password that is cheap to check.

A password's real hash takes a fifth of a second and 64 MiB, on purpose; hundreds of tests need somebody who can sign in
and are not about that. The hash says itself how dear it is, so signing in is the real thing, and quick.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import update

from normalizer.phone import Phone, parse_phone
from ticketing.database import Database
from ticketing.ids import new_id
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

PASSWORD = "a long enough pass phrase"
Login = Callable[..., Any]
"""How a member of staff signs in, in tests of that."""


@cache
def _cheap_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def employ(
    database: Database,
    vault: Vault,
    at: datetime,
    username: str,
    role: str,
    *,
    organisation: str = "",
    body: str | None = None,
    phone: str | None = None,
    extension: str | None = None,
) -> Staff:
    """An account with `PASSWORD`. What is given is taken as it is: wrong values are for tests of `add_staff`."""
    number = parse_phone(phone) if phone else None
    mobile = number.e164 if isinstance(number, Phone) else None
    member = Staff(new_id(), username, role, organisation, body, mobile)
    row = {
        "id": member.id,
        "username": username,
        "role": role,
        "organisation": organisation,
        "body": body,
        "phone": vault.seal("staff.phone", member.id, mobile) if mobile else None,
        "extension": extension,
        "password_hash": _cheap_hash(),
        "created_at": at,
    }

    async def work(tx: UnitTransaction) -> None:
        tx.add(staff_table, row)

    await database.write(work)
    return member


async def cheapen(database: Database, member: Staff) -> None:
    """From now on the member's password is `PASSWORD`, and cheap to check."""

    async def work(tx: UnitTransaction) -> None:
        await tx.execute(update(staff_table).where(staff_table.c.id == member.id).values(password_hash=_cheap_hash()))

    await database.write(work)
