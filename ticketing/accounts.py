"""The administrator's commands over accounts: make, list, change, disable, enable. Their secrets are for `resetting`.

Every change leaves a line in the account's history and in the log that names who did what to whom, and no secret. All
but a change of a telephone end the account's sessions; what somebody may not work on any more goes back (`letting_go`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import delete, select, update

from sms.outbox import masked
from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Invalid, NotFound
from ticketing.extensions import refuse_taken
from ticketing.ids import new_id
from ticketing.letting_go import LetGo, foresee, let_go
from ticketing.organisations import NATIONAL
from ticketing.passwords import as_temporary, hash_password, problem_of
from ticketing.profiles import Profile, profile_of, read_profile
from ticketing.retrying import retried
from ticketing.roles import OTHERS
from ticketing.rules import Rules
from ticketing.sign_ins import record
from ticketing.staff import USERNAME, Staff, by_name, find_account, staff_from
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

log = structlog.get_logger()
COMMAND_LINE: Final = "command line"
_PLAIN: Final = ("username", "role", "organisation", "body", "extension", "disabled", "demonstration", "created_at")


@dataclass(frozen=True, slots=True)
class By:
    """Who changes an account, from where; `key` is a form's id, so that a form sent twice is done once."""

    actor: str = COMMAND_LINE
    client: str = ""
    key: str = ""


CONSOLE: Final = By()


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
    encoded: str | None = None,
    at: datetime,
    demonstration: bool = False,
    temporary: bool = False,
    by: By = CONSOLE,
) -> Staff:
    """Make an account; a `temporary` password must be changed at the first sign-in.

    `encoded` is the hash of a password that many are given, made once.

    Raises `Invalid` naming every wrong field (`username` or `extension` taken, too).
    """
    name = username.strip().lower()
    said = {"role": role, "organisation": organisation, "body": body, "phone": phone, "extension": extension}
    profile = _checked(name, said, problem_of(password, name, demonstration=demonstration))
    seen = (profile.role, profile.organisation, profile.body, profile.phone)
    member = Staff(new_id(), name, *seen, demonstration, temporary)
    encoded = encoded or await hash_password(password)
    row = {
        "id": member.id,
        "username": name,
        **_sealed(vault, member.id, profile),
        "password_hash": as_temporary(encoded) if temporary else encoded,
        "demonstration": demonstration,
        "created_at": at,
    }

    async def work(tx: UnitTransaction) -> None:
        if await tx.find(by_name(name)):
            raise Invalid([FieldError("username", "taken")])
        await refuse_taken(tx, profile.extension, member.id)
        tx.add(staff_table, row)
        record(tx, vault, member.id, "made", at, by.client, by=by.actor)

    await database.write(work, [by_name(name)])
    log.info("account made", account=name, role=role, organisation=organisation, by=by.actor)
    return member


def _checked(name: str, said: Mapping[str, Any], wrong_password: str | None) -> Profile:
    errors: list[FieldError] = []
    if not USERNAME.fullmatch(name) or name in OTHERS:
        errors.append(FieldError("username", "wrong_value"))
    profile = None
    try:
        profile = read_profile(said)
    except Invalid as refusal:
        errors += refusal.errors
    if wrong_password:
        errors.append(FieldError("password", wrong_password))
    if errors or profile is None:
        raise Invalid(errors)
    return profile


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


async def change_staff(
    database: Database,
    rules: Rules,
    username: str,
    wanted: Profile,
    at: datetime,
    by: By = CONSOLE,
    *,
    seen: str | None = None,
) -> LetGo:
    """Make an account's profile `wanted`, and give back what is not theirs to work on any more: its codes.

    `seen` is the version of the profile the change was made on. Sessions end unless only telephones change. The same
    profile is no change. Raises `NotFound`; `Conflict` (`stale_version`) where somebody changed it since `seen`;
    `Invalid` for an `extension` that is taken, and for the `role` of the last administrator, or of one's own.
    """

    async def work(tx: UnitTransaction) -> LetGo:
        row = await find_locked(tx, username)
        before = profile_of(rules.vault, row)
        if before == wanted:
            return LetGo()
        if seen not in (None, before.version):
            raise Conflict("stale_version")
        await _check_role(tx, row, wanted, by)
        await refuse_taken(tx, wanted.extension, row["id"])
        values = _sealed(rules.vault, row["id"], wanted)
        went = LetGo()
        if before.sees_as(wanted):
            await tx.execute(update(staff_table).where(staff_table.c.id == row["id"]).values(**values))
        else:
            member = staff_from(rules.vault, row)
            went = await let_go(tx, rules, member, _as(member, wanted, row), by.actor, at)
            await change_row(tx, row["id"], **values)
        told = {**_differences(before, wanted), **_went(went)}
        record(tx, rules.vault, row["id"], "changed", at, by.client, by=by.actor, changes=told)
        return went

    went = await retried(database, work)
    log.info("account changed", account=username, by=by.actor, freed=len(went.freed), returned=len(went.returned))
    return went


async def foresee_change(database: Database, rules: Rules, username: str, wanted: Profile | None) -> LetGo:
    """What would go back if the profile became `wanted`, or with None if the account were closed. Raises `NotFound`."""
    row = await find_account(database, username)
    if row is None:
        raise NotFound
    if wanted is not None and profile_of(rules.vault, row).sees_as(wanted):
        return LetGo()
    after = _as(staff_from(rules.vault, row), wanted, row) if wanted else None
    return await foresee(database.read, rules, row["id"], after)


async def disable_staff(database: Database, rules: Rules, username: str, at: datetime, by: By = CONSOLE) -> LetGo:
    """Close an account; its sessions end at once, and what it had in hand goes back, its telephone too.

    Again changes nothing. Raises `NotFound`, `Conflict` for the last administrator.
    """

    async def work(tx: UnitTransaction) -> LetGo:
        row = await find_locked(tx, username)
        if row["disabled"]:
            return LetGo()
        if await _is_last_admin(tx, row):
            raise Conflict("last_admin")
        await change_row(tx, row["id"], disabled=True, extension=None)
        went = await let_go(tx, rules, staff_from(rules.vault, row), None, by.actor, at)
        told = {"extension": [row["extension"], None]} if row["extension"] else {}
        record(tx, rules.vault, row["id"], "disabled", at, by.client, by=by.actor, changes={**told, **_went(went)})
        return went

    went = await retried(database, work)
    log.info("account disabled", account=username, by=by.actor, freed=len(went.freed), returned=len(went.returned))
    return went


async def enable_staff(database: Database, vault: Vault, username: str, at: datetime, by: By = CONSOLE) -> None:
    """Open a closed account again, its secrets as they were. Raises `NotFound`."""

    async def work(tx: UnitTransaction) -> None:
        row = await find_locked(tx, username)
        if row["disabled"]:
            await change_row(tx, row["id"], disabled=False)
            record(tx, vault, row["id"], "enabled", at, by.client, by=by.actor)

    await database.write(work)
    log.info("account enabled", account=username, by=by.actor)


async def find_locked(tx: UnitTransaction, username: str) -> Mapping[str, Any]:
    """An account's row, which nobody else changes until this unit ends. Raises `NotFound`."""
    name = username.strip().lower()
    found = await tx.rows(select(staff_table).where(staff_table.c.username == name).with_for_update())
    if not found:
        raise NotFound
    return found[0]


async def change_row(tx: UnitTransaction, staff_id: int, **values: Any) -> None:
    """Change an account's row and end its sessions."""
    await tx.execute(update(staff_table).where(staff_table.c.id == staff_id).values(**values))
    await tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id))


async def _check_role(tx: UnitTransaction, row: Mapping[str, Any], wanted: Profile, by: By) -> None:
    """Nobody takes the administrator's role from themselves, nor anybody from the last one."""
    if row["role"] != "admin" or wanted.role == "admin":
        return
    if row["username"] == by.actor:
        raise Invalid([FieldError("role", "own_role")])
    if await _is_last_admin(tx, row):
        raise Invalid([FieldError("role", "last_admin")])


async def _is_last_admin(tx: UnitTransaction, row: Mapping[str, Any]) -> bool:
    if row["role"] != "admin" or row["disabled"]:
        return False
    # Locked, so that two administrators who disable each other at the same moment do not both succeed.
    enabled = (staff_table.c.role == "admin") & staff_table.c.disabled.is_(False)
    return len(await tx.rows(select(staff_table.c.id).where(enabled).with_for_update())) <= 1


def _as(member: Staff, profile: Profile, row: Mapping[str, Any]) -> Staff | None:
    """The member as they will be; None while the account is closed."""
    if row["disabled"]:
        return None
    return replace(member, role=profile.role, organisation=profile.organisation, body=profile.body)


def _differences(before: Profile, after: Profile) -> dict[str, list[str | None]]:
    """What changed, as (before, after); of a phone its last digits."""
    pairs = ((name, value, getattr(after, name)) for name, value in asdict(before).items())
    return {name: [_shown(name, each) for each in (was, now)] for name, was, now in pairs if was != now}


def _shown(name: str, value: str | None) -> str | None:
    return masked("sms", value) if name == "phone" and value else value


def _went(went: LetGo) -> dict[str, list[str]]:
    return {name: list(codes) for name, codes in asdict(went).items() if codes}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in _PLAIN}, "totp": row["totp_secret"] is not None}


def _sealed(vault: Vault, staff_id: int, profile: Profile) -> dict[str, Any]:
    return {**asdict(profile), "phone": vault.seal("staff.phone", staff_id, profile.phone) if profile.phone else None}
