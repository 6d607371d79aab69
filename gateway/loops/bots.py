"""Polls one bot account: an update is committed before the next poll confirms it, so a crash repeats and loses none."""

from __future__ import annotations

from typing import Any

from channels.bot_account import BotAccount
from channels.bot_api import BotFault
from channels.channel import Channel
from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from gateway.reception import Reception
from ticketing.cursors import fetch_cursor, keep_cursor
from ticketing.database import Database
from ticketing.transaction import UnitTransaction


class BotPoll:
    """One pass is one long poll. Where another gateway polls this account, it does nothing."""

    def __init__(
        self,
        account: BotAccount,
        channel: Channel,
        reception: Reception,
        database: Database,
        leadership: Leadership,
    ) -> None:
        self._account, self._channel, self._reception = account, channel, reception
        self._database, self._leadership = database, leadership
        self._name = f"bot:{account.account}"
        self._begun = False

    async def pass_once(self) -> bool:
        """Poll once and store what came; True, for the poll itself waits."""
        if not await self._leadership.holds(self._name):
            self._begun = False
            return False
        try:
            await self._begin()
            await self._poll()
        except BotFault as error:
            raise TryLaterError(error.code, error.retry_after_s) from None
        return True

    async def _begin(self) -> None:
        if not self._begun:
            await self._account.start()
            self._account.offset = await fetch_cursor(self._database.read, self._name)
            self._begun = True

    async def _poll(self) -> None:
        before = self._account.offset
        try:
            await self._account.poll_once(self._keep)
        finally:
            if self._account.offset != before:
                await save_cursor(self._database, self._name, self._account.offset)

    async def _keep(self, update: dict[str, Any]) -> None:
        arrival = self._reception.arrival(self._account.account, update)
        await self._reception.receive_or_keep(self._channel, arrival)


class HookAnnouncement:
    """Tells the messenger where our hook is, until it has heard."""

    def __init__(self, account: BotAccount, hook_url: str) -> None:
        self._account, self._hook_url = account, hook_url

    async def pass_once(self) -> bool:
        """Say it once more: the messenger forgets hooks it cannot reach."""
        try:
            await self._account.start(self._hook_url)
        except BotFault as error:
            raise TryLaterError(error.code, error.retry_after_s) from None
        return False


async def save_cursor(database: Database, name: str, value: int) -> None:
    """Keep `value` under `name`."""

    async def work(tx: UnitTransaction) -> None:
        await keep_cursor(tx, name, value)

    await database.write(work)
