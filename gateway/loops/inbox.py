"""Polls the SMS provider's inbox, as a back-up for its hook or in its place.

The provider marks texts read by answering, so each batch is stored before the next call; one that was lost on the way
(a crash, a database away) is found among those of the last two days that count as read, where replays change nothing.
"""

from __future__ import annotations

from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from gateway.reception import Reception
from sms.providers.provider import Provider, ProviderUnavailableError

_TASK = "inbox"


class InboxPoll:
    """One pass fetches one batch."""

    def __init__(self, provider: Provider, reception: Reception, leadership: Leadership) -> None:
        self._provider, self._reception, self._leadership = provider, reception, leadership
        self._may_have_lost = True

    async def pass_once(self) -> bool:
        """Fetch and store one batch; True where there may be more."""
        if not await self._leadership.holds(_TASK):
            self._may_have_lost = True
            return False
        try:
            lost = await self._provider.fetch_read_inbox() if self._may_have_lost else ()
            unread = await self._provider.fetch_inbox()
        except ProviderUnavailableError as error:
            raise TryLaterError(error.reason) from None
        self._may_have_lost = True  # until all of it is stored
        for inbound in (*lost, *unread):
            await self._reception.receive_text(self._provider.code, inbound)
        self._may_have_lost = False
        return bool(unread)
