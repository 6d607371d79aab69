"""Calls no ticket came of: a question answered, a wrong number, somebody sent on elsewhere. No figure counts them.

Each is kept once, with its operator, the exchange's id and the moment; what the form held, the number too, is sealed.
For a moment it can be undone; after that it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from normalizer.phone import Phone, parse_phone
from ticketing.database import Database
from ticketing.desk_tables import logged_calls
from ticketing.drafts import draft_of, put_back
from ticketing.errors import FieldError, Invalid, KeyReused, NotFound
from ticketing.ids import new_id
from ticketing.organisations import NATIONAL
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault

OUTCOMES: Final = ("answered", "wrong_number", "cut_off", "to_111", "to_128", "to_110")
"""Why no ticket came of a call, in the order of their keys. 111 and 128 are for complaints about offices."""
UNDONE_WITHIN: Final = timedelta(minutes=2)
_SHOWN_FOR: Final = timedelta(days=30)
_MOST: Final = 5
_COLUMN: Final = "logged_calls.said"


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A call without a ticket: why, and when."""

    outcome: str
    at: datetime


async def log_call(
    database: Database,
    vault: Vault,
    member: Staff,
    form_id: str,
    outcome: str,
    said: Mapping[str, str],
    at: datetime,
    *,
    call_id: str | None = None,
    filed_as: Sequence[LookUp] = (),
) -> LoggedCall:
    """Keep a call under its form's id; a form that is logged already stays as it was. `said` is the form, by field.

    `filed_as` are the look-ups that find what the form has become. Raises `Invalid` for an unknown outcome, `KeyReused`
    where it has become a report.
    """
    if outcome not in OUTCOMES:
        raise Invalid([FieldError("outcome", "not_allowed")])
    known = logged_as(member.id, form_id)

    async def work(tx: UnitTransaction) -> LoggedCall:
        for row in await tx.find(known):
            return LoggedCall(row["outcome"], row["at"])
        for each in filed_as:
            if await tx.find(each):
                raise KeyReused
        row_id = new_id()
        row = {"id": row_id, "staff_id": member.id, "form_id": form_id, "outcome": outcome, "at": at}
        kept = {
            "call_id": call_id,
            "caller_index": _caller(vault, said.get("phone", "")),
            "said": vault.seal(_COLUMN, row_id, json.dumps(dict(said), ensure_ascii=False)),
        }
        tx.add(logged_calls, {**row, **kept})
        return LoggedCall(outcome, at)

    return await database.write(work, [known, *filed_as])


def logged_as(staff_id: int, form_id: str) -> LookUp:
    """What finds the call a form has been logged as."""
    return LookUp(logged_calls, ("staff_id", "form_id"), (staff_id, form_id))


async def find_logged(database: Database, member: Staff, form_id: str, at: datetime) -> LoggedCall | None:
    """This member's call by its form, while it can still be undone."""
    rows = await database.read(select(logged_calls).where(_undoable(member, form_id, at)))
    return LoggedCall(rows[0]["outcome"], rows[0]["at"]) if rows else None


async def undo(database: Database, vault: Vault, member: Staff, form_id: str, at: datetime, draft_kind: str) -> None:
    """Forget a call that was logged a moment ago; its form is a draft of `draft_kind` again, in the same unit.

    Again is no error while that draft lies there. Raises `NotFound` where it is too late.
    """

    async def work(tx: UnitTransaction) -> None:
        logged = await tx.find(logged_as(member.id, form_id))
        if not logged and await tx.find(draft_of(member.id, draft_kind, form_id)):
            return
        if not logged or logged[0]["at"] <= at - UNDONE_WITHIN:
            raise NotFound
        row = logged[0]
        await tx.execute(delete(logged_calls).where(logged_calls.c.id == row["id"]))
        said: dict[str, str] = json.loads(vault.unseal(_COLUMN, row["id"], row["said"]))
        await put_back(tx, vault, member.id, draft_kind, form_id, said, at)

    await database.write(work)


async def logged_calls_of(
    database: Database, vault: Vault, member: Staff, phone: str, at: datetime
) -> list[LoggedCall]:
    """The caller's calls without a ticket in the last 30 days, newest first, as far as one's organisation took them."""
    caller = _caller(vault, phone)
    if caller is None:
        return []
    wanted = (logged_calls.c.caller_index == caller) & (logged_calls.c.at > at - _SHOWN_FOR) & _near(member)
    found = select(logged_calls.c.outcome, logged_calls.c.at).where(wanted)
    rows = await database.read(found.order_by(logged_calls.c.at.desc()).limit(_MOST))
    return [LoggedCall(row["outcome"], row["at"]) for row in rows]


def _undoable(member: Staff, form_id: str, at: datetime) -> ColumnElement[bool]:
    theirs = (logged_calls.c.staff_id == member.id) & (logged_calls.c.form_id == form_id)
    return theirs & (logged_calls.c.at > at - UNDONE_WITHIN)


def _near(member: Staff) -> ColumnElement[bool]:
    """Logged by somebody of the same organisation or the nation's; the nation's see all."""
    near = select(staff_table.c.id)
    if member.organisation != NATIONAL:
        near = near.where(staff_table.c.organisation.in_((member.organisation, NATIONAL)))
    return logged_calls.c.staff_id.in_(near)


def _caller(vault: Vault, phone: str) -> bytes | None:
    known = parse_phone(phone)
    return vault.index("phone", known.e164) if isinstance(known, Phone) else None
