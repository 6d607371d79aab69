"""The API of businesses: those proposed to be looked at as a whole, and one of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from aiohttp import web

from gateway.web.case_schemas import BusinessOut, ProposalsOut
from gateway.web.route import STAFF_ANY, Access, Route
from gateway.web.services import SERVICES, STAFF
from ticketing import business_view
from ticketing.business_view import described
from ticketing.proposing import proposals_of
from ticketing.roles import at_desk

OVERSEERS: Final[Access] = at_desk("businesses")
"""Who looks at businesses as a whole."""


async def list_proposals(request: web.Request) -> web.Response:
    """The businesses over a bound."""
    services = request.app[SERVICES]
    found = await proposals_of(services.database.read, services.rules, request[STAFF], services.now())
    items = [{**asdict(each), "business": described(each.business)} for each in found]
    return web.json_response({"items": items})


async def get_business(request: web.Request) -> web.Response:
    """One business."""
    services = request.app[SERVICES]
    wanted = request.match_info["business"]
    return web.json_response(
        await business_view.get_business(services.database.read, services.rules, request[STAFF], wanted)
    )


ROUTES: Final = (
    Route(
        "GET",
        "/api/v1/staff/businesses",
        list_proposals,
        OVERSEERS,
        "Businesses with many open tickets of late, or with many upheld",
        answer=ProposalsOut,
    ),
    Route(
        "GET",
        "/api/v1/staff/businesses/{business}",
        get_business,
        STAFF_ANY,
        "One business; its tickets are those of the list filtered by it",
        answer=BusinessOut,
        statuses=(200, 404),
    ),
)
