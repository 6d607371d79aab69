"""Conditions on a ticket that a procedure's data may name, for a move that is made only where they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ticketing.appointed import has_appointment, may_offer_again
from ticketing.climbing import may_climb, verified_above
from ticketing.doing import state_of
from ticketing.hearings import first_hearing
from ticketing.procedure import Action
from ticketing.rules import Rules
from ticketing.ticket import Ticket


def nothing_missing(_rules: Rules, ticket: Ticket) -> bool:
    """It is complete (CONTRACT §4)."""
    return not ticket.missing


def something_missing(rules: Rules, ticket: Ticket) -> bool:
    """It lacks a fact it needs."""
    return not nothing_missing(rules, ticket)


def dissatisfied(rules: Rules, ticket: Ticket) -> bool:
    """Its citizen rated the close low, nobody has followed that up, and there is a procedure for it."""
    survey = rules.procedures[ticket.procedure].survey
    grievance = survey.grievance if survey is not None else None
    return ticket.dissatisfied is not None and grievance is not None and grievance.procedure in rules.procedures


GUARDS: Final[Mapping[str, Callable[[Rules, Ticket], bool]]] = {
    "nothing_missing": nothing_missing,
    "verified_above": verified_above,
    "may_climb": may_climb,
    "has_appointment": has_appointment,
    "may_offer_again": may_offer_again,
    "something_missing": something_missing,
    "first_hearing": first_hearing,
    "dissatisfied": dissatisfied,
}
"""By the names of `vocabulary.GUARDS`."""


def holds(rules: Rules, ticket: Ticket, guard: str | None) -> bool:
    """True where the guard holds, or none is named."""
    return guard is None or GUARDS[guard](rules, ticket)


def is_open_to(rules: Rules, ticket: Ticket, action: Action) -> bool:
    """True where `action` may be done on this ticket as it is now, whoever does it."""
    procedure = rules.procedures[ticket.procedure]
    return procedure.open_to(action, state_of(ticket)) and holds(rules, ticket, action.provided)
