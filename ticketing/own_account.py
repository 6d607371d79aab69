"""What everyone may do to their own account: a new password, one-time codes on and off, an end to every session.

Whoever changes a secret proves that they know the present one, and is slowed down like at the door.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import delete, select, update

from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Invalid, Unauthenticated
from ticketing.passwords import hash_password, is_password, problem_of
from ticketing.second_factor import new_secret, step_of, uri_of
from ticketing.sign_ins import record
from ticketing.staff import Staff, budget_of_name, refuse, token_hash, totp_step
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.throttle import Attempt, Budget, begin, succeed
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault, VaultError

log = structlog.get_logger()
_PENDING: Final = "staff.totp_pending"


@dataclass(frozen=True, slots=True)
class Self:
    """Somebody at their own account: who, in which session, when, from where."""

    database: Database
    vault: Vault
    member: Staff
    token: str
    at: datetime
    client: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that is not theirs yet: `ticket` carries it, sealed to the account, to `confirm_totp`."""

    ticket: str
    secret: str
    uri: str


async def change_password(me: Self, old: str, new: str) -> None:
    """Set a new password; every other session ends.

    Raises `Invalid` for `old_password` or `new_password`, `TooMany` past ten wrong guesses in an hour.
    """
    row = await _row(me)
    problem = problem_of(new, me.member.username, demonstration=me.member.demonstration)
    if problem or old == new:
        raise Invalid([FieldError("new_password", problem or "same_password")])
    proven = await _prove(me, row, old, "old_password")
    encoded = await hash_password(new)

    async def change(tx: UnitTransaction) -> None:
        await succeed(tx, proven, _owner(me))
        await tx.execute(update(staff_table).where(staff_table.c.id == me.member.id).values(password_hash=encoded))
        await _end_sessions(tx, me, but_this=True)
        record(tx, me.vault, me.member.id, "password", me.at, me.client)

    await me.database.write(change)
    log.info("password changed", account=me.member.username)


def begin_totp(me: Self, ticket: str = "") -> Enrolment:
    """A secret to set up: a fresh one, or once more that of a `ticket` handed out before."""
    secret = _secret_of(me, ticket) or new_secret()
    sealed = me.vault.seal(_PENDING, me.member.id, secret)
    return Enrolment(base64.urlsafe_b64encode(sealed).decode(), secret, uri_of(secret, me.member.username))


async def confirm_totp(me: Self, ticket: str, code: str) -> None:
    """Make the ticket's secret theirs, once a code of it is right; every other session ends.

    Raises `Invalid` for `totp`, `Conflict` where a secret is set up already (another one than this).
    """
    secret = _secret_of(me, ticket)
    row = await _row(me)
    if secret is not None and row["totp_secret"] is not None:
        if me.vault.unseal("staff.totp_secret", me.member.id, row["totp_secret"]) == secret:
            return  # the same form once more
        raise Conflict("totp_is_on")
    step = step_of(secret, code, me.at, None) if secret is not None else None
    if secret is None or step is None:
        raise Invalid([FieldError("totp", "wrong_code")])
    sealed = me.vault.seal("staff.totp_secret", me.member.id, secret)

    async def work(tx: UnitTransaction) -> None:
        free = (staff_table.c.id == me.member.id) & staff_table.c.totp_secret.is_(None)
        done = await tx.execute(update(staff_table).where(free).values(totp_secret=sealed, totp_step=step))
        if done.rowcount != 1:
            raise Conflict("totp_is_on")
        await _end_sessions(tx, me, but_this=True)
        record(tx, me.vault, me.member.id, "totp_on", me.at, me.client)

    await me.database.write(work)
    log.info("one-time codes set up", account=me.member.username)


async def turn_off_totp(me: Self, password: str, code: str) -> None:
    """Do without one-time codes from now on; where the house demands them, a new secret must be set up next.

    Raises `Invalid` for `password` (which of the two was wrong is not said), `TooMany`.
    """
    row = await _row(me)
    if row["totp_secret"] is None:
        return
    is_code = totp_step(me.vault, row, code, me.at) is not None
    proven = await _prove(me, row, password if is_code else "", "password")

    async def change(tx: UnitTransaction) -> None:
        await succeed(tx, proven, _owner(me))
        off = {"totp_secret": None, "totp_step": None}
        await tx.execute(update(staff_table).where(staff_table.c.id == me.member.id).values(**off))
        record(tx, me.vault, me.member.id, "totp_off", me.at, me.client)

    await me.database.write(change)
    log.info("one-time codes turned off", account=me.member.username)


async def sign_out_everywhere(me: Self) -> None:
    """End every session of theirs, this one too."""

    async def work(tx: UnitTransaction) -> None:
        await _end_sessions(tx, me, but_this=False)
        record(tx, me.vault, me.member.id, "ended", me.at, me.client)

    await me.database.write(work)


def _owner(me: Self) -> Budget:
    return budget_of_name(me.vault, me.member.username)


async def _prove(me: Self, row: Mapping[str, Any], password: str, field: str) -> Attempt:
    """An attempt that was right, for what it allows to settle. Raises `Invalid` for `field`, `TooMany`."""
    attempt = await me.database.write(lambda tx: begin(tx, [_owner(me)], me.at))
    if not await is_password(row["password_hash"], password):
        await me.database.write(lambda tx: refuse(tx, me.vault, me.member.id, attempt, me.at, me.client))
        raise Invalid([FieldError(field, "wrong_password")])
    return attempt


async def _row(me: Self) -> Mapping[str, Any]:
    rows = await me.database.read(select(staff_table).where(staff_table.c.id == me.member.id))
    if not rows:
        raise Unauthenticated
    return rows[0]


def _secret_of(me: Self, ticket: str) -> str | None:
    try:
        return me.vault.unseal(_PENDING, me.member.id, base64.urlsafe_b64decode(ticket.encode())) if ticket else None
    except (VaultError, binascii.Error, ValueError):
        return None


async def _end_sessions(tx: UnitTransaction, me: Self, *, but_this: bool) -> None:
    mine = sessions.c.staff_id == me.member.id
    if but_this:
        mine &= sessions.c.token_hash != token_hash(me.token)
    await tx.execute(delete(sessions).where(mine))
