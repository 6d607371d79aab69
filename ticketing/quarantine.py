"""Reports set aside: unreadable ones, and mails read and ignored. Shown raw, filed by hand, or discarded.

They belong to no organisation yet, so only national staff see them; each look at one is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import select, update

from normalizer.report import Report
from ticketing.accepted import Accepted
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ticketing.intake import settle_stored, take_in
from ticketing.organisations import NATIONAL
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import reports, tickets
from ticketing.transaction import LookUp, UnitTransaction

log = structlog.get_logger()
UNREAD, IGNORED = "quarantined", "ignored"
SET_ASIDE: Final = (UNREAD, IGNORED)
DISCARDS: Final = ("spam", "empty", "duplicate", "elsewhere", "test")
"""Why a report may be discarded."""
_ACCOUNT: Final = "set-aside"
_SHOWN: Final = ("id", "channel", "account", "state", "reason", "received_at")


@dataclass(frozen=True, slots=True)
class SetAside:
    """One report, opened: `raw` is what came, word for word."""

    id: int
    channel: str
    account: str
    state: str
    reason: str
    received_at: datetime
    raw: bytes
    ticket_id: int | None


def may_see(member: Staff) -> bool:
    """True for staff of the whole nation."""
    return member.organisation == NATIONAL


async def list_set_aside(
    database: Database, member: Staff, state: str, limit: int, before: int | None = None
) -> list[Mapping[str, Any]]:
    """Reports in `state`, the newest first, older than the one with id `before`. Raises `Forbidden`."""
    _require(member)
    wanted = select(*(reports.c[name] for name in _SHOWN)).where(reports.c.state == state)
    if before is not None:
        wanted = wanted.where(reports.c.id < before)
    return list(await database.read(wanted.order_by(reports.c.id.desc()).limit(limit)))


async def read_set_aside(database: Database, rules: Rules, member: Staff, report_id: int) -> SetAside:
    """One report with what came. Raises `Forbidden`, `NotFound` for one that was never set aside."""
    _require(member)
    row = await _row(database, report_id)
    log.info("a report set aside was opened", report=report_id, by=member.username)
    raw = rules.vault.unseal_bytes("reports.raw", row["id"], row["raw"])
    return SetAside(**{name: row[name] for name in _SHOWN}, raw=raw, ticket_id=row["ticket_id"])


async def code_of(database: Database, rules: Rules, report: SetAside) -> str | None:
    """The tracking code of the ticket that was made of it, or None."""
    if report.ticket_id is None:
        return None
    rows = await database.read(select(tickets.c.id, tickets.c.code).where(tickets.c.id == report.ticket_id))
    return rules.vault.unseal("tickets.code", rows[0]["id"], rows[0]["code"])


async def file_set_aside(
    database: Database,
    rules: Rules,
    member: Staff,
    report_id: int,
    said: Report,
    files: AttachmentStore | None = None,
) -> Accepted:
    """Take in what `member` read out of the report, as come by its channel when it came; the same answer ever after.

    `files` is where the attachments of `said` are kept.

    Raises `Forbidden`, `NotFound`, `Conflict` for one that was discarded.
    """
    _require(member)
    row = await _row(database, report_id)
    if row["state"] == "discarded":
        raise Conflict("report_settled")
    filed = replace(
        said,
        channel=row["channel"],
        account=_ACCOUNT,
        external_id=_name(report_id),
        fresh=False,
        filed_by=member.id,
        extra={**said.extra, "operator": member.username},
    )
    accepted = await take_in(database, rules, filed, files=files)
    if accepted.ticket_id is not None:
        await settle_stored(database, report_id, "ticketed", row["reason"], accepted.ticket_id)
        log.info("a ticket was made of a report set aside", report=report_id, by=member.username)
    return accepted


async def discard(database: Database, member: Staff, report_id: int, reason: str) -> None:
    """Discard a report for a reason of `DISCARDS`; again is no error.

    Raises `Forbidden`, `NotFound`, `Invalid` for `reason`, `Conflict` where a ticket was made of it.
    """
    _require(member)
    if reason not in DISCARDS:
        raise Invalid([FieldError("reason", "required")])
    row = await _row(database, report_id)

    async def work(tx: UnitTransaction) -> None:
        if any(filed["ticket_id"] is not None for filed in await tx.find(_filed_as(row))):
            raise Conflict("report_settled")
        waiting = (reports.c.id == report_id) & reports.c.state.in_((*SET_ASIDE, "discarded"))
        done = await tx.execute(update(reports).where(waiting).values(state="discarded", reason=reason))
        if done.rowcount != 1:
            raise Conflict("report_settled")

    await database.write(work)
    log.info("report discarded", report=report_id, channel=row["channel"], reason=reason, by=member.username)


def _filed_as(row: Mapping[str, Any]) -> LookUp:
    """What finds the report that was filed by hand in place of this one, settled or not yet."""
    identity = (row["channel"], _ACCOUNT, _name(row["id"]))
    return LookUp(reports, ("channel", "account", "external_id"), identity)


def _name(report_id: int) -> str:
    return f"report-{report_id}"


async def _row(database: Database, report_id: int) -> Mapping[str, Any]:
    """A report that is set aside, or was until somebody settled it."""
    rows = await database.read(select(reports).where(reports.c.id == report_id))
    if not rows or not _was_set_aside(rows[0]):
        raise NotFound
    return rows[0]


def _was_set_aside(row: Mapping[str, Any]) -> bool:
    """What intake itself understood has its answer kept; only `ignored` among those was ever set aside. What is stored
    is about to be read: a ticket made of it by hand would be a second one."""
    return row["state"] != "stored" and (row["result"] is None or row["result"]["result"] == "ignored")


def _require(member: Staff) -> None:
    if not may_see(member):
        raise Forbidden
