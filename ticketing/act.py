"""Staff doing an action to a ticket: one unit of work that checks in CONTRACT §6's order, changes, and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from ticketing.action_body import read_body, wrong_version
from ticketing.attachments import StoredFile
from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.doing import Doing
from ticketing.errors import Conflict, FieldError, Forbidden, KeyReused, NotFound
from ticketing.guards import holds, is_open_to
from ticketing.idempotency import Keyed, answering, keyed
from ticketing.ids import new_id
from ticketing.perform import make
from ticketing.policy import criterion
from ticketing.procedure import Action, may
from ticketing.retrying import retried
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import attachments, tickets
from ticketing.ticket import Ticket, save, ticket_from
from ticketing.transaction import UnitTransaction
from ticketing.view import allowed_actions, picture_of


async def act(
    database: Database,
    rules: Rules,
    staff: Staff,
    code: str,
    action: str,
    body: Mapping[str, Any],
    at: datetime,
    *,
    key: str | None,
    body_hash: bytes,
    files: Sequence[StoredFile] = (),
    parent: int | None = None,
) -> dict[str, Any]:
    """Do `action` and return the ticket as `desk.get_ticket` would, with what a reveal shows under its own name.

    `parent` is the parent case it is done to all children of: who is none (any more) is not found. The event names it.
    A known key gives its first answer. Raises, in this order: `KeyReused`; `NotFound` (not visible, or no
    such action); `Forbidden` (role); `Conflict` (stale version, wrong step); `Invalid` (body).
    """
    work = partial(_act, asked=_Request(rules, staff, code, action, body, at, files, parent))
    if key is None:
        return await retried(database, work)
    request = _keyed(rules, staff, code, action, key, body_hash)
    return await retried(database, answering(rules.vault, request, at, work), [request.look_up])


async def check_permitted(
    database: Database, rules: Rules, staff: Staff, code: str, action: str, *, key: str | None
) -> None:
    """The checks of `act` that come before the body, for a body nobody could read.

    Raises, in this order: `KeyReused` where the key is known; `NotFound`; `Forbidden`; `Conflict` (wrong step).
    """
    if key is not None:
        known = _keyed(rules, staff, code, action, key, b"").look_up
        if await database.read(known.statement()):
            raise KeyReused
    row = await find_visible(database.read, rules, staff, code)
    if row is None:
        raise NotFound
    ticket = ticket_from(rules.vault, row)
    _check_step(rules, staff, ticket, _permitted(rules, staff, ticket, action))


def _keyed(rules: Rules, staff: Staff, code: str, action: str, key: str, body_hash: bytes) -> Keyed:
    return keyed(rules.vault, f"act/{staff.id}/{action}/{code}", key, body_hash)


@dataclass(frozen=True, slots=True)
class _Request:
    """What was asked, by whom, when."""

    rules: Rules
    staff: Staff
    code: str
    action: str
    body: Mapping[str, Any]
    at: datetime
    files: Sequence[StoredFile]
    parent: int | None


async def _act(tx: UnitTransaction, asked: _Request) -> dict[str, Any]:
    rules, staff, at = asked.rules, asked.staff, asked.at
    row = await find_visible(tx.rows, rules, staff, asked.code)
    if row is None:
        raise NotFound
    if asked.parent is not None and row["parent_id"] != asked.parent:
        raise NotFound("not_in_case")
    ticket = ticket_from(rules.vault, row)
    action = _permitted(rules, staff, ticket, asked.action)
    await _check_moment(tx, asked, ticket, action)
    checked = read_body(action, asked.body, at, partial(holds, rules, ticket), also=_wrong_frame(action, asked))
    doing = Doing(tx, rules, ticket, at, staff.username, checked.fields, staff, checked.note, asked.files)
    if asked.parent is not None:
        doing.data["parent_case"] = asked.parent
    await make(doing, action, checked.variant)
    await save(tx, rules.vault, ticket, at)
    _keep_files(doing, staff)
    return {**await _picture(tx, asked, ticket.id), **doing.shown}


def _permitted(rules: Rules, staff: Staff, ticket: Ticket, code: str) -> Action:
    action = rules.procedures[ticket.procedure].actions.get(code)
    if action is None:
        raise NotFound("no_such_action")
    if not may(action, staff.role, filed=ticket.filed_by == staff.id):
        raise Forbidden
    return action


async def _check_moment(tx: UnitTransaction, asked: _Request, ticket: Ticket, action: Action) -> None:
    version = asked.body.get("version")
    if wrong_version(version) is None and version != ticket.version:
        raise await _stale(tx, asked)
    _check_step(asked.rules, asked.staff, ticket, action)


def _check_step(rules: Rules, staff: Staff, ticket: Ticket, action: Action) -> None:
    if not is_open_to(rules, ticket, action):
        raise Conflict("not_at_this_step", allowed_actions(rules, staff, ticket))


async def _stale(tx: UnitTransaction, asked: _Request) -> Conflict:
    row = await find_visible(tx.rows, asked.rules, asked.staff, asked.code)
    if row is None:
        raise NotFound
    allowed = allowed_actions(asked.rules, asked.staff, ticket_from(asked.rules.vault, row))
    today = await picture_of(tx.rows, asked.rules, asked.staff, row, asked.at, allowed)
    return Conflict("stale_version", allowed, today)


def _wrong_frame(action: Action, asked: _Request) -> list[FieldError]:
    """What is wrong around the action's own fields: the version, files that are not taken, or that lack."""
    code = wrong_version(asked.body.get("version"))
    errors = [FieldError("version", code)] if code else []
    if asked.files and not action.files:
        errors.append(FieldError("files", "not_allowed"))
    if action.needs_files and not asked.files:
        errors.append(FieldError("files", "required"))
    return errors


def _keep_files(doing: Doing, staff: Staff) -> None:
    origin = "inspector" if staff.role == "inspector" else "staff"
    for file in doing.files:
        named = {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}
        row = {"id": new_id(), "ticket_id": doing.ticket.id, "origin": origin, "created_at": doing.at}
        doing.tx.add(attachments, {**row, **named})


async def _picture(tx: UnitTransaction, asked: _Request, ticket_id: int) -> dict[str, Any]:
    """The ticket after the action, shown once more even to one who has just handed it on and sees it no longer."""
    row = (await tx.rows(select(tickets).where(tickets.c.id == ticket_id)))[0]
    seen = await tx.rows(select(tickets.c.id).where(tickets.c.id == ticket_id, criterion(asked.staff)))
    allowed = allowed_actions(asked.rules, asked.staff, ticket_from(asked.rules.vault, row)) if seen else []
    return await picture_of(tx.rows, asked.rules, asked.staff, row, asked.at, allowed)
