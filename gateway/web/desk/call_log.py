"""`/desk/calls/log`: a call no ticket comes of, logged by its outcome, and taken back while that is a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from gateway.web.body import Reader, as_mapping
from gateway.web.desk import call_drafts
from gateway.web.desk.call_filing import call_id_of, filed_as
from gateway.web.desk.call_form import kept_fields, typed_in
from gateway.web.desk.call_page import PATH, call_page, is_script, refused_page
from gateway.web.desk.layout import desk_page
from gateway.web.pages.forms import complained, form_id_of
from gateway.web.problems import invalid
from gateway.web.render import page_language, page_url, see_other
from gateway.web.services import SERVICES, STAFF
from ticketing.errors import Invalid, KeyReused, NotFound
from ticketing.logged_calls import LoggedCall, find_logged, log_call, undo
from ticketing.writer import Unavailable

_READER: Final = Reader(json=True, form=True)
_FORM_READER: Final = Reader(json=False, form=True)


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged, and the form whose id takes it back."""

    form_id: str
    call: LoggedCall


async def post_log(request: web.Request) -> web.Response:
    """Log the call of a form; a script gets the piece of page that says so."""
    value = as_mapping((await _READER.read(request)).value)
    typed, outcome = typed_in(value), value.get("outcome", "")
    if not isinstance(outcome, str):
        raise invalid(("outcome", "wrong_type"))
    try:
        logged = await _log(request, typed, outcome)
    except (KeyReused, Invalid, Unavailable) as error:
        return await refused_page(request, typed, error)
    if is_script(request):
        return web.json_response({"panel": desk_page(request, "desk/calls_logged.html", logged=logged).text})
    return see_other(page_url(PATH, page_language(request), logged=logged.form_id))


async def post_undo(request: web.Request) -> web.Response:
    """Take back what was logged: its form lies open again. Where it is too late, the screen says so."""
    services, member = request.app[SERVICES], request[STAFF]
    form_id = form_id_of(typed_in((await _FORM_READER.read(request)).value))
    language = page_language(request)
    try:
        await undo(services.database, services.rules.vault, member, form_id, services.now(), call_drafts.KIND)
    except NotFound:
        late = complained({}, services.catalogue.say(language, "calls.undo_late"))
        return await call_page(request, late, status=409)
    return see_other(page_url(PATH, language, draft=form_id))


async def just_logged(request: web.Request) -> Logged | None:
    """The call the address speaks of, while it can be taken back."""
    services, form_id = request.app[SERVICES], request.query.get("logged", "")
    if not form_id:
        return None
    call = await find_logged(services.database, request[STAFF], form_id, services.now())
    return Logged(form_id, call) if call is not None else None


async def _log(request: web.Request, typed: Mapping[str, str], outcome: str) -> Logged:
    services, member, form_id = request.app[SERVICES], request[STAFF], form_id_of(typed)
    vault, at, done = services.rules.vault, services.now(), filed_as(member, form_id)
    said = kept_fields(typed)
    call = await log_call(
        services.database, vault, member, form_id, outcome, said, at, call_id=call_id_of(typed), filed_as=done
    )
    await call_drafts.drop(services, member, form_id)
    return Logged(form_id, call)
