"""Staff: who they are, and how they sign in and out.

Sessions are opaque 256-bit tokens of which only a hash is kept; passwords are argon2; one-time codes are
used once. An unknown name takes as long as a wrong password. Making and changing accounts is for `accounts`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, or_, select, update

from ticketing.database import Database
from ticketing.errors import TooMany, Unauthenticated
from ticketing.organisations import NATIONAL
from ticketing.passwords import NOBODYS_HASH, is_password, is_temporary
from ticketing.second_factor import step_of
from ticketing.sign_ins import record, record_wait
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.throttle import Attempt, Budget, begin, fail, succeed
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault

SESSION: Final = timedelta(hours=12)
USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_FREE_PER_NAME, _AT_ONCE_PER_NAME = 10, 20
_FREE_PER_CLIENT, _AT_ONCE_PER_CLIENT = 50, 100


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `organisation` '' is national; `body` the union or company of a self-regulation officer.

    `has_temporary_password`: somebody else chose it; `has_totp`: a one-time-code secret is set up.
    """

    id: int
    username: str
    role: str
    organisation: str = NATIONAL
    body: str | None = None
    phone: str | None = None
    demonstration: bool = False
    has_temporary_password: bool = False
    has_totp: bool = False

    def owes(self, *, require_totp: bool) -> str | None:
        """What they must set up before anything else is open to them: `password`, `totp` or nothing."""
        if self.has_temporary_password:
            return "password"
        return "totp" if require_totp and not self.has_totp else None


async def login(
    database: Database,
    vault: Vault,
    username: str,
    password: str,
    totp: str | None,
    at: datetime,
    require_totp: bool,
    *,
    client: str = "",
) -> tuple[str, Staff]:
    """Open a session for 12 hours: its token and whose it is. However it ends, the history tells.

    With `require_totp`, who has no one-time-code secret is refused. Raises `Unauthenticated`, or `TooMany` past ten
    failures of a name (fifty of a client) in an hour; right passwords use up nothing. Whoever holds the right one-time
    code is not kept out by others' failures on their name.
    """
    row = await find_account(database, username)
    step = totp_step(vault, row, totp, at)
    owner, others = budget_of_name(vault, username.strip().lower()), _budgets_of_client(vault, client)
    budgets = others if step is not None else [owner, *others]
    staff_id = row["id"] if row else None
    try:
        attempt = await database.write(lambda tx: begin(tx, budgets, at))
    except TooMany:
        await record_wait(database, vault, staff_id, at, client)
        raise
    try:
        right = await is_password(row["password_hash"] if row else NOBODYS_HASH, password)
        if row is None or not right or row["disabled"] or not _second_factor(row, step, require_totp):
            raise Unauthenticated
        token = await _admit(database, vault, _Admission(row["id"], step, attempt, owner, at, client))
    except Unauthenticated:
        await database.write(lambda tx: refuse(tx, vault, staff_id, attempt, at, client))
        raise
    return token, staff_from(vault, row)


@dataclass(frozen=True, slots=True)
class _Admission:
    staff_id: int
    step: int | None
    attempt: Attempt
    owner: Budget
    at: datetime
    client: str


async def _admit(database: Database, vault: Vault, admission: _Admission) -> str:
    token, at = secrets.token_urlsafe(32), admission.at

    async def work(tx: UnitTransaction) -> None:
        if admission.step is not None:
            await use_up(tx, admission.staff_id, admission.step)
        await succeed(tx, admission.attempt, admission.owner)
        await tx.execute(delete(sessions).where(sessions.c.expires_at <= at))
        session = {"token_hash": token_hash(token), "staff_id": admission.staff_id}
        tx.add(sessions, {**session, "created_at": at, "expires_at": at + SESSION})
        record(tx, vault, admission.staff_id, "in", at, admission.client)

    await database.write(work)
    return token


async def refuse(
    tx: UnitTransaction, vault: Vault, staff_id: int | None, attempt: Attempt, at: datetime, client: str
) -> None:
    """An attempt at somebody's secrets failed: it counts, and the history tells."""
    await fail(tx, attempt)
    record(tx, vault, staff_id, "refused", at, client)


async def authenticate(database: Database, vault: Vault, token: str, at: datetime) -> Staff:
    """Whose session this is. Raises `Unauthenticated` where it is nobody's, over, or theirs no more."""
    mine = (sessions.c.token_hash == token_hash(token)) & (sessions.c.expires_at > at)
    joined = select(staff_table).join(sessions, sessions.c.staff_id == staff_table.c.id)
    rows = await database.read(joined.where(mine, staff_table.c.disabled.is_(False)))
    if not rows:
        raise Unauthenticated
    return staff_from(vault, rows[0])


async def logout(database: Database, vault: Vault, token: str, at: datetime, *, client: str = "") -> None:
    """End a session; one that is over already is no error."""
    mine = sessions.c.token_hash == token_hash(token)

    async def work(tx: UnitTransaction) -> None:
        rows = await tx.rows(select(sessions.c.staff_id).where(mine))
        if rows:
            await tx.execute(delete(sessions).where(mine))
            record(tx, vault, rows[0]["staff_id"], "out", at, client)

    await database.write(work)


async def find_account(database: Database, username: str) -> Mapping[str, Any] | None:
    """The row of an account by the name somebody typed, or None."""
    name = username.strip().lower()
    if not USERNAME.fullmatch(name):
        return None
    rows = await database.read(by_name(name).statement())
    return rows[0] if rows else None


def by_name(name: str) -> LookUp:
    """The look-up of an account by its name, in lower case."""
    return LookUp(staff_table, ("username",), (name,))


def budget_of_name(vault: Vault, name: str) -> Budget:
    """How often somebody may be wrong about the secrets of one account."""
    return Budget("login", vault.index("login_name", name), _FREE_PER_NAME, _AT_ONCE_PER_NAME)


def _budgets_of_client(vault: Vault, client: str) -> list[Budget]:
    """None where nobody knows who is calling."""
    index = vault.index("login_client", client)
    return [Budget("login", index, _FREE_PER_CLIENT, _AT_ONCE_PER_CLIENT)] if client else []


def totp_step(vault: Vault, row: Mapping[str, Any] | None, totp: str | None, at: datetime) -> int | None:
    """The time-step of an account's right and unused one-time code; None where it is not, or there is no secret."""
    if row is None or row["totp_secret"] is None or not totp:
        return None
    return step_of(vault.unseal("staff.totp_secret", row["id"], row["totp_secret"]), totp, at, row["totp_step"])


def _second_factor(row: Mapping[str, Any], step: int | None, require_totp: bool) -> bool:
    return step is not None or (row["totp_secret"] is None and not require_totp)


async def use_up(tx: UnitTransaction, staff_id: int, step: int) -> None:
    """Mark a time-step used, and all before it. Raises `Unauthenticated` where somebody was first."""
    unused = or_(staff_table.c.totp_step.is_(None), staff_table.c.totp_step < step)
    mine = (staff_table.c.id == staff_id) & unused
    done = await tx.execute(update(staff_table).where(mine).values(totp_step=step))
    if done.rowcount != 1:
        raise Unauthenticated


def token_hash(token: str) -> bytes:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def staff_from(vault: Vault, row: Mapping[str, Any]) -> Staff:
    """The member of staff of a row, their phone opened."""
    phone = vault.unseal("staff.phone", row["id"], row["phone"]) if row["phone"] else None
    named = {name: row[name] for name in ("id", "username", "role", "organisation", "body", "demonstration")}
    return Staff(
        **named,
        phone=phone,
        has_temporary_password=is_temporary(row["password_hash"]),
        has_totp=row["totp_secret"] is not None,
    )
