"""Staff: who they are, how they sign in, and the administrator's commands over their accounts.

Sessions are opaque 256-bit tokens of which only a hash is kept; passwords are argon2; one-time codes are
used once. An unknown name takes as long as a wrong password.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pyotp
from sqlalchemy import delete, or_, select, update

from normalizer.phone import Phone, parse_phone
from ticketing.database import Database
from ticketing.errors import FieldError, Invalid, NotFound, Unauthenticated
from ticketing.ids import new_id
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.passwords import NOBODYS_HASH, hash_password, is_password, problem_of
from ticketing.roles import OTHERS, ROLES
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.throttle import Attempt, Budget, begin, fail, succeed
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault

SESSION: Final = timedelta(hours=12)
_USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_BODY: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_FREE_PER_NAME, _AT_ONCE_PER_NAME = 10, 20
_FREE_PER_CLIENT, _AT_ONCE_PER_CLIENT = 50, 100
_TOTP_STEP_S: Final = 30
_ISSUER: Final = "Gateway 124"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `organisation` '' is national; `body` the union or company of a self-regulation officer."""

    id: int
    username: str
    role: str
    organisation: str = NATIONAL
    body: str | None = None
    phone: str | None = None
    demonstration: bool = False


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
    """Open a session for 12 hours: its token and whose it is.

    Raises `Unauthenticated`, or `TooMany` past ten failures of a name (fifty of a client) in an hour; right passwords
    use up nothing. Whoever holds the right one-time code is not kept out by others' failures on their name.
    """
    name = username.strip().lower()
    row = await _find(database, name)
    step = _totp_step(vault, row, totp, at)
    owner, others = _budget_of_name(vault, name), _budgets_of_client(vault, client)
    budgets = others if step is not None else [owner, *others]
    attempt = await database.write(lambda tx: begin(tx, budgets, at))
    try:
        right = await is_password(row["password_hash"] if row else NOBODYS_HASH, password)
        if row is None or not right or row["disabled"] or not _second_factor(row, step, require_totp):
            raise Unauthenticated
        token = await _admit(database, row["id"], step, attempt, owner, at)
    except Unauthenticated:
        await database.write(lambda tx: fail(tx, attempt))
        raise
    return token, _staff(vault, row)


async def _admit(
    database: Database, staff_id: int, step: int | None, attempt: Attempt, owner: Budget, at: datetime
) -> str:
    token = secrets.token_urlsafe(32)

    async def work(tx: UnitTransaction) -> None:
        if step is not None:
            await _use_up(tx, staff_id, step)
        await succeed(tx, attempt, owner)
        await tx.execute(delete(sessions).where(sessions.c.expires_at <= at))
        session = {"token_hash": _token_hash(token), "staff_id": staff_id}
        tx.add(sessions, {**session, "created_at": at, "expires_at": at + SESSION})

    await database.write(work)
    return token


async def authenticate(database: Database, vault: Vault, token: str, at: datetime) -> Staff:
    """Whose session this is. Raises `Unauthenticated` where it is nobody's, over, or theirs no more."""
    mine = (sessions.c.token_hash == _token_hash(token)) & (sessions.c.expires_at > at)
    joined = select(staff_table).join(sessions, sessions.c.staff_id == staff_table.c.id)
    rows = await database.read(joined.where(mine, staff_table.c.disabled.is_(False)))
    if not rows:
        raise Unauthenticated
    return _staff(vault, rows[0])


async def logout(database: Database, token: str) -> None:
    """End a session; one that is over already is no error."""

    async def work(tx: UnitTransaction) -> None:
        await tx.execute(delete(sessions).where(sessions.c.token_hash == _token_hash(token)))

    await database.write(work)


async def add_staff(
    database: Database,
    vault: Vault,
    *,
    username: str,
    role: str,
    organisation: str = NATIONAL,
    body: str | None = None,
    phone: str | None = None,
    password: str,
    at: datetime,
    demonstration: bool = False,
) -> Staff:
    """Make an account. Raises `Invalid` naming every wrong field (`username` taken, too)."""
    name, body = username.strip().lower(), (body or "").strip().lower() or None
    number = parse_phone(phone) if phone else None
    errors = [
        *_wrong("username", not _USERNAME.fullmatch(name) or name in OTHERS, "wrong_value"),
        *_wrong("role", role not in ROLES, "not_allowed"),
        *_wrong("organisation", organisation not in ORGANISATIONS, "not_allowed"),
        *_wrong("body", body is not None and (role != "self_regulator" or not _BODY.fullmatch(body)), "not_allowed"),
        *_wrong("phone", phone and not (isinstance(number, Phone) and number.kind == "mobile"), "invalid_phone"),
    ]
    problem = problem_of(password, name, demonstration=demonstration)
    errors += _wrong("password", problem, problem or "")
    if errors:
        raise Invalid(errors)
    e164 = number.e164 if isinstance(number, Phone) else None
    member = Staff(new_id(), name, role, organisation, body, e164, demonstration)
    row = _row(vault, member, await hash_password(password), at)

    async def work(tx: UnitTransaction) -> None:
        if await tx.find(_by_name(name)):
            raise Invalid([FieldError("username", "taken")])
        tx.add(staff_table, row)

    await database.write(work, [_by_name(name)])
    return member


async def list_staff(database: Database) -> list[dict[str, Any]]:
    """Every account, by name: role, organisation, body, and whether it is disabled or has a second factor."""
    rows = await database.read(select(staff_table).order_by(staff_table.c.username))
    plain = ("username", "role", "organisation", "body", "disabled", "demonstration")
    return [{**{name: row[name] for name in plain}, "totp": row["totp_secret"] is not None} for row in rows]


async def disable_staff(database: Database, username: str) -> None:
    """Close an account; its sessions end at once. Raises `NotFound`."""
    await _change(database, username, disabled=True)


async def reset_password(database: Database, username: str, password: str) -> None:
    """Set a new password; open sessions end. Raises `NotFound`, or `Invalid` for the password."""
    row = await _find(database, username.strip().lower())
    if row is None:
        raise NotFound
    problem = problem_of(password, row["username"], demonstration=row["demonstration"])
    if problem:
        raise Invalid([FieldError("password", problem)])
    await _change(database, username, password_hash=await hash_password(password))


async def reset_totp(database: Database, vault: Vault, username: str) -> str:
    """Set a new one-time-code secret and return it as an otpauth URI; open sessions end. Raises `NotFound`."""
    row = await _find(database, username.strip().lower())
    if row is None:
        raise NotFound
    secret = pyotp.random_base32()
    sealed = vault.seal("staff.totp_secret", row["id"], secret)
    await _change(database, username, totp_secret=sealed, totp_step=None)
    return pyotp.TOTP(secret).provisioning_uri(name=row["username"], issuer_name=_ISSUER)


async def _change(database: Database, username: str, **values: Any) -> None:
    async def work(tx: UnitTransaction) -> None:
        found = await tx.find(_by_name(username.strip().lower()))
        if not found:
            raise NotFound
        staff_id = found[0]["id"]
        await tx.execute(update(staff_table).where(staff_table.c.id == staff_id).values(**values))
        await tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id))

    await database.write(work)


async def _find(database: Database, name: str) -> Mapping[str, Any] | None:
    if not _USERNAME.fullmatch(name):
        return None
    rows = await database.read(_by_name(name).statement())
    return rows[0] if rows else None


def _by_name(name: str) -> LookUp:
    return LookUp(staff_table, ("username",), (name,))


def _budget_of_name(vault: Vault, name: str) -> Budget:
    return Budget("login", vault.index("login_name", name), _FREE_PER_NAME, _AT_ONCE_PER_NAME)


def _budgets_of_client(vault: Vault, client: str) -> list[Budget]:
    """None where nobody knows who is calling."""
    index = vault.index("login_client", client)
    return [Budget("login", index, _FREE_PER_CLIENT, _AT_ONCE_PER_CLIENT)] if client else []


def _totp_step(vault: Vault, row: Mapping[str, Any] | None, totp: str | None, at: datetime) -> int | None:
    """The time-step a right and unused one-time code belongs to; one step of clock difference either way."""
    if row is None or row["totp_secret"] is None or not totp:
        return None
    code = pyotp.TOTP(vault.unseal("staff.totp_secret", row["id"], row["totp_secret"]))
    now = int(at.timestamp()) // _TOTP_STEP_S
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(code.generate_otp(step).encode(), totp.strip().encode("utf-8", "surrogatepass")):
            return step if row["totp_step"] is None or step > row["totp_step"] else None
    return None


def _second_factor(row: Mapping[str, Any], step: int | None, require_totp: bool) -> bool:
    return step is not None or (row["totp_secret"] is None and not require_totp)


async def _use_up(tx: UnitTransaction, staff_id: int, step: int) -> None:
    unused = or_(staff_table.c.totp_step.is_(None), staff_table.c.totp_step < step)
    mine = (staff_table.c.id == staff_id) & unused
    done = await tx.execute(update(staff_table).where(mine).values(totp_step=step))
    if done.rowcount != 1:
        raise Unauthenticated


def _wrong(field: str, is_wrong: object, code: str) -> list[FieldError]:
    return [FieldError(field, code)] if is_wrong else []


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _row(vault: Vault, member: Staff, password_hash: str, at: datetime) -> dict[str, Any]:
    return {
        "id": member.id,
        "username": member.username,
        "role": member.role,
        "organisation": member.organisation,
        "body": member.body,
        "phone": vault.seal("staff.phone", member.id, member.phone) if member.phone else None,
        "password_hash": password_hash,
        "demonstration": member.demonstration,
        "created_at": at,
    }


def _staff(vault: Vault, row: Mapping[str, Any]) -> Staff:
    phone = vault.unseal("staff.phone", row["id"], row["phone"]) if row["phone"] else None
    named = {name: row[name] for name in ("id", "username", "role", "organisation", "body", "demonstration")}
    return Staff(**named, phone=phone)
