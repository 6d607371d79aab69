"""Receipts of delivery: they come early, late, twice and out of order, and a notice only ever climbs by them.

A receipt for an id nobody knows yet is parked for a day and applied once the id is recorded. Who may
deliver receipts at all is the hook's business, not ours.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update

from sms.state import State, below
from sms.store import Transaction
from sms.tables import notices, parked_receipts

PARKED_FOR = timedelta(hours=24)
_FINAL = (State.FAILED, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """What a provider says became of a message: `accepted` (on its way still), `failed` or `delivered`."""

    provider_id: str
    state: str
    reason: str = ""


async def record_receipts(tx: Transaction, provider: str, reports: Sequence[ReceiptReport], at: datetime) -> int:
    """Apply receipts; returns how many notices changed. At most a few hundred at once.

    A duplicate, an older state and "still on its way" change nothing; `delivered` wins over `failed` whenever it comes.
    """
    final = [report for report in reports if report.state in _FINAL]
    if not final:
        return 0
    changed = 0
    for (state, reason), ids in _by_state(final).items():
        climb = (
            update(notices)
            .where(
                notices.c.provider == provider, notices.c.provider_id.in_(ids), notices.c.state.in_(below(State(state)))
            )
            .values(state=state, reason=reason[:64], finished_at=at)
        )
        changed += int((await tx.execute(climb)).rowcount)
    await _park_unknown(tx, provider, final, at)
    return changed


async def apply_parked(tx: Transaction, at: datetime, provider: str = "", provider_ids: Iterable[str] = ()) -> int:
    """Apply parked receipts whose notice is known by now: of the ids just recorded, or all of them if none are given.

    Two processes may park and record at the same instant without seeing each other, hence the sweep over all.
    """
    matching = and_(
        notices.c.provider == parked_receipts.c.provider, notices.c.provider_id == parked_receipts.c.provider_id
    )
    columns = (parked_receipts.c.id, parked_receipts.c.provider, parked_receipts.c.provider_id, parked_receipts.c.state)
    statement = select(*columns).join(notices, matching)
    ids = tuple(provider_ids)
    if ids:
        mine = (parked_receipts.c.provider == provider, parked_receipts.c.provider_id.in_(ids))
        statement = statement.where(*mine)
    parked = await tx.rows(statement)
    changed = 0
    for name in {row["provider"] for row in parked}:
        reports = [ReceiptReport(row["provider_id"], row["state"]) for row in parked if row["provider"] == name]
        changed += await record_receipts(tx, name, reports, at)
    if parked:
        await tx.execute(delete(parked_receipts).where(parked_receipts.c.id.in_([row["id"] for row in parked])))
    return changed


async def forget_parked(tx: Transaction, at: datetime) -> int:
    """Drop parked receipts older than a day; returns how many."""
    result = await tx.execute(delete(parked_receipts).where(parked_receipts.c.at <= at - PARKED_FOR))
    return int(result.rowcount)


async def _park_unknown(tx: Transaction, provider: str, reports: Sequence[ReceiptReport], at: datetime) -> None:
    ids = {report.provider_id for report in reports}
    ours = (notices.c.provider == provider, notices.c.provider_id.in_(ids))
    known = {row["provider_id"] for row in await tx.rows(select(notices.c.provider_id).where(*ours))}
    unknown = {(report.provider_id, report.state) for report in reports if report.provider_id not in known}
    if not unknown:
        return
    table = parked_receipts.c
    here = (table.provider == provider, table.provider_id.in_(ids - known))
    there = {tuple(row.values()) for row in await tx.rows(select(table.provider_id, table.state).where(*here))}
    for provider_id, state in sorted(unknown - there):
        row = {"id": secrets.randbits(62), "provider": provider, "provider_id": provider_id, "state": state, "at": at}
        tx.add(parked_receipts, row)


def _by_state(reports: Iterable[ReceiptReport]) -> dict[tuple[str, str], list[str]]:
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for report in reports:
        grouped[report.state, report.reason].append(report.provider_id)
    return dict(grouped)
