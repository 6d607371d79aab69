"""The administrator's commands over an account's secrets: a password or one-time-code secret anew, or none any more.

Each ends the account's sessions and leaves a line in its history and in the log, and no secret there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog

from ticketing.accounts import CONSOLE, By, change_row, find_locked
from ticketing.database import Database
from ticketing.errors import FieldError, Invalid, NotFound
from ticketing.idempotency import Keyed, first_answer, keyed, remember
from ticketing.passwords import as_temporary, hash_password, make_password, problem_of
from ticketing.second_factor import new_secret, uri_of
from ticketing.sign_ins import record
from ticketing.staff import find_account
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

log = structlog.get_logger()


async def reset_password(
    database: Database, vault: Vault, username: str, password: str, at: datetime, by: By = CONSOLE
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


async def reset_totp(database: Database, vault: Vault, username: str, at: datetime, by: By = CONSOLE) -> str:
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
        row = await find_locked(tx, name)
        await change_row(tx, row["id"], **values)
        record(tx, vault, row["id"], outcome, at, by.client, by=by.actor)
        if request is not None:
            remember(tx, vault, request, {}, at)
        return True

    is_first = await database.write(work, [request.look_up] if request else ())
    log.info("account reset", account=name, what=outcome, by=by.actor, again=not is_first)
    return is_first
