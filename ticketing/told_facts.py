"""The facts a report tells, by the columns of the ticket that holds them. Who complains is not among them."""

from __future__ import annotations

from typing import Any, Final

from normalizer.complaint import Complaint
from ticketing.ticket import Ticket

_COLUMNS: Final = (
    "category",
    "business_name",
    "business_guild_id",
    "business_address",
    "business_phone",
    "business_kind",
    "province",
    "county",
    "lat",
    "lon",
    "damages_rial",
    "happened_on",
)


def facts_of(complaint: Complaint) -> dict[str, Any]:
    """What a report tells; None for what it does not."""
    business, place = complaint.business, complaint.place
    return {
        "category": complaint.category,
        "business_name": business.name,
        "business_guild_id": business.guild_id,
        "business_address": business.address,
        "business_phone": business.phone,
        "business_kind": business.kind,
        "province": place.province,
        "county": place.county,
        "lat": place.lat,
        "lon": place.lon,
        "damages_rial": complaint.damages_rial,
        "happened_on": complaint.happened_on,
    }


def facts_in(ticket: Ticket) -> dict[str, Any]:
    """What a ticket holds of the same."""
    return {column: getattr(ticket, column) for column in _COLUMNS}
