"""Asks the provider what became of texts it took, for as long as it can say: two days.

Receipts also come by hook; a hook that is lost, or never set up in the provider's panel, costs nothing but time.
A young text is asked about every interval, an older one ever more seldom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from sms.clock import Clock
from sms.providers.provider import Provider
from sms.receipts import ReceiptReport, record_receipts
from sms.state import State
from sms.store import Store, Transaction
from sms.tables import notices

_ANSWERS_FOR = timedelta(hours=48)
_AT_ONCE = 500
_AGE_SHARE = 10
"""Waiting a tenth of its age, a text is asked about some seventy times in its two days and not two thousand."""


class ReceiptPoller:
    """Polls one provider; called every `every_s` seconds."""

    def __init__(self, store: Store, provider: Provider, clock: Clock, every_s: float) -> None:
        self._store, self._provider, self._clock = store, provider, clock
        self._every = timedelta(seconds=every_s)

    async def poll_once(self) -> int:
        """Ask about everything that is due; how many notices changed. Raises `ProviderUnavailableError`."""
        changed = 0
        while rows := await self._due(self._clock.now()):
            reports = await self._provider.fetch_receipts([row["provider_id"] for row in rows])
            changed += await self._record(rows, reports)
        return changed

    async def _due(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        column = notices.c
        return await self._store.read(
            select(column.id, column.provider_id, column.sent_at)
            .where(
                column.medium == "sms",
                column.state == State.ACCEPTED,
                column.due_at.between(now - _ANSWERS_FOR, now),  # a range: past texts pile up behind it unread
                column.sent_at > now - _ANSWERS_FOR,
                column.provider == self._provider.code,
            )
            .order_by(column.due_at, column.id)
            .limit(_AT_ONCE)
        )

    async def _record(self, rows: Sequence[Mapping[str, Any]], reports: Sequence[ReceiptReport]) -> int:
        now = self._clock.now()
        waits = [
            {"notice_id": row["id"], "next_at": now + max(self._every, (now - row["sent_at"]) / _AGE_SHARE)}
            for row in rows
        ]

        async def work(tx: Transaction) -> int:
            await tx.execute(_ASK_LATER, waits)
            return await record_receipts(tx, self._provider.code, reports, now)

        return await self._store.write(work)


_ASK_LATER = (
    update(notices)
    .where(notices.c.id == bindparam("notice_id"), notices.c.state == State.ACCEPTED)
    .values(due_at=bindparam("next_at"))
)
