"""The words a citizen is told in the end, found in the record: whoever shows or sends them finds the same."""

from __future__ import annotations

import json

from sqlalchemy import select

from sms.store import Read
from ticketing.rules import Rules
from ticketing.tables import events, remarks
from ticketing.ticket import Ticket
from ticketing.title import titled


async def told_words(read: Read, rules: Rules, ticket: Ticket) -> str | None:
    """The words of the last close: what the procedure's data marks as `told`, of the last such action.

    The first field stands alone, others under their titles. What was told before an earlier close belongs to that one.
    """
    procedure = rules.procedures[ticket.procedure]
    told = {code: [name for name, rule in each.fields.items() if rule.told] for code, each in procedure.actions.items()}
    telling = events.c.kind.in_([code for code, names in told.items() if names])
    closes = select(events.c.number).where(events.c.ticket_id == ticket.id, events.c.kind == "closed")
    earlier = [row["number"] for row in await read(closes.order_by(events.c.number.desc()).limit(2))][1:]
    joined = select(remarks.c.id, remarks.c.said, events.c.kind).join(
        events, (events.c.ticket_id == remarks.c.ticket_id) & (events.c.number == remarks.c.number)
    )
    rows = await read(
        joined.where(remarks.c.ticket_id == ticket.id, telling, remarks.c.number > max(earlier, default=0))
        .order_by(remarks.c.number.desc())
        .limit(1)
    )
    if not rows:
        return None
    said = json.loads(rules.vault.unseal("remarks.said", rows[0]["id"], rows[0]["said"]))
    kind = rows[0]["kind"]
    fields = procedure.actions[kind].fields
    first, *more = [name for name in told[kind] if name in said] or [""]
    titles = [titled(title, ticket.language) if (title := fields[name].title) else name for name in more]
    beside = [f"{title}: {said[name]}" for title, name in zip(titles, more, strict=True)]
    return "\n".join([said.get(first, ""), *beside]) or None
