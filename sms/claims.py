"""Leases on notices: which may go now, taking them under a fence, and giving them back with what was learned.

A notice may go when it is due and it is the first unfinished one of its ticket, medium and recipient, so the
order of a ticket's texts needs no memory. Each function is one unit of work's worth of statements; none commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select, update

from sms.state import UNFINISHED, State
from sms.store import Transaction
from sms.tables import notices

_SENT = tuple(
    notices.c[name]
    for name in (
        *("id", "kind", "account", "recipient", "recipient_index", "prefix_index", "body", "choices", "headers"),
        *("calendar", "attempts", "asks", "created_at", "sent_at"),
    )
)
"""What carrying a notice needs of its row."""


def _due(state: State, *more: ColumnElement[bool]) -> Select[Any]:
    """Built once: putting such a statement together costs more than running it.

    Its parameters are `for_medium`, `now`, `shut_accounts` (left out) and `at_most`.
    """
    column = notices.c
    return (
        select(*_SENT)
        .where(
            column.medium == bindparam("for_medium"),
            column.state == state,
            column.due_at <= bindparam("now"),
            column.account.not_in(bindparam("shut_accounts", expanding=True)),
            *more,
        )
        .order_by(column.due_at, column.id)
        .limit(bindparam("at_most"))
    )


def _waits_for_earlier() -> ColumnElement[bool]:
    column, earlier = notices.c, notices.alias("earlier")
    return exists().where(
        earlier.c.ticket_id == column.ticket_id,
        earlier.c.medium == column.medium,
        earlier.c.recipient_index == column.recipient_index,
        earlier.c.id < column.id,
        earlier.c.state.in_(UNFINISHED),
    )


def _is_free(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(notices.c.leased_until.is_(None), notices.c.leased_until <= now)


DUE_TO_SEND = _due(State.PENDING, ~_waits_for_earlier())
"""Notices that may go now, longest due first."""
DUE_TO_ASK = _due(State.AMBIGUOUS, _is_free(bindparam("now")))
"""Ambiguous notices to be asked about now and in nobody's hands."""


async def lock(tx: Transaction, ids: Collection[int], state: State, now: datetime, limit: int) -> list[int]:
    """Of `ids` those still in `state` and free, locked until the commit; another process's are passed over."""
    free = (
        select(notices.c.id)
        .where(notices.c.id.in_(ids), notices.c.state == state, _is_free(now))
        .order_by(notices.c.due_at, notices.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [row["id"] for row in await tx.rows(free)]


async def lease(tx: Transaction, ids: Collection[int], state: State, until: datetime) -> int:
    """Put locked notices into `state` under one fence, which is returned."""
    fence = secrets.randbits(62)
    if ids:
        held = {"state": state, "fence": fence, "leased_until": until}
        await tx.execute(update(notices).where(notices.c.id.in_(ids)).values(**held))
    return fence


async def put_off(tx: Transaction, waits: Mapping[int, timedelta], now: datetime) -> None:
    """Move notices over a budget to later; their tries are not touched."""
    for wait in set(waits.values()):
        ids = [notice_id for notice_id, its_wait in waits.items() if its_wait == wait]
        await tx.execute(update(notices).where(notices.c.id.in_(ids)).values(due_at=now + wait, reason="budget"))


_RECORD_COLUMNS = (
    "state",
    "reason",
    "due_at",
    "attempts",
    "asks",
    "sent_at",
    "finished_at",
    "provider",
    "provider_id",
    "prefix_index",
)
_RECORD = (
    update(notices)
    .where(notices.c.id == bindparam("notice_id"), notices.c.fence == bindparam("held_fence"))
    .values(
        **{name: bindparam(f"new_{name}") for name in _RECORD_COLUMNS},
        fence=None,
        leased_until=None,
    )
)


async def record(tx: Transaction, fence: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of leased notices. Rows whose lease was lost meanwhile stay as they are."""
    parameters = [
        {"notice_id": row["notice_id"], "held_fence": fence, **{f"new_{name}": row[name] for name in _RECORD_COLUMNS}}
        for row in rows
    ]
    await tx.execute(_RECORD, parameters)


def lost(media: Collection[str], now: datetime, *, everything: bool) -> ColumnElement[bool]:
    """Notices being sent by someone who died: their lease ran out, or `everything` when nobody else can be alive."""
    held = and_(notices.c.medium.in_(media), notices.c.state == State.SENDING)
    return held if everything else and_(held, notices.c.leased_until <= now)


async def reclaim(tx: Transaction, which: ColumnElement[bool], now: datetime) -> int:
    """Take lost notices back as ambiguous: they may have been sent. Returns how many."""
    taken_back = {"state": State.AMBIGUOUS, "reason": "lease_lost", "due_at": now, "asks": 0, "sent_at": now}
    result = await tx.execute(update(notices).where(which).values(**taken_back, fence=None, leased_until=None))
    return int(result.rowcount)
