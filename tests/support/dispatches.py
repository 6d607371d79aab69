"""Jobs for an inspector: tickets that wait for their visit, put straight into the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.staging import a_ticket, put
from tests.support.web import Site
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.ticket import Ticket

VISIT = State(4, "inspector")


async def dispatch(site: Site, inspector: Staff, **changes: Any) -> Ticket:
    """A ticket that waits for this inspector's visit, due tomorrow unless said otherwise."""
    at = site.clock.now()
    known = {
        "opened_at": at,
        "due_at": at + timedelta(days=1),
        "business_name": "سوپرمارکت بهار",
        "business_address": "تهران، خیابان جمهوری، پلاک ۱۲",
        "business_phone": "+982166123456",
        "county": "تهران",
        "lat": 35.6997,
        "lon": 51.338,
        "inspector": inspector.id,
    }
    ticket = a_ticket(site.parts.rules, VISIT, **{**known, **changes})
    await put(site.parts.database, site.parts.rules, ticket, at=at)
    return ticket
