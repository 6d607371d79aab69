"""Asks the SMS provider what became of texts it took, for receipts that its hook never brought."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from sms.clock import Clock
from sms.providers.provider import Provider, ProviderUnavailableError
from sms.receipts import ReceiptReport, record_receipts
from sms.state import State
from sms.tables import notices
from ticketing.database import Database
from ticketing.transaction import UnitTransaction

_TASK = "receipts"
_AT_ONCE = 500
_KNOWN_FOR = timedelta(hours=47)  # providers forget after two days


class ReceiptPoll:
    """One pass asks about every text that is still on its way."""

    def __init__(self, database: Database, provider: Provider, leadership: Leadership, clock: Clock) -> None:
        self._database, self._provider, self._leadership, self._clock = database, provider, leadership, clock

    async def pass_once(self) -> bool:
        """Ask in batches, oldest first, and record each batch before the next. False: it waits its time."""
        if not await self._leadership.holds(_TASK):
            return False
        since, after = self._clock.now() - _KNOWN_FOR, 0
        while batch := await self._waiting(since, after):
            after = max(batch)
            try:
                reports = await self._provider.fetch_receipts(list(batch.values()))
            except ProviderUnavailableError as error:
                raise TryLaterError(error.reason) from None
            await self._database.write(partial(_record, self._provider.code, list(reports), self._clock.now()))
        return False

    async def _waiting(self, since: datetime, after: int) -> dict[int, str]:
        rows = await self._database.read(
            select(notices.c.id, notices.c.provider_id)
            .where(
                notices.c.medium == "sms",
                notices.c.state == State.ACCEPTED,
                notices.c.provider == self._provider.code,
                notices.c.sent_at > since,
                notices.c.id > after,
            )
            .order_by(notices.c.id)
            .limit(_AT_ONCE)
        )
        return {row["id"]: row["provider_id"] for row in rows if row["provider_id"]}


async def _record(provider: str, reports: list[ReceiptReport], at: datetime, tx: UnitTransaction) -> int:
    return await record_receipts(tx, provider, reports, at)
