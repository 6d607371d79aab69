"""`/desk/calls`: an operator writes down what a caller says, and files it or adds it to a ticket, by keys alone.

The same address takes the form from a browser without scripts and, as JSON, from the page's own script; the form's id
makes both the same report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from gateway.web.body import Reader, as_mapping
from gateway.web.desk import call_drafts, shop_history
from gateway.web.desk.call_filing import attach, file
from gateway.web.desk.call_form import (
    CHANNEL_CODES,
    form_id_of,
    provinces,
    typed_in,
    wrong_lines,
    wrongly_filled,
)
from gateway.web.desk.call_news import call_now
from gateway.web.desk.calls_result import Result, keep_result, kept_result, result_json, result_of
from gateway.web.desk.layout import desk_page
from gateway.web.pages.forms import FilledForm, complained
from gateway.web.problems import Problem, problem_of
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from ticketing.errors import Conflict, Invalid, KeyReused, NotFound
from ticketing.extensions import extension_of, set_extension
from ticketing.title import titled
from ticketing.writer import Unavailable

PATH: Final = "/desk/calls"
_READER: Final = Reader(json=True, form=True)
_OPERATORS: Final = frozenset({"operator"})
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
    result = kept_result(request)
    response = await _page(request, FilledForm(typed), parked=desktop.parked, result=result)
    if result is not None:
        response.del_cookie(Result.COOKIE, path=PATH)
    return response


async def post_calls(request: web.Request) -> web.Response:
    """File the form, add it to a ticket, or only look up who calls; as a form or, from our script, as JSON."""
    body = await _READER.read(request)
    typed = typed_in(as_mapping(body.value))
    is_ours = request.content_type == "application/json"
    if typed.get("act") == "look":
        return await _page(request, FilledForm(typed))
    try:
        result = await _take(request, typed)
    except (Problem, NotFound, Conflict, KeyReused, Unavailable) as error:
        return await _refuse(request, typed, error, is_ours=is_ours)
    if is_ours:
        return result_json(request, result)
    response = see_other(page_url(PATH, page_language(request)))
    keep_result(request, response, result, PATH)
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
        return await _page(request, complained(given, sentence, "extension"), status=422)
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


async def _refuse(request: web.Request, typed: Mapping[str, str], error: Exception, *, is_ours: bool) -> web.Response:
    problem = problem_of(error)
    if problem.status not in (404, 409, 422, 503):
        raise error
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    lines = wrong_lines(problem.errors, catalogue, language)
    if not lines:
        code = "sent_before" if isinstance(error, KeyReused) else "unavailable" if problem.status == 503 else "gone"
        lines = [{"field": "", "code": code, "message": catalogue.say(language, f"calls.{code}")}]
    if is_ours:
        raise Problem(problem.status, problem.code, headers=problem.headers, members={"errors": lines})
    return await _page(request, wrongly_filled(typed, lines), status=problem.status)


async def _page(request: web.Request, form: FilledForm, *, status: int = 200, **more: Any) -> web.Response:
    services, member, language = request.app[SERVICES], request[STAFF], page_language(request)
    parked = more["parked"] if "parked" in more else (await call_drafts.desktop_of(services, member)).parked
    return desk_page(
        request,
        "desk/calls.html",
        status=status,
        form=form,
        form_id=form_id_of(form.typed),
        province=form.typed.get("place.province", member.organisation[:2]),
        categories=[(each.code, titled(each.title, language)) for each in services.rules.categories.values()],
        provinces=provinces(language),
        channel_codes=CHANNEL_CODES,
        extension=await extension_of(services.database, member.id) or "",
        history=await shop_history.history_of(request, form.typed),
        parked=parked,
        result=more.get("result"),
    )


ROUTES: Final = (
    Route("GET", PATH, get_calls, _OPERATORS),
    Route("POST", PATH, post_calls, _OPERATORS),
    Route("GET", f"{PATH}/now", get_now, _OPERATORS),
    Route("POST", f"{PATH}/history", shop_history.post_history, _OPERATORS),
    Route("POST", f"{PATH}/drafts", call_drafts.post_draft, _OPERATORS),
    Route("POST", f"{PATH}/drafts/discard", call_drafts.post_discard, _OPERATORS),
    Route("POST", f"{PATH}/extension", post_extension, _OPERATORS),
)
