"""A ticket that turns out to be another procedure's goes over to it: with its code, its words and its history."""

from __future__ import annotations

from functools import partial

from ticketing.appointments import end
from ticketing.asking import settle_questions
from ticketing.completing import begin
from ticketing.doing import Doing
from ticketing.errors import FieldError, Invalid
from ticketing.needs import missing_of
from ticketing.organisations import organisation_of

GO_OVER = "go_over"


async def go_over(doing: Doing) -> None:
    """From now on it is the procedure's named in `procedure`, and begins there as if it had just come.

    The steps it had stand in its record; nobody of the old procedure has it any more. Raises `Invalid`.
    """
    tx, rules, ticket, at = doing.tx, doing.rules, doing.ticket, doing.at
    wanted = doing.fields["procedure"]
    if wanted == ticket.procedure or wanted not in rules.procedures:
        raise Invalid([FieldError("procedure", "not_allowed")])
    doing.data["from_procedure"] = ticket.procedure
    await settle_questions(tx, rules, ticket, at, state="dropped")
    await end(tx, ticket, "cancelled", at)
    ticket.procedure, ticket.step, ticket.route = wanted, 0, None
    ticket.body = ticket.addressee = ticket.assignee = ticket.assigned_at = None
    ticket.organisation = organisation_of(ticket.province, ticket.county)
    ticket.missing = missing_of(rules.procedures[wanted], ticket)
    doing.afterwards.append(partial(begin, tx, rules, ticket, at, doing.actor, asks=True))
