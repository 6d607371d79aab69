"""An account's history: who came, was refused, had to wait or left, and who changed what of it, when and from where.

Addresses and what changed are sealed, and names that are nobody's are not kept at all. Waiting is written down once a
minute for an account, so that a storm of attempts fills no table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from ticketing.database import Database
from ticketing.desk_tables import sign_ins
from ticketing.ids import new_id
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

COMING: Final = ("in", "refused", "throttled", "out", "ended")
"""`out` ends one session, `ended` all of them."""
CHANGES: Final = ("password", "reset", "totp_on", "totp_off", "made", "changed", "disabled", "enabled")
"""`password` was changed by its owner, `reset` by an administrator."""
OUTCOMES: Final = (*COMING, *CHANGES)
_ONE_WAIT: Final = timedelta(minutes=1)
_LONGEST_CLIENT: Final = 64
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the history; `client` is the address it came from, "" where nobody knows.

    `by` is who changed somebody else's account, "" where it was its owner; `changes` names what of it, as (before,
    after), and the tracking codes of what went back with it under `freed` and `returned`.
    """

    outcome: str
    at: datetime
    client: str
    by: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


def record(
    tx: UnitTransaction,
    vault: Vault,
    staff_id: int | None,
    outcome: str,
    at: datetime,
    client: str,
    *,
    by: str = "",
    changes: Mapping[str, Any] = _NOTHING,
) -> None:
    """Write one line; durable with the unit. `staff_id` None is a name that is nobody's."""
    row_id, told = new_id(), client[:_LONGEST_CLIENT]
    if by or changes:
        told = json.dumps({"client": told, "by": by, "changes": dict(changes)})
    sealed = vault.seal("sign_ins.client", row_id, told) if told else None
    tx.add(sign_ins, {"id": row_id, "staff_id": staff_id, "outcome": outcome, "client": sealed, "at": at})


async def record_wait(database: Database, vault: Vault, staff_id: int | None, at: datetime, client: str) -> None:
    """Write down that an account's sign-in had to wait, unless that was just written; nothing for nobody's name."""
    if staff_id is None:
        return

    async def work(tx: UnitTransaction) -> None:
        just = (sign_ins.c.staff_id == staff_id) & (sign_ins.c.at > at - _ONE_WAIT)
        if not await tx.rows(select(sign_ins.c.id).where(just, sign_ins.c.outcome == "throttled").limit(1)):
            record(tx, vault, staff_id, "throttled", at, client)

    await database.write(work)


async def list_sign_ins(database: Database, vault: Vault, staff_id: int, limit: int) -> list[SignIn]:
    """The last `limit` lines of one account, newest first."""
    mine = select(sign_ins).where(sign_ins.c.staff_id == staff_id)
    rows = await database.read(mine.order_by(sign_ins.c.at.desc(), sign_ins.c.id.desc()).limit(limit))
    return [SignIn(row["outcome"], row["at"], **_told(vault, row)) for row in rows]


def _told(vault: Vault, row: Mapping[str, Any]) -> dict[str, Any]:
    """An address alone, or JSON where somebody changed the account; no address begins with a brace."""
    told = vault.unseal("sign_ins.client", row["id"], row["client"]) if row["client"] else ""
    return dict(json.loads(told)) if told.startswith("{") else {"client": told}
