"""What became of the cases sister systems handed to us: told to them, each by its own number, when the ticket closes.

A close leaves what is owed in the same transaction; the outbox carries it, and how that ended stands in the ticket. A
later close is told of as well; one they have brought about themselves is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from sms.outbox import SISTER
from sms.state import State
from sms.tables import notices
from ticketing.database import Database
from ticketing.ids import new_id
from ticketing.notify import send
from ticketing.rules import Rules
from ticketing.sister_tables import sister_results
from ticketing.tables import events, reports
from ticketing.ticket import Ticket, load, save
from ticketing.title import titled
from ticketing.told_words import told_words
from ticketing.transaction import Row, UnitTransaction

CHANNEL: Final = "sister"
HEAR_BACK: Final = "hear_back"
ENDED: Final = (State.ACCEPTED, State.DELIVERED, State.FAILED)
_OWED, _SENDING, _TOLD, _FAILED, _DROPPED = "owed", "sending", "told", "failed", "dropped"
Unit = Callable[[UnitTransaction], Coroutine[Any, Any, bool]]


async def owe(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> None:
    """Note that the close just recorded is to be told to each system that handed us a case of this ticket."""
    if not rules.sisters:
        return
    came = (reports.c.ticket_id == ticket.id) & (reports.c.channel == CHANNEL) & reports.c.account.in_(rules.sisters)
    for row in await tx.rows(select(reports.c.account, reports.c.external_id).where(came)):
        case = {"system": row["account"], "case_number": row["external_id"]}
        close = {"ticket_id": ticket.id, "closing": ticket.last_event, "closed_at": at}
        tx.add(sister_results, {"id": new_id(), **case, **close, "state": _OWED})


async def tell_results(database: Database, rules: Rules, at: datetime) -> int:
    """Put into the outbox what is owed, and into the tickets how it went; how many of either. Raises `Unavailable`."""
    owed = select(sister_results.c.id).where(sister_results.c.state == _OWED).order_by(sister_results.c.id)
    done = 0
    for row in await database.read(owed):
        done += await database.write(_telling(rules, row["id"], at))
    sent = sister_results.join(notices, notices.c.id == sister_results.c.notice_id)
    ended = (sister_results.c.state == _SENDING) & notices.c.state.in_(ENDED)
    found = select(sister_results.c.id, notices.c.state).select_from(sent).where(ended)
    for row in await database.read(found.order_by(sister_results.c.id)):
        done += await database.write(_settling(rules, row["id"], row["state"] != State.FAILED, at))
    return done


def _telling(rules: Rules, result_id: int, at: datetime) -> Unit:
    async def work(tx: UnitTransaction) -> bool:
        row = await _still(tx, result_id, _OWED)
        if row is None:
            return False
        ticket = await load(tx, rules.vault, row["ticket_id"])
        if ticket.is_open or ticket.closed_at != row["closed_at"] or await _is_theirs(tx, row):
            await _become(tx, result_id, state=_DROPPED)
            return False
        text = json.dumps(await _result(tx, rules, ticket, row), ensure_ascii=False)
        to = {"medium": SISTER, "address": row["system"], "account": row["system"]}
        notice = send(tx, rules, ticket, at, kind="result", text=text, once=f"result:{result_id}", **to)
        await _become(tx, result_id, state=_SENDING, notice_id=notice)
        return True

    return work


def _settling(rules: Rules, result_id: int, is_told: bool, at: datetime) -> Unit:
    async def work(tx: UnitTransaction) -> bool:
        row = await _still(tx, result_id, _SENDING)
        if row is None:
            return False
        await _become(tx, result_id, state=_TOLD if is_told else _FAILED)
        ticket = await load(tx, rules.vault, row["ticket_id"])
        kind = "result_told" if is_told else "result_not_told"
        ticket.record(kind, "gateway", at, system=row["system"], sister_case=row["case_number"])
        await save(tx, rules.vault, ticket, at)
        return True

    return work


async def _result(tx: UnitTransaction, rules: Rules, ticket: Ticket, row: Row) -> dict[str, Any]:
    """In the form of their news to us, with the outcome; where nobody wrote an answer, the outcome's name is it."""
    outcome = ticket.outcome or ""
    answer = await told_words(tx.rows, rules, ticket)
    named = titled(rules.procedures[ticket.procedure].outcomes[outcome], ticket.language)
    return {
        "case_number": row["case_number"],
        "tracking_code": ticket.code,
        "status": "answered",
        "outcome": outcome,
        "answer": answer or named,
        "closed_at": row["closed_at"].isoformat(),
    }


async def _is_theirs(tx: UnitTransaction, row: Row) -> bool:
    """It was their own answer that closed it."""
    heard = (events.c.kind == HEAR_BACK) & (events.c.number < row["closing"]) & (events.c.at == row["closed_at"])
    found = await tx.rows(select(events.c.data).where(events.c.ticket_id == row["ticket_id"], heard))
    return any(each["data"].get("system") == row["system"] for each in found)


async def _still(tx: UnitTransaction, result_id: int, state: str) -> Row | None:
    """The row, held; None where somebody was quicker."""
    mine = (sister_results.c.id == result_id) & (sister_results.c.state == state)
    return next(iter(await tx.rows(select(sister_results).where(mine).with_for_update())), None)


async def _become(tx: UnitTransaction, result_id: int, **values: Any) -> None:
    await tx.execute(update(sister_results).where(sister_results.c.id == result_id).values(**values))
