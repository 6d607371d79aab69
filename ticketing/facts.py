"""Facts an operator or evaluator adds to an incomplete ticket, by the fields of CONTRACT §5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from normalizer.gazetteer import canonical_county
from normalizer.phone import Phone
from ticketing.asking import ask_next
from ticketing.completing import settle_filled
from ticketing.doing import Doing
from ticketing.errors import FieldError, Invalid
from ticketing.filing import kept
from ticketing.organisations import organisation_of
from ticketing.ticket import Ticket

_PLAIN: Final = {
    "text": "text",
    "category": "category",
    "business.name": "business_name",
    "business.guild_id": "business_guild_id",
    "business.address": "business_address",
    "business.kind": "business_kind",
    "place.lat": "lat",
    "place.lon": "lon",
    "damages_rial": "damages_rial",
    "happened_on": "happened_on",
}
DETAIL: Final = "details."
_OF_A_PERSON: Final = ("phone", "name", "national_id", "email")


async def complete(doing: Doing) -> None:
    """Take the facts given, end the questions they answer, and ask for the next one still missing.

    Raises `Invalid` where identity is given for an anonymous ticket.
    """
    _take_facts(doing.ticket, doing.fields)
    await settle_filled(doing.tx, doing.rules, doing.ticket, doing.at)
    await ask_next(doing.tx, doing.rules, doing.ticket, doing.at)


def _take_facts(ticket: Ticket, fields: Mapping[str, Any]) -> None:
    for name, column in _PLAIN.items():
        if name in fields:
            setattr(ticket, column, fields[name])
    if "business.phone" in fields:
        ticket.business_phone = fields["business.phone"].e164
    ticket.details |= {name.removeprefix(DETAIL): kept(fields[name]) for name in fields if name.startswith(DETAIL)}
    _take_identity(ticket, fields)
    _take_place(ticket, fields)


def _take_identity(ticket: Ticket, fields: Mapping[str, Any]) -> None:
    given = [name for name in _OF_A_PERSON if name in fields]
    if given and ticket.anonymous:
        raise Invalid([FieldError(name, "anonymous") for name in given])
    changed = {name: fields[name] for name in given if name != "phone"}
    phone: Phone | None = fields.get("phone")
    if phone is not None:
        changed["phone" if phone.kind == "mobile" else "landline"] = phone.e164
    if changed:
        ticket.identity = replace(ticket.identity, **changed)


def _take_place(ticket: Ticket, fields: Mapping[str, Any]) -> None:
    province, county = fields.get("place.province"), fields.get("place.county")
    if province is None and county is None:
        return
    if province is not None and province != ticket.province:
        ticket.province, ticket.county = province, None
    if county is not None:
        known = canonical_county(ticket.province, county) if ticket.province else None
        ticket.county = known or county
    ticket.organisation = organisation_of(ticket.province, ticket.county)
