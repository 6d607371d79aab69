"""The facts a procedure may need before its ticket is complete, and how a ticket is told to lack one (CONTRACT §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ticketing.body_register import Body, body_register
from ticketing.procedure import Procedure
from ticketing.ticket import Ticket
from ticketing.vocabulary import AGAINST


def missing_of(procedure: Procedure, ticket: Ticket) -> list[str]:
    """The facts a complete ticket of its procedure has and this one lacks, in the order they are asked."""
    return [need for need in procedure.needs if _lacks(procedure, ticket, need)]


def _lacks(procedure: Procedure, ticket: Ticket, need: str) -> bool:
    own = procedure.facts.get(need)
    return LACKS[need](ticket) if own is None else not any(ticket.details.get(name) for name in own.told_by)


def lacks_business(ticket: Ticket) -> bool:
    """Nothing says which trader it is about."""
    return not (ticket.business_guild_id or ticket.business_name or ticket.business_address)


def addressee_of(ticket: Ticket) -> Body | None:
    """The body complained of, by its kind and the place; None while that is not known well enough."""
    return body_register().body_for(ticket.details.get(AGAINST, ""), ticket.province, ticket.county)


def _lacks_category(ticket: Ticket) -> bool:
    return not ticket.category


def _lacks_place(ticket: Ticket) -> bool:
    return not ticket.business_guild_id and not ticket.province


def _lacks_phone(ticket: Ticket) -> bool:
    return not (ticket.identity.phone or ticket.identity.landline or ticket.anonymous)


def _lacks_email(ticket: Ticket) -> bool:
    return not ticket.identity.email


def _lacks_addressee(ticket: Ticket) -> bool:
    return addressee_of(ticket) is None


LACKS: Final[Mapping[str, Callable[[Ticket], bool]]] = {
    "category": _lacks_category,
    "business": lacks_business,
    "place": _lacks_place,
    "phone": _lacks_phone,
    "email": _lacks_email,
    "addressee": _lacks_addressee,
}
"""By the names of `vocabulary.NEEDS`."""
