"""Rules of routing tried out on past tickets: how many would have gone another way, and which. It changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from ticketing.database import Database
from ticketing.policy import criterion
from ticketing.routing import Choice, Routing
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.ticket import ticket_from

TRIED: Final = 1_000
_EXAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One ticket that would go another way; None is no suggestion at all."""

    tracking_code: str
    category: str | None
    organisation: str
    before: Choice | None
    after: Choice | None


@dataclass(slots=True)
class Trial:
    """What came of it: of `tried` tickets `changed` differ, counted by (route before, route after) in `ways`."""

    tried: int = 0
    changed: int = 0
    ways: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)


async def try_out(database: Database, rules: Rules, routing: Routing, member: Staff) -> Trial:
    """Compare `routing` with the rules in use on the last complete tickets that `member` may see, at most `TRIED`."""
    complete = (tickets.c.step > 1) & criterion(member)
    rows = await database.read(select(tickets).where(complete).order_by(tickets.c.id.desc()).limit(TRIED))
    trial = Trial(tried=len(rows))
    for row in rows:
        ticket = ticket_from(rules.vault, row)
        category = rules.categories.get(ticket.category or "")
        before, after = rules.routing.choose(ticket, category), routing.choose(ticket, category)
        if _taken(before) == _taken(after):
            continue
        trial.changed += 1
        trial.ways[before.route if before else None, after.route if after else None] += 1
        if len(trial.examples) < _EXAMPLES:
            trial.examples.append(Example(ticket.code, ticket.category, ticket.organisation, before, after))
    return trial


def _taken(choice: Choice | None) -> tuple[str, str | None, bool] | None:
    """What makes a difference to the ticket; which rule said so does not."""
    return (choice.route, choice.body, choice.automatic) if choice else None
