"""`/desk/queue`: what waits for whoever is signed in, in tabs and filters that stand in the address, and the search.

A search asks by POST, so that a phone gets into no address: other words go on to an address of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.desk.business import ACCESS as BUSINESSES
from gateway.web.desk.business import growing, proposed
from gateway.web.desk.layout import DESKS, desk_page
from gateway.web.desk.queue_filters import Filters
from gateway.web.desk.queue_query import Wanted, acted_on, is_phone, wanted_of
from gateway.web.desk.queue_rows import Shower
from gateway.web.desk.titles import Titles
from gateway.web.problems import field_error
from gateway.web.render import other_language_url, page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from normalizer.text import digits
from normalizer.tracking_code import parse_code
from sms.digits import is_ascii_number
from ticketing import desk, queues
from ticketing.desk import MOST_LOOKED
from ticketing.errors import FieldError, Invalid
from ticketing.organisations import NATIONAL
from ticketing.queues import Count
from ticketing.roles import seen_by
from ticketing.sittings import days_without_sitting
from ticketing.tabs import first_tab

PATH: Final = "/desk/queue"
NEXT: Final = f"{PATH}/next"
ACCESS: Final = next(each.access for each in DESKS if each.code == "queue")
FORM: Final = Reader(json=False, form=True)
_MOST_SEARCHED: Final = 200
_LONGEST_SINCE: Final = 19


async def get_queue(request: web.Request) -> web.Response:
    """The queue, or what was found by `q`."""
    return await show_queue(request, wanted_of(request, request.app[SERVICES].now()))


async def show_queue(
    request: web.Request, wanted: Wanted, *, status: int = 200, said: str = "", past: str = ""
) -> web.Response:
    """The page of a queue. `said` stands above it, and the focus is past the ticket with the code `past`."""
    services, language = request.app[SERVICES], page_language(request)
    since, wrong = queues.now_id(), list(wanted.wrong)
    counts = await queues.counts_of(services.database, services.rules, wanted.asked)
    found = await (_found(request, wanted, wrong) if wanted.q else _queued(request, wanted))
    shower = shower_of(request, wanted)
    rows = [shower.row(item) for item in found["items"]]
    return desk_page(
        request,
        "desk/queue.html",
        status=status,
        q=wanted.q,
        words=wanted.query.get("q", ""),
        tab=wanted.asked.tab,
        tabs=[_tab(wanted, each, count, language) for each, count in counts.items()],
        **_narrowing(request, wanted),
        rows=rows,
        more=_more(wanted, found["next_cursor"], language),
        is_short=found["next_cursor"] is not None and len(rows) < queues.PAGE,
        most_looked=MOST_LOOKED,
        wrong=[f"{error.field}: {field_error(error, services.catalogue, language)['message']}" for error in wrong],
        address=_address(wanted, language),
        here_url=page_url(PATH, language, **wanted.query),
        row_url=page_url(f"{PATH}/row", language, **wanted.query),
        news_url=page_url(f"{PATH}/news", language, **wanted.query, since=str(since)),
        **await _businesses(request, wanted),
        no_sitting=await days_without_sitting(services.database.read, services.rules, request[STAFF], services.now()),
        said=said,
        acted=acted_on(request),
        focus=_after([row["tracking_code"] for row in rows], past) if past else "",
        other_language_url=other_language_url(PATH, language, **wanted.query),
    )


async def _businesses(request: web.Request, wanted: Wanted) -> dict[str, Any]:
    """Businesses to look at as a whole, on the queue one begins with, for those whose desk they are."""
    is_first = wanted.query == {"tab": first_tab(request[STAFF].role)} and not wanted.cursor
    if not is_first or request[STAFF].role not in BUSINESSES:
        return {"proposals": [], "cases": []}
    return {"proposals": await proposed(request), "cases": await growing(request)}


def shower_of(request: web.Request, wanted: Wanted) -> Shower:
    """Shows the tickets of a queue to whoever asks."""
    return Shower(request.app[SERVICES], request[STAFF], page_language(request), wanted.asked.at, wanted.query)


async def get_next(request: web.Request) -> web.Response:
    """On to the ticket after `after` in the same queue, or to the queue where nothing is left, or near.

    `acted`, the code of a ticket that was just acted on, goes along for the page to say so.
    """
    services, language = request.app[SERVICES], page_language(request)
    wanted = wanted_of(request, services.now())
    code, place = request.query.get("after", ""), request.query.get("place", "")
    try:
        following = await queues.following(services.database, services.rules, wanted.asked, code, place)
    except Invalid:  # a place nobody wrote: from the ticket itself, then
        following = await queues.following(services.database, services.rules, wanted.asked, code)
    acted = {"acted": code} if (code := acted_on(request)) else {}
    if following is None:
        return see_other(page_url(PATH, language, **wanted.query, **acted))
    if not following.code:
        return see_other(page_url(PATH, language, **wanted.query, cursor=following.place, **acted))
    path = f"/desk/tickets/{following.code}"
    return see_other(page_url(path, language, **wanted.query, place=following.place, **acted))


async def get_news(request: web.Request) -> web.Response:
    """What happened since a moment: JSON `{"since", "tickets": [{"tracking_code", "assignee", "is_here"}]}`."""
    services = request.app[SERVICES]
    wanted = wanted_of(request, services.now())
    since, written = queues.now_id(), digits(request.query.get("since", ""))[:_LONGEST_SINCE]
    after = min(int(written), 2**63 - 1) if is_ascii_number(written) else since
    tickets = await queues.news_of(services.database, services.rules, wanted.asked, after)
    return web.json_response({"since": str(since), "tickets": tickets})


async def post_search(request: web.Request) -> web.Response:
    """Search: a code leads to its ticket, words to an address with them, a phone to what it found, here and now."""
    services, language = request.app[SERVICES], page_language(request)
    wanted = wanted_of(request, services.now())
    typed: dict[str, str] = (await FORM.read(request)).value
    q = " ".join(typed.get("q", "").split())[:_MOST_SEARCHED]
    code = parse_code(q)
    if code is not None:
        row = await desk.find_visible(services.database.read, services.rules, request[STAFF], code)
        if row is not None:
            return see_other(page_url(f"/desk/tickets/{code}", language))
    if q and (is_phone(q) or code is not None):
        return await show_queue(request, Wanted(wanted.asked, q, "", ()))
    return see_other(page_url(PATH, language, **{**wanted.query, **({"q": q} if q else {})}))


async def _queued(request: web.Request, wanted: Wanted) -> Mapping[str, Any]:
    services = request.app[SERVICES]
    return await queues.page_of(services.database, services.rules, wanted.asked, wanted.cursor)


async def _found(request: web.Request, wanted: Wanted, wrong: list[FieldError]) -> Mapping[str, Any]:
    services, asked = request.app[SERVICES], wanted.asked
    filters = {**asked.filters, "q": wanted.q, "cursor": wanted.cursor}
    try:
        return await desk.list_tickets(services.database, services.rules, asked.staff, filters, asked.at)
    except Invalid as refusal:
        wrong += refusal.errors
        return {"items": [], "next_cursor": None}


def _tab(wanted: Wanted, code: str, held: Count, language: str) -> dict[str, Any]:
    query = {**wanted.asked.filters, "tab": code}
    here = code == wanted.asked.tab and not wanted.q
    url = page_url(PATH, language, **query)
    return {"code": code, "count": held.count, "more": held.more, "here": here, "url": url}


def _narrowing(request: web.Request, wanted: Wanted) -> dict[str, Any]:
    """What the form offers, and every filter that is set: in words, with the queue's address without it."""
    services, language, query = request.app[SERVICES], page_language(request), wanted.query
    speak = Filters(Titles(language, services.catalogue, services.rules))
    is_national = request[STAFF].organisation == NATIONAL
    procedures = seen_by(request[STAFF].role)
    choices = speak.choices(procedures=procedures, is_national=is_national, **_statuses(wanted))
    offered = {(each.name, code) for each in choices for code, _ in each.options}
    conditions = [
        (speak.said(name, value), page_url(PATH, language, **{each: query[each] for each in query if each != name}))
        for name, value in wanted.asked.filters.items()
    ]
    kept = {name: value for name, value in query.items() if (name, value) not in offered}
    cleared = {name: value for name, value in query.items() if name not in wanted.asked.filters}
    return {
        "choices": choices,
        "filters": wanted.asked.filters,
        "conditions": conditions,
        "kept": kept,
        "clear_url": page_url(PATH, language, **cleared),
    }


def _statuses(wanted: Wanted) -> dict[str, Any]:
    """Which status may be chosen: a search finds any, the tab of all holds open ones; other tabs nothing else."""
    if wanted.q:
        return {"statuses": ("open", "closed"), "empty_status": "any"}
    return {"statuses": ("closed", "any") if wanted.asked.tab == "all" else (), "empty_status": "open"}


def _after(codes: Sequence[str], code: str) -> str:
    """The code after this one, or the first where it is not there or the last."""
    following = codes[codes.index(code) + 1 :] if code in codes else []
    return next(iter((*following, *codes)), "")


def _more(wanted: Wanted, cursor: str | None, language: str) -> str:
    """The address of the next page; none for a phone's, whose words stand in no address (and are few)."""
    if cursor is None or (wanted.q and is_phone(wanted.q)):
        return ""
    return page_url(PATH, language, **wanted.query, cursor=cursor)


def _address(wanted: Wanted, language: str) -> str:
    """The query of this page of the queue, as its forms carry it on."""
    cursor = {"cursor": wanted.cursor} if wanted.cursor else {}
    return page_url("", language, **wanted.query, **cursor)


ROUTES: Final = (
    Route("GET", PATH, get_queue, ACCESS),
    Route("GET", NEXT, get_next, ACCESS),
    Route("GET", f"{PATH}/news", get_news, ACCESS),
    Route("POST", f"{PATH}/search", post_search, ACCESS),
)
