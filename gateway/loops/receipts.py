"""Asks the SMS provider what became of texts it took, for receipts that its hook never brought: one gateway does."""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from sms.poller import ReceiptPoller
from sms.providers.provider import ProviderUnavailableError

_TASK = "receipts"


class ReceiptPoll:
    """One pass asks about every text that is due."""

    def __init__(self, poller: ReceiptPoller, leadership: Leadership) -> None:
        self._poller, self._leadership = poller, leadership

    async def pass_once(self) -> bool:
        """Ask, in batches that are recorded one by one. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            try:
                await self._poller.poll_once()
            except ProviderUnavailableError as error:
                raise TryLaterError(error.reason) from None
        return False
