"""The API of officials' calendars (`ticketing.calendars` decides)."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel

from gateway.web.asked import asked_of, read_said
from gateway.web.calendar_schemas import (
    ActivityIn,
    AddedOut,
    CalendarOut,
    CalendarQuery,
    MadeOut,
    OfficialIn,
    SlotsIn,
)
from gateway.web.filing import idempotency_key
from gateway.web.route import Handler, Route
from gateway.web.schemas import checked
from gateway.web.services import SERVICES, STAFF
from normalizer.day import tehran_day
from ticketing import calendars
from ticketing.asked import Asked
from ticketing.calendar_view import list_calendars

_CALENDAR: Final = "/api/v1/staff/calendar"
_OFFICIAL: Final = f"{_CALENDAR}/officials/{{official}}"


async def get_calendar(request: web.Request) -> web.Response:
    """The calendars one keeps."""
    services, wanted = request.app[SERVICES], checked(CalendarQuery, dict(request.query))
    at = services.now()
    read, first = services.database.read, wanted.since or tehran_day(at)
    return web.json_response({"officials": await list_calendars(read, services.rules, request[STAFF], first, at)})


async def post_official(request: web.Request) -> web.Response:
    """Somebody who may be met."""
    said, given = await read_said(request, OfficialIn)
    database, asked = request.app[SERVICES].database, _asked(request, "officials", said)
    made = await calendars.add_official(database, asked, given.name, given.post, given.organisation)
    return web.json_response(made, status=201)


async def post_activity(request: web.Request) -> web.Response:
    """Whether the official's slots are offered."""
    official = request.match_info["official"]
    said, given = await read_said(request, ActivityIn)
    database, asked = request.app[SERVICES].database, _asked(request, f"officials/{official}/active", said)
    return web.json_response(await calendars.set_active(database, asked, official, active=given.active))


async def post_slots(request: web.Request) -> web.Response:
    """A row of slots, of one day or weekly."""
    official = request.match_info["official"]
    said, given = await read_said(request, SlotsIn)
    database, asked = request.app[SERVICES].database, _asked(request, f"officials/{official}/slots", said)
    series = calendars.Series(given.day, given.begins, given.ends, given.minutes, given.place, given.weeks)
    return web.json_response(await calendars.add_slots(database, asked, official, series), status=201)


async def post_withdrawal(request: web.Request) -> web.Response:
    """A free slot taken back."""
    slot = request.match_info["slot"]
    database, asked = request.app[SERVICES].database, _asked(request, f"slots/{slot}/withdrawal", {})
    return web.json_response(await calendars.withdraw_slot(database, asked, slot))


def _asked(request: web.Request, endpoint: str, said: Any) -> Asked:
    return asked_of(request.app[SERVICES], request[STAFF], endpoint, idempotency_key(request), said)


def _deed(
    path: str, handler: Handler, summary: str, body: type[BaseModel] | None, answer: type[BaseModel], *statuses: int
) -> Route:
    return Route(
        "POST", path, handler, calendars.KEEPERS, summary, body=body, answer=answer, statuses=statuses, keyed=True
    )


ROUTES: Final = (
    Route(
        "GET",
        _CALENDAR,
        get_calendar,
        calendars.KEEPERS,
        "Officials' calendars: four weeks from a day on",
        query=CalendarQuery,
        answer=CalendarOut,
    ),
    _deed(f"{_CALENDAR}/officials", post_official, "Put an official on the list", OfficialIn, MadeOut, 201),
    _deed(f"{_OFFICIAL}/active", post_activity, "Offer an official's slots, or no more", ActivityIn, MadeOut, 200, 404),
    _deed(f"{_OFFICIAL}/slots", post_slots, "Add slots to an official's calendar", SlotsIn, AddedOut, 201, 404),
    _deed(
        f"{_CALENDAR}/slots/{{slot}}/withdrawal", post_withdrawal, "Take a free slot back", None, MadeOut, 200, 404, 409
    ),
)
