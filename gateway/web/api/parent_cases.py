"""The API of parent cases: made of a business's open tickets, looked at, acted on all at once (`ticketing` decides)."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from gateway.web.api.businesses import OVERSEERS
from gateway.web.api.citizen import read_body
from gateway.web.asked import asked_of, read_said
from gateway.web.body import as_mapping
from gateway.web.case_schemas import CaseOut, CasesOut, ChildrenIn, FanOutIn, NewCaseIn, ResultsOut
from gateway.web.filing import hash_of, idempotency_key
from gateway.web.route import STAFF_ANY, Handler, Route
from gateway.web.schemas import checked
from gateway.web.services import SERVICES, STAFF
from ticketing import parent_cases
from ticketing.fanning_out import FanOut, act_on_children
from ticketing.parent_case_view import get_case, list_cases

_CASES: Final = "/api/v1/staff/parent-cases"
_CASE: Final = f"{_CASES}/{{case}}"
_PARTS: Final = ("action", "body")


async def get_cases(request: web.Request) -> web.Response:
    """The open cases of one's organisation."""
    return web.json_response({"items": await list_cases(request.app[SERVICES].database.read, request[STAFF])})


async def get_one(request: web.Request) -> web.Response:
    """One case."""
    services = request.app[SERVICES]
    case_id, at = request.match_info["case"], services.now()
    return web.json_response(await get_case(services.database.read, services.rules, request[STAFF], case_id, at))


async def post_case(request: web.Request) -> web.Response:
    """A new case of some of a business's open tickets."""
    services, business_id = request.app[SERVICES], request.match_info["business"]
    said, given = await read_said(request, NewCaseIn)
    asked = asked_of(services, request[STAFF], f"cases/{business_id}", idempotency_key(request), said)
    adds = services.settings.surges.adds if given.adds is None else given.adds
    opened = await parent_cases.open_case(services.database, asked, business_id, given.tickets, adds=adds)
    return web.json_response(opened)


async def post_children(request: web.Request) -> web.Response:
    """More children for a case."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    said, given = await read_said(request, ChildrenIn)
    asked = asked_of(services, request[STAFF], f"children/{case_id}", idempotency_key(request), said)
    return web.json_response(await parent_cases.add_children(services.database, asked, case_id, given.tickets))


async def post_removals(request: web.Request) -> web.Response:
    """Children that do not belong to it."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    said, given = await read_said(request, ChildrenIn)
    asked = asked_of(services, request[STAFF], f"removals/{case_id}", idempotency_key(request), said)
    return web.json_response(await parent_cases.take_out(services.database, asked, case_id, given.tickets))


async def post_close(request: web.Request) -> web.Response:
    """The case is closed; its children stay as they are."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    asked = asked_of(services, request[STAFF], f"close/{case_id}", idempotency_key(request), {})
    return web.json_response(await parent_cases.close_case(services.database, asked, case_id))


async def post_action(request: web.Request) -> web.Response:
    """One action, done to each of the children named."""
    services, key = request.app[SERVICES], idempotency_key(request)
    body = await read_body(request, *_PARTS)
    said = dict(as_mapping(body.value))
    given = checked(FanOutIn, said)
    stored = [await services.attachments.save(file.content or b"", file.name, file.media_type) for file in body.files]
    asked = FanOut(
        request.match_info["action"],
        {name: value for name, value in said.items() if name != "tickets"},
        {child.tracking_code: child.version for child in given.tickets},
        key,
        hash_of(said, body.files),
        stored,
    )
    case_id = request.match_info["case"]
    done = await act_on_children(services.database, services.rules, request[STAFF], case_id, asked, services.now())
    return web.json_response(done)


def _deed(path: str, handler: Handler, summary: str, body: type[BaseModel] | None = None) -> Route:
    """Something overseers do to a case; it tells what came of each child."""
    return Route(
        "POST", path, handler, OVERSEERS, summary, body=body, answer=ResultsOut, statuses=(200, 404, 409), keyed=True
    )


ROUTES: Final = (
    Route("GET", _CASES, get_cases, OVERSEERS, "The open parent cases of one's organisation", answer=CasesOut),
    _deed(
        "/api/v1/staff/businesses/{business}/parent-cases",
        post_case,
        "Open a parent case with some of a business's open tickets",
        NewCaseIn,
    ),
    Route(
        "GET",
        _CASE,
        get_one,
        STAFF_ANY,
        "One parent case with its children in sight",
        answer=CaseOut,
        statuses=(200, 404),
    ),
    _deed(f"{_CASE}/children", post_children, "Put more open tickets of its business into a parent case", ChildrenIn),
    _deed(f"{_CASE}/removals", post_removals, "Take children out of a parent case", ChildrenIn),
    _deed(f"{_CASE}/close", post_close, "Close a parent case; its children stay as they are"),
    Route(
        "POST",
        f"{_CASE}/actions/{{action}}",
        post_action,
        STAFF_ANY,
        "Do something to each of these children, as if to it alone",
        body=FanOutIn,
        answer=ResultsOut,
        statuses=(200, 404),
        keyed=True,
        files="action",
    ),
)
