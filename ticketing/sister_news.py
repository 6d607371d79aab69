"""What sister systems say of a case: its number, that it was not taken, how it stands; put into its ticket.

A failure is the turn of whom the procedure's data names. What the procedure does not let be done now is on record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from sms.state import State
from sms.tables import notices
from ticketing.action_body import read_body
from ticketing.database import Database
from ticketing.doing import Doing
from ticketing.errors import NotFound
from ticketing.guards import is_open_to
from ticketing.perform import make
from ticketing.procedure import may
from ticketing.rules import Rules
from ticketing.sister_results import CHANNEL, ENDED, HEAR_BACK
from ticketing.sister_tables import sister_cases
from ticketing.tables import events, reports, tickets
from ticketing.ticket import Ticket, load, save, ticket_from
from ticketing.transaction import Row, UnitTransaction

FAILED: Final = "hand_out_failed"
"""An action of the gateway, as `HEAR_BACK` is; a procedure that has none of that name only has it on record."""
_ACTOR: Final = "gateway"


async def settle(database: Database, rules: Rules, at: datetime) -> int:
    """Put into their tickets how the cases handed over have ended; how many. Raises `Unavailable`."""
    ended = select(sister_cases.c.id, notices.c.state, notices.c.provider_id)
    joined = ended.join(notices, notices.c.id == sister_cases.c.id)
    waiting = (sister_cases.c.state == "sending") & notices.c.state.in_(ENDED)
    settled = 0
    for row in await database.read(joined.where(waiting).order_by(sister_cases.c.id)):
        number = row["provider_id"] if row["state"] != State.FAILED else None
        settled += await database.write(_settling(rules, row["id"], number, at))
    return settled


def _settling(rules: Rules, case_id: int, number: str | None, at: datetime) -> Any:
    async def work(tx: UnitTransaction) -> bool:
        rows = await tx.rows(select(sister_cases).where(sister_cases.c.id == case_id).with_for_update())
        case = rows[0]
        if case["state"] != "sending":
            return False  # somebody was quicker
        is_taken = number is not None and not await _find_case(tx, case["system"], number)
        values: dict[str, Any] = {"state": "handed" if is_taken else "failed", "settled_at": at}
        values |= {"case_number": number} if is_taken else {}
        await tx.execute(update(sister_cases).where(sister_cases.c.id == case_id).values(**values))
        ticket = await load(tx, rules.vault, case["ticket_id"])
        if is_taken:
            ticket.record("handed_out", "gateway", at, system=case["system"], sister_case=number)
        else:
            await _do(tx, rules, ticket, FAILED, {"system": case["system"]}, at)
        await save(tx, rules.vault, ticket, at)
        return True

    return work


async def hear_back(
    database: Database, rules: Rules, system: str, number: str, news: Mapping[str, Any], at: datetime
) -> str:
    """Put what the sister system says of its case into the ticket, whose code is returned.

    The same said again changes nothing. Raises `NotFound` for a number nobody knows.
    """

    async def work(tx: UnitTransaction) -> str:
        ticket = await _ticket_of(tx, rules, system, number)
        said = {"system": system, "case_number": number, **news}
        mark = rules.vault.index("news", json.dumps(said, sort_keys=True, ensure_ascii=False)).hex()
        heard = select(events.c.data).where(events.c.ticket_id == ticket.id, events.c.kind == HEAR_BACK)
        if not any(row["data"].get("news") == mark for row in await tx.rows(heard)):
            about = {"sister_case": number, "news": mark}
            await _do(tx, rules, ticket, HEAR_BACK, {"system": system, **news}, at, about)
            await save(tx, rules.vault, ticket, at)
        return ticket.code

    return await database.write(work)


async def _do(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    code: str,
    said: Mapping[str, Any],
    at: datetime,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Do the gateway's action where the procedure lets it now; else it is on record and moves nothing."""
    action = rules.procedures[ticket.procedure].actions.get(code)
    doing = Doing(tx, rules, ticket, at, _ACTOR, said, data=dict(about or {}))
    if action is not None and may(action, _ACTOR) and is_open_to(rules, ticket, action):
        checked = read_body(action, said, at)
        doing.fields = checked.fields
        await make(doing, action, checked.variant)
    else:
        doing.fields = {}
        doing.note = said.get("text")
        doing.record(code)


async def _ticket_of(tx: UnitTransaction, rules: Rules, system: str, number: str) -> Ticket:
    """Of a case that was handed to them, or that they handed to us."""
    handed = await _find_case(tx, system, number)
    if handed is not None:
        return await load(tx, rules.vault, handed["ticket_id"])
    came = (reports.c.channel == CHANNEL) & (reports.c.account == system) & (reports.c.external_id == number)
    rows = await tx.rows(select(tickets).join(reports, reports.c.ticket_id == tickets.c.id).where(came))
    if not rows:
        raise NotFound
    return ticket_from(rules.vault, rows[0])


async def _find_case(tx: UnitTransaction, system: str, number: str) -> Row | None:
    theirs = (sister_cases.c.system == system) & (sister_cases.c.case_number == number)
    rows = await tx.rows(select(sister_cases).where(theirs))
    return rows[0] if rows else None
