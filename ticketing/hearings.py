"""Hearings: who must be there for one to count, how many a ticket has had, and what may still be done before one."""

from __future__ import annotations

from typing import Final

from ticketing.appointed import starts_at
from ticketing.doing import Doing
from ticketing.errors import Conflict, FieldError, Invalid
from ticketing.rules import Rules
from ticketing.ticket import Ticket

_HEARINGS: Final = "hearings"


def hearings_of(ticket: Ticket) -> int:
    """How many hearings were held."""
    return int(ticket.details.get(_HEARINGS, 0))


def first_hearing(_rules: Rules, ticket: Ticket) -> bool:
    """None was held before."""
    return hearings_of(ticket) == 0


async def check_quorum(doing: Doing) -> None:
    """Raises `Invalid` where fewer were there than must be, or more than there are."""
    sittings, present = doing.rules.sittings_of(doing.ticket.procedure), doing.fields["members_present"]
    if sittings is None:
        return
    if present > sittings.members:
        raise Invalid([FieldError("members_present", "out_of_range")])
    if present < sittings.quorum:
        raise Invalid([FieldError("members_present", "no_quorum")])


async def count_hearing(doing: Doing) -> None:
    """One more was held."""
    doing.ticket.details = {**doing.ticket.details, _HEARINGS: hearings_of(doing.ticket) + 1}


async def before_appointment(doing: Doing) -> None:
    """Raises `Conflict` where no appointment is still to come (`no_appointment`) or it has begun (`too_late`)."""
    begins = starts_at(doing.ticket)
    if begins is None:
        raise Conflict("no_appointment")
    if begins <= doing.at:
        raise Conflict("too_late")
