"""`/desk/calls`: an operator writes down what a caller says, and files it or adds it to a ticket, by keys alone.

The same address takes the form from a browser without scripts and, as JSON, from the page's own script; the form's id
makes both the same report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.web.body import Reader, as_mapping
from gateway.web.desk import call_drafts, call_log, shop_history
from gateway.web.desk.call_filing import attach, file
from gateway.web.desk.call_form import typed_in
from gateway.web.desk.call_news import call_now
from gateway.web.desk.call_page import PATH, call_page, is_script, refused_page
from gateway.web.desk.calls_result import Result, keep_result, kept_result, result_json, result_of, with_candidate
from gateway.web.pages.forms import FilledForm, complained, form_id_of
from gateway.web.problems import Problem
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from sms.digits import is_ascii_number
from ticketing.act import act
from ticketing.citizen_actions import JOIN
from ticketing.errors import Conflict, Invalid, KeyReused, NotFound
from ticketing.extensions import set_extension
from ticketing.roles import at_desk
from ticketing.writer import Unavailable

_READER: Final = Reader(json=True, form=True)
_LONGEST_CODE: Final = 20
_OPERATORS: Final = at_desk("calls")
_FORM_READER: Final = Reader(json=False, form=True)


async def get_calls(request: web.Request) -> web.Response:
    """The form: the draft that was left, else an empty one with the caller who is on the line."""
    services, member = request.app[SERVICES], request[STAFF]
    desktop = await call_drafts.desktop_of(services, member, request.query.get("draft", ""))
    if desktop.open is not None:
        typed = {**desktop.open.body, "form_id": desktop.open.form_id}
    else:
        call = await call_now(services, member.id) or {}
        typed = {"phone": call.get("caller", ""), "call_id": call.get("call_id", "")}
    kept, logged = kept_result(request), await call_log.just_logged(request)
    result = await with_candidate(request, kept) if kept is not None else None
    response = await call_page(request, FilledForm(typed), parked=desktop.parked, result=result, logged=logged)
    if result is not None:
        response.del_cookie(Result.COOKIE, path=PATH)
    return response


async def post_calls(request: web.Request) -> web.Response:
    """File the form, add it to a ticket, or only look up who calls; as a form or, from our script, as JSON."""
    body = await _READER.read(request)
    typed = typed_in(as_mapping(body.value))
    if typed.get("act") == "look":
        return await call_page(request, FilledForm(typed))
    try:
        result = await _take(request, typed)
    except (Problem, NotFound, Conflict, KeyReused, Unavailable) as error:
        return await refused_page(request, typed, error)
    if is_script(request):
        return result_json(request, await with_candidate(request, result))
    response = see_other(page_url(PATH, page_language(request)))
    keep_result(request, response, result, PATH)
    return response


async def post_join(request: web.Request) -> web.Response:
    """Put what was just filed to the caller's earlier ticket, on whose code they are told about from now on."""
    services, member = request.app[SERVICES], request[STAFF]
    given = (await _FORM_READER.read(request)).value
    code, into, version = (given.get(name, "")[:_LONGEST_CODE] for name in ("ticket", "into", "version"))
    body = {"tracking_code": into, "version": int(version) if is_ascii_number(version) else None}
    try:
        await act(services.database, services.rules, member, code, JOIN, body, services.now(), key=None, body_hash=b"")
    except (Conflict, Invalid, NotFound, Unavailable) as error:
        return await refused_page(request, {}, error)
    response = see_other(page_url(PATH, page_language(request)))
    keep_result(request, response, Result(into, "joined", "none"), PATH)
    return response


async def post_extension(request: web.Request) -> web.Response:
    """Set the telephone the operator sits at."""
    services = request.app[SERVICES]
    given = (await _FORM_READER.read(request)).value
    try:
        await set_extension(services.database, request[STAFF].id, given.get("extension", "")[:64])
    except Invalid as error:
        code = f"calls.extension.{error.errors[0].code}"
        sentence = services.catalogue.say(page_language(request), code)
        return await call_page(request, complained(given, sentence, "extension"), status=422)
    return see_other(page_url(PATH, page_language(request)))


async def get_now(request: web.Request) -> web.Response:
    """The call at the operator's telephone now, or null: for a page that was not told."""
    return web.json_response(await call_now(request.app[SERVICES], request[STAFF].id))


async def _take(request: web.Request, typed: Mapping[str, str]) -> Result:
    services, member, form_id = request.app[SERVICES], request[STAFF], form_id_of(typed)
    is_addition = typed.get("act") == "attach"
    accepted = await (attach if is_addition else file)(services, member, typed, form_id)
    await call_drafts.drop(services, member, form_id)
    return result_of(accepted, typed, is_addition=is_addition)


ROUTES: Final = (
    Route("GET", PATH, get_calls, _OPERATORS),
    Route("POST", PATH, post_calls, _OPERATORS),
    Route("GET", f"{PATH}/now", get_now, _OPERATORS),
    Route("POST", f"{PATH}/join", post_join, _OPERATORS),
    Route("POST", f"{PATH}/history", shop_history.post_history, _OPERATORS),
    Route("POST", f"{PATH}/drafts", call_drafts.post_draft, _OPERATORS),
    Route("POST", f"{PATH}/drafts/discard", call_drafts.post_discard, _OPERATORS),
    Route("POST", f"{PATH}/extension", post_extension, _OPERATORS),
    Route("POST", f"{PATH}/log", call_log.post_log, _OPERATORS),
    Route("POST", f"{PATH}/log/undo", call_log.post_undo, _OPERATORS),
)
