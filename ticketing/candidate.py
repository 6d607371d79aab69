"""The open ticket that a ticket's first report may have been about, for staff to decide: found when it was taken in.

Shown is what policy lets the asker see. Joining is the procedure's action, done by whoever may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sms.store import Read
from ticketing.desk import find_visible
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import IS_OPEN, reports, tickets


@dataclass(frozen=True, slots=True)
class Candidate:
    """`code` is the ticket that may be the same matter, with its score and reasons; `version` is the new ticket's."""

    code: str
    score: float
    reasons: tuple[str, ...]
    business: str | None
    opened_at: datetime
    version: int


async def find_candidate(read: Read, rules: Rules, member: Staff, code: str) -> Candidate | None:
    """What the open ticket `code` may be the same matter as; None where nothing is, or this member may not see both."""
    row = await find_visible(read, rules, member, code)
    if row is None or row["status"] != "open":
        return None
    first = select(reports.c.result).where(reports.c.ticket_id == row["id"]).order_by(reports.c.id).limit(1)
    said = next((each["result"] or {} for each in await read(first)), {})
    if "candidate" not in said:
        return None
    may_be = (tickets.c.id == said["candidate"]) & IS_OPEN & criterion(member)
    for other in await read(select(tickets).where(may_be)):
        known = rules.vault.unseal("tickets.code", other["id"], other["code"])
        reasons = tuple(said["reasons"])
        return Candidate(known, said["score"], reasons, other["business_name"], other["opened_at"], row["version"])
    return None
