"""A ticket handed over to a sister system: its case goes out by the outbox, under our own id on every try.

So nothing is lost, and a sister that keeps to the id takes nothing twice. What comes of it is for `sister_news`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sms.outbox import SISTER
from ticketing.doing import Doing
from ticketing.errors import FieldError, Invalid
from ticketing.notify import send
from ticketing.sister_tables import sister_cases
from ticketing.ticket import Ticket

HAND_OUT: Final = "hand_out"


async def hand_out(doing: Doing) -> None:
    """Hand it over to `system`. Raises `Invalid` for one that is switched off."""
    ticket, system = doing.ticket, doing.fields["system"]
    if system not in doing.rules.sisters:
        raise Invalid([FieldError("system", "switched_off")])
    tx, rules, case = doing.tx, doing.rules, json.dumps(_case(ticket), ensure_ascii=False)
    case_id = send(tx, rules, ticket, doing.at, kind=HAND_OUT, medium=SISTER, address=system, account=system, text=case)
    row = {"id": case_id, "ticket_id": ticket.id, "system": system, "state": "sending", "created_at": doing.at}
    tx.add(sister_cases, row)


def _case(ticket: Ticket) -> dict[str, Any]:
    """What a sister system is told: the citizen's words, and how to reach them."""
    who = ticket.identity
    return {
        "tracking_code": ticket.code,
        "text": ticket.text,
        "name": who.name,
        "phone": who.phone or who.landline,
        "national_id": who.national_id,
        "province": ticket.province,
        "details": ticket.details,
        "opened_at": ticket.opened_at.isoformat(),
    }
