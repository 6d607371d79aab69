"""What people settled on about reports: the category evaluators gave or let stand, and that a report set aside was one.

Read from the tickets' records, for learning. Who wrote is not read; what was written may name people all the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from sms.store import Read
from ticketing.rules import Rules
from ticketing.tables import events, reports, tickets

_BATCH: Final = 500
_A_COMPLAINT: Final = "complaint"
_NOT_PEOPLE: Final = ("rule", "gateway", "citizen")


@dataclass(frozen=True, slots=True)
class Settled:
    """A report's text with what it was settled to be; None where nobody settled that."""

    text: str
    category: str | None = None
    intent: str | None = None


async def settled_reports(read: Read, rules: Rules) -> AsyncIterator[Settled]:
    """The first report of each ticket whose category people settled; then those set aside that became tickets."""
    settling = _settling(rules)
    after = 0
    while batch := await read(_page_of_tickets(after)):
        after = batch[-1]["id"]
        categories = {row["id"]: row["category"] for row in batch}
        for ticket_id, text in (await _first_words(read, await _settled_by_people(read, categories, settling))).items():
            yield Settled(text, category=categories[ticket_id])
    async for text in _set_aside_wrongly(read):
        yield Settled(text, intent=_A_COMPLAINT)


def _settling(rules: Rules) -> Sequence[str]:
    """The actions by which people say what a complaint is about: by giving it, or by sending it on as it is."""
    actions = (action for procedure in rules.procedures.values() for action in procedure.actions.values())
    return sorted(
        {each.code for each in actions if each.takes_facts or any("set_route" in one.effects for one in each.then)}
    )


def _page_of_tickets(after: int) -> Any:
    known = tickets.c.category.is_not(None) & (tickets.c.id > after)
    return select(tickets.c.id, tickets.c.category).where(known).order_by(tickets.c.id).limit(_BATCH)


async def _settled_by_people(read: Read, categories: Mapping[int, str], settling: Sequence[str]) -> dict[int, int]:
    """Of these tickets those people settled, each with the id of its first report."""
    columns = (events.c.ticket_id, events.c.kind, events.c.actor, events.c.data)
    theirs = events.c.ticket_id.in_(categories) & events.c.kind.in_(("opened", *settling))
    first: dict[int, int] = {}
    settled: set[int] = set()
    for row in await read(select(*columns).where(theirs)):
        if row["kind"] == "opened":
            first[row["ticket_id"]] = row["data"].get("report", 0)
        elif row["actor"] not in _NOT_PEOPLE and _settles(row["data"]):
            settled.add(row["ticket_id"])
    return {ticket_id: first[ticket_id] for ticket_id in settled if first.get(ticket_id)}


def _settles(data: Mapping[str, Any]) -> bool:
    return "route" in data or "category" in data.get("fields", ())


async def _first_words(read: Read, first: Mapping[int, int]) -> dict[int, str]:
    ticket_of = {report_id: ticket_id for ticket_id, report_id in first.items()}
    rows = await read(select(reports.c.id, reports.c.text).where(reports.c.id.in_(ticket_of))) if first else ()
    return {ticket_of[row["id"]]: row["text"] for row in rows if row["text"]}


async def _set_aside_wrongly(read: Read) -> AsyncIterator[str]:
    """Texts that were taken for something else and passed over, until somebody made a ticket of them."""
    after = 0
    columns = (reports.c.id, reports.c.text, reports.c.result)
    made = (reports.c.state == "ticketed") & reports.c.intent.not_in((_A_COMPLAINT, "addition"))
    while rows := await read(select(*columns).where(made, reports.c.id > after).order_by(reports.c.id).limit(_BATCH)):
        after = rows[-1]["id"]
        for row in rows:
            if row["text"] and row["result"] is not None and row["result"]["result"] == "ignored":
                yield row["text"]
