"""Taking a ticket of the queue on, giving it back, handing it to a colleague: forms, which the page's script sends too.

After a form one is back at the same queue; a script gets JSON: `said`, a sentence, and `cell`, the row's end anew, with
its `assignee`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from aiohttp import web

from gateway.web.desk.layout import desk_page
from gateway.web.desk.queue import ACCESS, FORM, PATH, show_queue, shower_of
from gateway.web.desk.queue_query import Wanted, wanted_of
from gateway.web.desk.ticket_page import words_for
from gateway.web.desk.ticket_taking import why_not
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from normalizer.tracking_code import parse_code
from ticketing import assigning
from ticketing.assigning import ASSIGNERS, Taken
from ticketing.desk import get_item
from ticketing.errors import Conflict, Invalid, NotFound
from ticketing.roles import OVERSEERS

_TAKERS: Final = ACCESS - OVERSEERS
_ASSIGNERS: Final = ASSIGNERS & ACCESS


async def post_take(request: web.Request) -> web.Response:
    """Take a ticket on; where somebody was first, who and when."""
    services, (code, _) = request.app[SERVICES], await _form(request)
    doing = assigning.take(services.database, services.rules, request[STAFF], code, services.now())
    return await _answer(request, code, "queue.done_taken", doing)


async def post_give_back(request: web.Request) -> web.Response:
    """Let a ticket be nobody's again."""
    services, (code, _) = request.app[SERVICES], await _form(request)
    doing = assigning.give_back(services.database, services.rules, request[STAFF], code, services.now())
    return await _answer(request, code, "queue.done_given_back", doing)


async def get_row(request: web.Request) -> web.Response:
    """A row's end as it is now, for the page's script, which has heard that something happened to its ticket."""
    services = request.app[SERVICES]
    code = parse_code(request.query.get("code", "")) or ""
    return await _for_script(request, wanted_of(request, services.now()), code, 200, "")


async def get_assign(request: web.Request) -> web.Response:
    """Whom to hand a ticket to."""
    return await _assign_page(request, parse_code(request.query.get("code", "")) or "", FilledForm())


async def post_assign(request: web.Request) -> web.Response:
    """Hand a ticket to a colleague."""
    services, (code, colleague) = request.app[SERVICES], await _form(request)
    doing = assigning.assign(services.database, services.rules, request[STAFF], code, colleague, services.now())
    try:
        return await _answer(request, code, "queue.done_assigned", doing)
    except Invalid as refusal:
        typed, language = {"assignee": colleague}, page_language(request)
        form = refused(typed, refusal.errors, services.catalogue, language)
        return await _assign_page(request, code, form, status=422)


async def _form(request: web.Request) -> tuple[str, str]:
    """The code and the colleague of a form. Raises NotFound where the code is none."""
    typed: dict[str, str] = (await FORM.read(request)).value
    code = parse_code(typed.get("code", ""))
    if code is None:
        raise NotFound
    return code, typed.get("assignee", "")[:64]


async def _assign_page(request: web.Request, code: str, form: FilledForm, *, status: int = 200) -> web.Response:
    services, member, language = request.app[SERVICES], request[STAFF], page_language(request)
    wanted = wanted_of(request, services.now())
    item = await get_item(services.database, services.rules, member, code, wanted.asked.at)
    row = shower_of(request, wanted).row(item)
    names = await assigning.colleagues(services.database, services.rules, member, code)
    return desk_page(
        request,
        "desk/queue_assign.html",
        status=status,
        form=form,
        row=row,
        names=[(name, name) for name in names if name != item["assignee"]],
        address=page_url("", language, **_way_back(request, wanted)),
        back=_queue_url(request, wanted),
    )


async def _answer(request: web.Request, code: str, done: str, doing: Awaitable[Taken]) -> web.Response:
    """Do it, and answer: with JSON to a script, with the queue to a form."""
    services, language = request.app[SERVICES], page_language(request)
    status, said = 200, ""
    try:
        taken = await doing
        said = services.catalogue.say(language, done, who=taken.assignee or "")
    except Conflict as refusal:
        item = await get_item(services.database, services.rules, request[STAFF], code, services.now())
        status, said = 409, why_not(words_for(request, item), refusal, services.now())
    wanted = wanted_of(request, services.now())
    if "application/json" in request.headers.get("Accept", ""):
        return await _for_script(request, wanted, code, status, said)
    if status == 200:
        return see_other(f"{_queue_url(request, wanted)}#t-{code}")
    return await show_queue(request, wanted, status=status, said=said, past=code)


async def _for_script(request: web.Request, wanted: Wanted, code: str, status: int, said: str) -> web.Response:
    services, member = request.app[SERVICES], request[STAFF]
    item = await get_item(services.database, services.rules, member, code, wanted.asked.at)
    row = shower_of(request, wanted).row(item)
    query = page_url("", page_language(request), **_way_back(request, wanted))
    cell = desk_page(request, "desk/queue_who.html", row=row, address=query).text
    return web.json_response({"said": said, "cell": cell, "assignee": item["assignee"]}, status=status)


def _way_back(request: web.Request, wanted: Wanted) -> dict[str, str]:
    return {**wanted.query, **({"cursor": wanted.cursor} if wanted.cursor else {})}


def _queue_url(request: web.Request, wanted: Wanted) -> str:
    return page_url(PATH, page_language(request), **_way_back(request, wanted))


ROUTES: Final = (
    Route("POST", f"{PATH}/take", post_take, _TAKERS),
    Route("POST", f"{PATH}/give-back", post_give_back, ACCESS),
    Route("GET", f"{PATH}/row", get_row, ACCESS),
    Route("GET", f"{PATH}/assign", get_assign, _ASSIGNERS),
    Route("POST", f"{PATH}/assign", post_assign, _ASSIGNERS),
)
