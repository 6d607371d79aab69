"""Setting the clock a ticket waits under: a timer's or a term's, by the deadlines of settings and category.

It says for how long whoever is waited for has; who that is, the procedure's data says.
"""

from __future__ import annotations

from datetime import datetime

from ticketing.rules import Rules
from ticketing.ticket import Ticket


def wait(
    rules: Rules, ticket: Ticket, at: datetime, *, waits_for: str | None, timer: str | None, term: str | None
) -> None:
    """The ticket waits for `waits_for` from `at` on, under `timer` or, without one, for `term`."""
    ticket.waiting_for, ticket.timer = waits_for, timer
    lasting = rules.procedures[ticket.procedure].timers[timer].term if timer else term
    ticket.due_at = rules.deadlines.due(ticket.procedure, lasting, at, ticket.category) if lasting else None
