"""Fetches files that arrived as a handle only (bots): a report is taken in at once, its files follow.

A file that is refused, or fails too often while the messenger answers, is given up; the ticket keeps its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select, update

from channels.attachments import Refusal, admit
from channels.bot_account import BotAccount, FileRefused
from channels.bot_api import BotFault
from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.tables import attachments, reports
from ticketing.transaction import UnitTransaction

log = structlog.get_logger()
_TASK = "fetch"
_TRIES = 8
_AT_ONCE = 10
_THEIR_TROUBLE = ("unreachable", "busy", "bad_token", "conflict")


class Fetch:
    """One pass fetches a few files."""

    def __init__(
        self,
        database: Database,
        files: AttachmentStore,
        accounts: Mapping[tuple[str, str], BotAccount],
        leadership: Leadership,
        *,
        max_bytes: int,
    ) -> None:
        self._database, self._files, self._accounts, self._leadership = database, files, accounts, leadership
        self._max_bytes = max_bytes

    async def pass_once(self) -> bool:
        """Fetch what is waiting; True where there may be more."""
        if not await self._leadership.holds(_TASK):
            return False
        rows = await self._waiting()
        for row in rows:
            await self._fetch(row)
        return len(rows) == _AT_ONCE

    async def _waiting(self) -> list[Mapping[str, Any]]:
        columns = (attachments.c.id, attachments.c.name, attachments.c.source, attachments.c.attempts)
        wanted = (
            select(*columns, reports.c.channel, reports.c.account)
            .join(reports, reports.c.id == attachments.c.report_id)
            .where(attachments.c.sha256.is_(None), attachments.c.source.is_not(None), attachments.c.attempts < _TRIES)
            .order_by(attachments.c.attempts, attachments.c.id)
            .limit(_AT_ONCE)
        )
        rows = await self._database.read(wanted)
        return [dict(row) for row in rows if (row["channel"], row["account"]) in self._accounts]

    async def _fetch(self, row: Mapping[str, Any]) -> None:
        account = self._accounts[row["channel"], row["account"]]
        try:
            content = await account.fetch(row["source"], self._max_bytes)
        except FileRefused as refused:
            await self._give_up(row, str(refused))
        except BotFault as fault:
            if fault.code in _THEIR_TROUBLE:
                raise TryLaterError(fault.code, fault.retry_after_s) from None
            await self._note(row["id"], attempts=row["attempts"] + 1)
        else:
            await self._keep(row, content)

    async def _keep(self, row: Mapping[str, Any], content: bytes) -> None:
        admitted = admit(row["name"], content, self._max_bytes)
        if isinstance(admitted, Refusal):
            await self._give_up(row, admitted.code)
            return
        stored = await self._files.save(content, admitted.name, admitted.media_type)
        known = {"name": stored.name, "media_type": stored.media_type, "size": stored.size, "sha256": stored.sha256}
        await self._note(row["id"], **known)

    async def _give_up(self, row: Mapping[str, Any], reason: str) -> None:
        log.info("a file was not taken", attachment=row["id"], reason=reason)
        await self._note(row["id"], attempts=_TRIES)

    async def _note(self, attachment_id: int, **values: Any) -> None:
        async def work(tx: UnitTransaction) -> None:
            await tx.execute(update(attachments).where(attachments.c.id == attachment_id).values(**values))

        await self._database.write(work)
