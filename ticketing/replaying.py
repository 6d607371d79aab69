"""Keyed reports that came before: found by their identity before anything is read out of their bodies.

Intake looks for itself, inside its transaction; `find_first_answer` is for a body that is wrong and never gets there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from ticketing.accepted import Accepted
from ticketing.database import Database
from ticketing.errors import KeyReused
from ticketing.rules import Rules
from ticketing.tables import reports, tickets


async def find_first_answer(
    database: Database,
    rules: Rules,
    channels: Collection[str],
    account: str,
    external_id: str,
    body_hash: bytes | None,
) -> Accepted | None:
    """What this identity was answered first on any of `channels`, or None.

    Raises `KeyReused` where it came with another body; `body_hash` None is a body nobody could read.
    """
    same = (reports.c.account == account) & (reports.c.external_id == external_id)
    columns = (reports.c.state, reports.c.result, reports.c.body_hash, tickets.c.id, tickets.c.code)
    joined = select(*columns).outerjoin_from(reports, tickets, reports.c.ticket_id == tickets.c.id)
    rows = await database.read(joined.where(same, reports.c.channel.in_(channels)))
    if not rows:
        return None
    if rows[0]["body_hash"] != body_hash:
        raise KeyReused
    return answer_again(rules, rows[0], rows[0])


def answer_again(rules: Rules, report: Mapping[str, Any], ticket: Mapping[str, Any] | None) -> Accepted:
    """The first answer again, from the `state` and `result` of the report's row and the ticket's `id` and `code`."""
    kept = report["result"] or Accepted(report["state"]).remembered()
    if ticket is None or ticket["id"] is None:
        return Accepted.recalled(kept, None, None)
    return Accepted.recalled(kept, ticket["id"], rules.vault.unseal("tickets.code", ticket["id"], ticket["code"]))
