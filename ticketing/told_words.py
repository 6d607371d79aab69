"""The words a citizen is told in the end, found in the record: whoever shows or sends them finds the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from sms.digits import to_persian
from sms.store import Read
from ticketing.procedure import FieldRule
from ticketing.replying import written_day
from ticketing.rules import Rules
from ticketing.tables import events, remarks
from ticketing.ticket import Ticket
from ticketing.title import titled


async def told_words(read: Read, rules: Rules, ticket: Ticket) -> str | None:
    """The words of the last close: what the procedure's data marks as `told`, of the last such action.

    What may be longest stands first and alone, the others under their titles. What was told before an earlier close
    belongs to that one.
    """
    procedure = rules.procedures[ticket.procedure]
    told = {code: [name for name, rule in each.fields.items() if rule.told] for code, each in procedure.actions.items()}
    telling = events.c.kind.in_([code for code, names in told.items() if names])
    closes = select(events.c.number).where(events.c.ticket_id == ticket.id, events.c.kind == "closed")
    earlier = [row["number"] for row in await read(closes.order_by(events.c.number.desc()).limit(2))][1:]
    joined = select(remarks.c.id, remarks.c.said, events.c.kind, events.c.data).join(
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
    fields = procedure.actions[rows[0]["kind"]].fields
    return "\n".join(_lines(fields, {**rows[0]["data"], **said}, ticket.language)) or None


def written(value: date | str, language: str) -> str:
    """A short thing that is told, as people write it: a day by their calendar, digits in their script."""
    said = written_day(value, language) if isinstance(value, date) else value
    return to_persian(said) if language == "fa" else said


def _lines(fields: Mapping[str, FieldRule], said: Mapping[str, Any], language: str) -> Iterator[str]:
    told = {name: rule for name, rule in fields.items() if rule.told and said.get(name)}
    longest = max(told, key=lambda name: told[name].most or 0, default="")
    if longest:
        yield said[longest]
    for name, rule in told.items():
        if name != longest:
            value = date.fromisoformat(said[name]) if rule.type == "date" else str(said[name])
            yield f"{titled(rule.title, language) if rule.title else name}: {written(value, language)}"
