"""Turns reports that were stored raw into reports that were understood: mails, and whatever a channel could not read.

A mail is stored under the hash of its bytes, since nothing was read yet; once read it is renamed to its own identity,
and where that is taken it is the same mail again. What cannot be read is quarantined and never blocks the next.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from channels.channel import Arrival, Ignored, Malformed, Parsed
from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from normalizer.report import Report
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.intake import quarantine, settle_stored, take_in
from ticketing.rules import Rules
from ticketing.tables import reports
from ticketing.transaction import UnitTransaction
from ticketing.writer import Unavailable

log = structlog.get_logger()
Read = Callable[[Arrival], Awaitable[Parsed]]
_TASK = "reading"
_AT_ONCE = 16
_TRIES = 3
_LONGEST_NAME = 255


class Reading:
    """One pass reads a batch of stored reports; `readers` are the channels' parsers by channel."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        files: AttachmentStore,
        readers: Mapping[str, Read],
        leadership: Leadership,
    ) -> None:
        self._database, self._rules, self._files = database, rules, files
        self._readers, self._leadership = readers, leadership

    async def pass_once(self) -> bool:
        """Read what is stored, oldest first; True where there may be more."""
        if not await self._leadership.holds(_TASK):
            return False
        stored = select(reports).where(reports.c.state == "stored").order_by(reports.c.id).limit(_AT_ONCE)
        rows = await self._database.read(stored)
        if not all(await asyncio.gather(*(self._read_or_count(row) for row in rows))):
            raise TryLaterError("unavailable")
        return bool(rows)

    async def _read_or_count(self, row: Mapping[str, Any]) -> bool:
        """Read one; False where that failed for no fault of its own."""
        try:
            await self._read(row)
        except (Unavailable, OSError):
            return False
        except Exception as error:  # one report must not hold up those behind it
            log.error("a stored report could not be read", report=row["id"], error=type(error).__name__)
            await self._count(row, type(error).__name__)
        return True

    async def _read(self, row: Mapping[str, Any]) -> None:
        read = self._readers.get(row["channel"])
        parsed = await read(self._arrival(row)) if read else Malformed("channel", "unknown")
        if isinstance(parsed, Ignored):
            await settle_stored(self._database, row["id"], "ignored", parsed.reason, None)
        elif isinstance(parsed, Malformed):
            log.warning("report quarantined", channel=row["channel"], report=row["id"], reason=parsed.reason)
            await quarantine(self._database, row["id"], f"{parsed.field}:{parsed.reason}")
        else:
            await self._take_in(row, parsed)

    async def _take_in(self, row: Mapping[str, Any], parsed: Report) -> None:
        report = replace(parsed, account=row["account"], external_id=parsed.external_id[:_LONGEST_NAME])
        if report.external_id != row["external_id"] and not await self._rename(row["id"], report.external_id):
            await settle_stored(self._database, row["id"], "discarded", "replay", None)
            return
        await take_in(self._database, self._rules, report, files=self._files)

    async def _rename(self, report_id: int, external_id: str) -> bool:
        """Give a stored report the identity it was found to have; False where that arrived before."""

        async def work(tx: UnitTransaction) -> None:
            await tx.execute(update(reports).where(reports.c.id == report_id).values(external_id=external_id))

        try:
            await self._database.write(work)
        except IntegrityError:
            return False
        return True

    async def _count(self, row: Mapping[str, Any], reason: str) -> None:
        tries = row["attempts"] + 1
        if tries >= _TRIES:
            await quarantine(self._database, row["id"], reason)
            return

        async def work(tx: UnitTransaction) -> None:
            await tx.execute(update(reports).where(reports.c.id == row["id"]).values(attempts=tries))

        await self._database.write(work)

    def _arrival(self, row: Mapping[str, Any]) -> Arrival:
        vault = self._rules.vault
        raw = vault.unseal_bytes("reports.raw", row["id"], row["raw"])
        context = json.loads(vault.unseal("reports.context", row["id"], row["context"])) if row["context"] else {}
        return Arrival(row["account"], raw, raw, row["received_at"], context)


def reader_of_json(parse: Callable[[Arrival], Parsed]) -> Read:
    """The reader of a channel whose payloads are JSON."""

    async def read(arrival: Arrival) -> Parsed:
        return parse(replace(arrival, payload=json.loads(arrival.raw)))

    return read
