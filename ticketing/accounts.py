"""The administrator's commands over accounts: make, list, disable, enable, and set secrets anew.

Every change ends the account's sessions and leaves a line in the log that names who did what to whom, and no secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import delete, select, update

from normalizer.phone import Phone, parse_phone
from normalizer.text import digits
from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Invalid, NotFound
from ticketing.idempotency import Keyed, first_answer, keyed, remember
from ticketing.ids import new_id
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.passwords import as_temporary, hash_password, make_password, problem_of
from ticketing.roles import OTHERS, ROLES
from ticketing.second_factor import new_secret, uri_of
from ticketing.sign_ins import record
from ticketing.staff import USERNAME, Staff, by_name, find_account
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

log = structlog.get_logger()
COMMAND_LINE: Final = "command line"
_BODY: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_EXTENSION: Final = re.compile(r"[0-9]{1,16}")
_PLAIN: Final = ("username", "role", "organisation", "body", "extension", "disabled", "demonstration", "created_at")


@dataclass(frozen=True, slots=True)
class By:
    """Who changes an account, from where; `key` is a form's id, so that a form sent twice is done once."""

    actor: str = COMMAND_LINE
    client: str = ""
    key: str = ""


_CONSOLE: Final = By()


async def add_staff(
    database: Database,
    vault: Vault,
    *,
    username: str,
    role: str,
    organisation: str = NATIONAL,
    body: str | None = None,
    phone: str | None = None,
    extension: str | None = None,
    password: str,
    at: datetime,
    demonstration: bool = False,
    temporary: bool = False,
    by: By = _CONSOLE,
) -> Staff:
    """Make an account; a `temporary` password must be changed at the first sign-in.

    Raises `Invalid` naming every wrong field (`username` or `extension` taken, too).
    """
    name, body = username.strip().lower(), (body or "").strip().lower() or None
    number, desk_phone = parse_phone(phone) if phone else None, digits(extension or "").strip() or None
    errors = [
        *_wrong("username", not USERNAME.fullmatch(name) or name in OTHERS, "wrong_value"),
        *_wrong("role", role not in ROLES, "not_allowed"),
        *_wrong("organisation", organisation not in ORGANISATIONS, "not_allowed"),
        *_wrong("body", body is not None and (role != "self_regulator" or not _BODY.fullmatch(body)), "not_allowed"),
        *_wrong("phone", phone and not (isinstance(number, Phone) and number.kind == "mobile"), "invalid_phone"),
        *_wrong("extension", desk_phone is not None and not _EXTENSION.fullmatch(desk_phone), "wrong_value"),
    ]
    problem = problem_of(password, name, demonstration=demonstration)
    errors += _wrong("password", problem, problem or "")
    if errors:
        raise Invalid(errors)
    e164 = number.e164 if isinstance(number, Phone) else None
    member = Staff(new_id(), name, role, organisation, body, e164, demonstration, temporary)
    encoded = await hash_password(password)
    row = _row(vault, member, as_temporary(encoded) if temporary else encoded, at) | {"extension": desk_phone}

    async def work(tx: UnitTransaction) -> None:
        if await tx.find(by_name(name)):
            raise Invalid([FieldError("username", "taken")])
        if desk_phone and await tx.rows(select(staff_table.c.id).where(staff_table.c.extension == desk_phone)):
            raise Invalid([FieldError("extension", "taken")])
        tx.add(staff_table, row)

    await database.write(work, [by_name(name)])
    log.info("account made", account=name, role=role, organisation=organisation, by=by.actor)
    return member


async def list_staff(database: Database) -> list[dict[str, Any]]:
    """Every account, by name: role, organisation, body, and whether it is disabled or has a second factor."""
    rows = await database.read(select(staff_table).order_by(staff_table.c.username))
    return [_told(row) for row in rows]


async def get_account(database: Database, vault: Vault, username: str) -> dict[str, Any]:
    """One account as `list_staff` tells of it, with its `id` and `phone`. Raises `NotFound`."""
    row = await find_account(database, username)
    if row is None:
        raise NotFound
    phone = vault.unseal("staff.phone", row["id"], row["phone"]) if row["phone"] else None
    return {**_told(row), "id": row["id"], "phone": phone}


async def disable_staff(database: Database, username: str, by: By = _CONSOLE) -> None:
    """Close an account; its sessions end at once. Raises `NotFound`, `Conflict` for the last administrator."""

    async def work(tx: UnitTransaction) -> None:
        row = await _account(tx, username)
        if row["role"] == "admin" and not row["disabled"]:
            # Locked, so that two administrators who disable each other at the same moment do not both succeed.
            enabled = (staff_table.c.role == "admin") & staff_table.c.disabled.is_(False)
            if len(await tx.rows(select(staff_table.c.id).where(enabled).with_for_update())) <= 1:
                raise Conflict("last_admin")
        await _change(tx, row["id"], disabled=True)

    await database.write(work)
    log.info("account disabled", account=username, by=by.actor)


async def enable_staff(database: Database, username: str, by: By = _CONSOLE) -> None:
    """Open a closed account again, its secrets as they were. Raises `NotFound`."""

    async def work(tx: UnitTransaction) -> None:
        row = await _account(tx, username)
        if row["disabled"]:
            await _change(tx, row["id"], disabled=False)

    await database.write(work)
    log.info("account enabled", account=username, by=by.actor)


async def reset_password(
    database: Database, vault: Vault, username: str, password: str, at: datetime, by: By = _CONSOLE
) -> None:
    """Set a password of the administrator's choice; open sessions end. Raises `NotFound`, `Invalid`."""
    row = await find_account(database, username)
    if row is None:
        raise NotFound
    problem = problem_of(password, row["username"], demonstration=row["demonstration"])
    if problem:
        raise Invalid([FieldError("password", problem)])
    encoded = await hash_password(password)
    await _reset(database, vault, username, "reset", at, by, password_hash=encoded)


async def give_temporary_password(database: Database, vault: Vault, username: str, at: datetime, by: By) -> str | None:
    """Set a password to hand over, which must be changed at the next sign-in; open sessions end.

    None where the same form was done before: it was shown then, and is shown once. Raises `NotFound`.
    """
    password = make_password()
    encoded = as_temporary(await hash_password(password))
    is_first = await _reset(database, vault, username, "reset", at, by, password_hash=encoded)
    return password if is_first else None


async def reset_totp(database: Database, vault: Vault, username: str, at: datetime, by: By = _CONSOLE) -> str:
    """Set a new one-time-code secret and return it as an otpauth URI; open sessions end. Raises `NotFound`."""
    row = await find_account(database, username)
    if row is None:
        raise NotFound
    secret = new_secret()
    sealed = vault.seal("staff.totp_secret", row["id"], secret)
    await _reset(database, vault, username, "totp_on", at, by, totp_secret=sealed, totp_step=None)
    return uri_of(secret, row["username"])


async def remove_totp(database: Database, vault: Vault, username: str, at: datetime, by: By) -> None:
    """Take a lost one-time-code secret away, to be set up anew by its owner; sessions end. Raises `NotFound`."""
    await _reset(database, vault, username, "totp_off", at, by, totp_secret=None, totp_step=None)


async def _reset(
    database: Database, vault: Vault, username: str, outcome: str, at: datetime, by: By, **values: Any
) -> bool:
    """Set secrets; False, changing nothing, where the same form was done before."""
    name = username.strip().lower()
    request: Keyed | None = keyed(vault, f"accounts/{name}/{outcome}", by.key, b"") if by.key else None

    async def work(tx: UnitTransaction) -> bool:
        if request is not None and await first_answer(tx, vault, request) is not None:
            return False
        row = await _account(tx, name)
        await _change(tx, row["id"], **values)
        record(tx, vault, row["id"], outcome, at, by.client)
        if request is not None:
            remember(tx, vault, request, {}, at)
        return True

    is_first = await database.write(work, [request.look_up] if request else ())
    log.info("account reset", account=name, what=outcome, by=by.actor, again=not is_first)
    return is_first


async def _account(tx: UnitTransaction, username: str) -> Mapping[str, Any]:
    found = await tx.find(by_name(username.strip().lower()))
    if not found:
        raise NotFound
    return found[0]


async def _change(tx: UnitTransaction, staff_id: int, **values: Any) -> None:
    await tx.execute(update(staff_table).where(staff_table.c.id == staff_id).values(**values))
    await tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in _PLAIN}, "totp": row["totp_secret"] is not None}


def _wrong(field: str, is_wrong: object, code: str) -> list[FieldError]:
    return [FieldError(field, code)] if is_wrong else []


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
