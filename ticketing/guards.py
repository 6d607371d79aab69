"""Conditions on a ticket that a procedure's data may name, for a move that is made only where they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ticketing.appointed import may_offer_again
from ticketing.climbing import may_climb, verified_above
from ticketing.hearings import first_hearing
from ticketing.rules import Rules
from ticketing.ticket import Ticket


def nothing_missing(_rules: Rules, ticket: Ticket) -> bool:
    """It is complete (CONTRACT §4)."""
    return not ticket.missing


def something_missing(rules: Rules, ticket: Ticket) -> bool:
    """It lacks a fact it needs."""
    return not nothing_missing(rules, ticket)


GUARDS: Final[Mapping[str, Callable[[Rules, Ticket], bool]]] = {
    "nothing_missing": nothing_missing,
    "verified_above": verified_above,
    "may_climb": may_climb,
    "may_offer_again": may_offer_again,
    "something_missing": something_missing,
    "first_hearing": first_hearing,
}
"""By the names of `vocabulary.GUARDS`."""


def holds(rules: Rules, ticket: Ticket, guard: str | None) -> bool:
    """True where the guard holds, or none is named."""
    return guard is None or GUARDS[guard](rules, ticket)
