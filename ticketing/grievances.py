"""Whoever was not satisfied with how their ticket was handled gets one about that: a grievance, as the data says."""

from __future__ import annotations

import json
import secrets
from typing import Final

from sqlalchemy import select

from normalizer.tracking_code import make_code
from ticketing.completing import begin
from ticketing.doing import Doing
from ticketing.errors import Conflict
from ticketing.ids import new_id
from ticketing.measuring_record import RATED
from ticketing.needs import missing_of
from ticketing.procedure_parts import Grievance
from ticketing.tables import events, remarks
from ticketing.ticket import Ticket, load, save

OPEN_GRIEVANCE: Final = "open_grievance"


async def open_grievance(doing: Doing) -> None:
    """A new ticket for the same citizen, who is told its code by its own steps; each of the two leads to the other.

    What they said beside their rating stays sealed, there too. Raises `Conflict` where the procedure has no grievances.
    """
    tx, rules, at, survey = doing.tx, doing.rules, doing.at, doing.procedure.survey
    if survey is None or survey.grievance is None:
        raise Conflict
    own = _grievance_of(doing, survey.grievance)
    own.record("opened", doing.actor, at, channel=own.channel, ticket=doing.ticket.id)
    await begin(tx, rules, own, at, doing.actor, asks=False)
    await save(tx, rules.vault, own, at)
    comment = await _comment(doing)
    if comment is not None:
        own = await load(tx, rules.vault, own.id)
        Doing(tx, rules, own, at, "citizen", note=comment).record("note")
        await save(tx, rules.vault, own, at)
    doing.data["ticket"] = own.id
    doing.ticket.dissatisfied = None


def _grievance_of(doing: Doing, rule: Grievance) -> Ticket:
    rules, ticket = doing.rules, doing.ticket
    words = rules.texts.render("grievance", ticket.language, code=ticket.code, count=str(ticket.dissatisfied or ""))
    own = Ticket(
        id=new_id(),
        code=make_code(secrets.randbelow, anonymous=ticket.anonymous),
        procedure=rule.procedure,
        channel=ticket.channel,
        language=ticket.language,
        opened_at=doing.at,
        updated_at=doing.at,
        text=words,
        organisation=ticket.organisation,
        province=ticket.province,
        county=ticket.county,
        anonymous=ticket.anonymous,
        identity=ticket.identity,
        medium=ticket.medium,
        account=ticket.account,
        filed_by=doing.staff.id if doing.staff is not None else None,
        details={**rule.details, **({rule.earlier: ticket.code} if rule.earlier else {})},
    )
    own.missing = missing_of(rules.procedures[rule.procedure], own)
    return own


async def _comment(doing: Doing) -> str | None:
    """What the citizen said beside the last rating."""
    rated = (events.c.ticket_id == doing.ticket.id) & (events.c.kind == RATED)
    beside = remarks.join(events, (events.c.ticket_id == remarks.c.ticket_id) & (events.c.number == remarks.c.number))
    found = select(remarks.c.id, remarks.c.said).select_from(beside).where(rated)
    rows = await doing.tx.rows(found.order_by(remarks.c.number.desc()).limit(1))
    if not rows:
        return None
    said: dict[str, str] = json.loads(doing.rules.vault.unseal("remarks.said", rows[0]["id"], rows[0]["said"]))
    return said.get("note")
