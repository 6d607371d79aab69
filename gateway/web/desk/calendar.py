"""`/desk/calendar`: officials and the times in which they may be met, kept by forms that need no script.

A form's own id makes a second press the first one again, and nothing that was typed is lost where it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from gateway.web.asked import asked_of
from gateway.web.body import Reader
from gateway.web.calendar_schemas import OfficialIn, SlotsIn
from gateway.web.desk.layout import desk_page
from gateway.web.desk.titles import Titles
from gateway.web.pages.forms import FilledForm, complained, form_id_of, nested, refused, whole_number
from gateway.web.problems import Problem
from gateway.web.render import digits_of, page_language, page_url, see_other, table_date
from gateway.web.route import Route
from gateway.web.schemas import checked
from gateway.web.services import SERVICES, STAFF
from normalizer.day import parse_day, tehran_day
from ticketing import calendars
from ticketing.asked import Asked
from ticketing.calendar_view import DAYS, list_calendars
from ticketing.errors import Conflict, FieldError, Invalid, KeyReused
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.procedure_parts import Calendar
from ticketing.roles import seen_by

PATH: Final = "/desk/calendar"
_FORM: Final = Reader(json=False, form=True)
_DONE: Final = ("official", "slots", "withdrawn", "active", "inactive")
_NEW: Final = "new"
_LENGTH_MIN: Final = 30


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form that came back: of which official (`new` is the one of a new official), what was typed and is wrong."""

    of: str = ""
    form: FilledForm = field(default_factory=FilledForm)
    form_id: str = ""


async def get_page(request: web.Request) -> web.Response:
    """The calendars, from today or the day of `?since=` on."""
    return await _page(request)


async def post_official(request: web.Request) -> web.Response:
    """Put an official on the list."""
    typed = await _typed(request)
    try:
        given = checked(OfficialIn, nested(typed, dict.fromkeys(("name", "post", "organisation"), str)))
        made = await calendars.add_official(
            request.app[SERVICES].database,
            _asked(request, "officials", typed),
            given.name,
            given.post,
            given.organisation,
        )
    except (Invalid, Problem, KeyReused) as refusal:
        return await _again(request, _NEW, typed, refusal)
    return _on_to(request, "official", f"official-{made['id']}")


async def post_slots(request: web.Request) -> web.Response:
    """Add a row of times to the official's calendar; the page then shows the days it begins with."""
    typed, official = await _typed(request), request.match_info["official"]
    readers: dict[str, Any] = {**dict.fromkeys(("day", "begins", "ends", "place"), str)}
    readers |= dict.fromkeys(("minutes", "weeks"), whole_number)
    try:
        given = checked(SlotsIn, nested(typed, readers))
        series = calendars.Series(given.day, given.begins, given.ends, given.minutes, given.place, given.weeks)
        asked = _asked(request, f"officials/{official}/slots", typed)
        await calendars.add_slots(request.app[SERVICES].database, asked, official, series)
    except (Invalid, Problem, KeyReused) as refusal:
        return await _again(request, official, typed, refusal)
    return _on_to(request, "slots", f"official-{official}", first=given.day)


async def post_activity(request: web.Request) -> web.Response:
    """Offer the official's times, or no more."""
    typed, official = await _typed(request), request.match_info["official"]
    active = typed.get("becomes") == "active"
    asked = Asked(request.app[SERVICES].rules, request[STAFF], request.app[SERVICES].now())
    await calendars.set_active(request.app[SERVICES].database, asked, official, active=active)
    return _on_to(request, "active" if active else "inactive", f"official-{official}")


async def post_withdrawal(request: web.Request) -> web.Response:
    """Take a free time back; where it has just been given away, the page says so."""
    services, typed = request.app[SERVICES], await _typed(request)
    asked = Asked(services.rules, request[STAFF], services.now())
    try:
        await calendars.withdraw_slot(services.database, asked, request.match_info["slot"])
    except Conflict as refusal:
        return await _again(request, "", typed, refusal)
    return _on_to(
        request, "withdrawn", f"official-{typed.get('official', '')}", first=parse_day(typed.get("since", ""))
    )


async def _page(request: web.Request, sent: _Sent | None = None, *, status: int = 200) -> web.Response:
    services, member, language = request.app[SERVICES], request[STAFF], page_language(request)
    at = services.now()
    today, sent = tehran_day(at), sent or _Sent()
    first = parse_day(request.query.get("since", "")) or today
    found = await list_calendars(services.database.read, services.rules, member, first, at)
    done = request.query.get("done", "")
    return desk_page(
        request,
        "desk/calendar.html",
        status=status,
        calendar=_calendar(request),
        officials=[{**each, "days": _by_day(each["slots"])} for each in found],
        organisations=_organisations(request),
        sent=sent,
        fresh=FilledForm(_at_first(first, language)),
        form_id=uuid4().hex,
        first=first.isoformat(),
        last=(first + timedelta(days=DAYS - 1)).isoformat(),
        earlier=_url(request, first - timedelta(days=DAYS)) if first > today else "",
        later=_url(request, first + timedelta(days=DAYS)),
        done=done if done in _DONE else "",
        titles=Titles(language, services.catalogue, services.rules),
        longest=calendars.LONGEST,
    )


def _at_first(first: date, language: str) -> dict[str, str]:
    """What stands in the form of more times at first."""
    numbers = {"minutes": _LENGTH_MIN, "weeks": 1}
    return {"day": table_date(first, language)} | {name: digits_of(each, language) for name, each in numbers.items()}


def _by_day(slots: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(day, list(its)) for day, its in groupby(slots, key=lambda slot: slot["day"])]


def _calendar(request: web.Request) -> Calendar:
    """What the procedure the asker keeps the calendar of calls it."""
    procedures = request.app[SERVICES].rules.procedures
    known = (procedures[code].calendar for code in seen_by(request[STAFF].role) if code in procedures)
    return next(each for each in known if each is not None)


def _organisations(request: web.Request) -> list[tuple[str, str]]:
    """Those the asker may put officials of on the list, but the nation; none where there is only their own."""
    if request[STAFF].organisation != NATIONAL:
        return []
    titles = Titles(page_language(request), request.app[SERVICES].catalogue, request.app[SERVICES].rules)
    return [(code, titles.of("organisation", code)) for code in ORGANISATIONS if code != NATIONAL]


async def _typed(request: web.Request) -> Mapping[str, str]:
    typed: Mapping[str, str] = (await _FORM.read(request)).value
    return typed


def _asked(request: web.Request, endpoint: str, typed: Mapping[str, str]) -> Asked:
    return asked_of(request.app[SERVICES], request[STAFF], endpoint, f"form-{form_id_of(typed)}", typed)


async def _again(
    request: web.Request, of: str, typed: Mapping[str, str], refusal: Invalid | Problem | KeyReused | Conflict
) -> web.Response:
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    if isinstance(refusal, Invalid | Problem):
        errors: list[FieldError] = list(refusal.errors)
        sent = _Sent(of, refused(typed, errors, catalogue, language), form_id_of(typed))
        return await _page(request, sent, status=422)
    code = "problem.slot_taken.detail" if isinstance(refusal, Conflict) else "calendar.sent_before"
    return await _page(request, _Sent(of, complained(typed, catalogue.say(language, code)), uuid4().hex), status=409)


def _on_to(request: web.Request, done: str, place: str, first: date | None = None) -> web.Response:
    return see_other(f"{_url(request, first, done=done)}#{place}")


def _url(request: web.Request, first: date | None, **query: str) -> str:
    since = {"since": first.isoformat()} if first is not None else {}
    return page_url(PATH, page_language(request), **since, **query)


ROUTES: Final = (
    Route("GET", PATH, get_page, calendars.KEEPERS),
    Route("POST", f"{PATH}/officials", post_official, calendars.KEEPERS),
    Route("POST", f"{PATH}/officials/{{official}}/slots", post_slots, calendars.KEEPERS),
    Route("POST", f"{PATH}/officials/{{official}}/active", post_activity, calendars.KEEPERS),
    Route("POST", f"{PATH}/slots/{{slot}}/withdrawal", post_withdrawal, calendars.KEEPERS),
)
