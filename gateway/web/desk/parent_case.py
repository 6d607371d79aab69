"""`/desk/parent-cases/{case}`: tickets about one business together, and one action done to those that are ticked.

By forms that need no script. The checks are the use cases'; a form's own id makes a second press the first one again.
What cannot be taken back is asked once more, on the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from gateway.web.asked import asked_of
from gateway.web.body import Reader
from gateway.web.desk.business import ACCESS, CHILD
from gateway.web.desk.business import PATH as BUSINESSES
from gateway.web.desk.parent_case_page import Sent, case_page, confirmation_of, outline_of, see_case
from gateway.web.desk.ticket_errors import complaint_about, refused_form
from gateway.web.desk.ticket_outlook import outlook_of
from gateway.web.desk.ticket_page import words_for
from gateway.web.desk.ticket_typed import body_of
from gateway.web.filing import hash_of
from gateway.web.pages.forms import FilledForm, form_id_of, whole_number
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF
from ticketing import parent_cases
from ticketing.action_body import read_body
from ticketing.asked import Asked
from ticketing.errors import Conflict, FieldError, Invalid, KeyReused, NotFound
from ticketing.fanning_out import FanOut, act_on_children
from ticketing.parent_case_view import open_case_of
from ticketing.parent_cases import MOST_CHILDREN
from ticketing.procedure import Variant

_PATH: Final = "/desk/parent-cases/{case}"
_FORM: Final = Reader(json=False, form=True, most_fields=MOST_CHILDREN + 64)
_DONE: Final = ("opened", "added", "removed", "closed", "taken")


async def get_page(request: web.Request) -> web.Response:
    """The case."""
    done = request.query.get("done", "")
    case = await see_case(request)
    return await case_page(request, case, request.query.get("action", ""), done=done if done in _DONE else "")


async def post_open(request: web.Request) -> web.Response:
    """Open a case with the tickets that are ticked; where the business has one already, on to that."""
    services, business_id = request.app[SERVICES], request.match_info["business"]
    typed: Mapping[str, str] = (await _FORM.read(request)).value
    asked = _asked(request, f"cases/{business_id}", typed)
    adds = typed.get("adds") == "yes"
    try:
        opened = await parent_cases.open_case(services.database, asked, business_id, list(_ticked(typed)), adds=adds)
    except Conflict:
        known = await open_case_of(services.database.read, int(business_id))
        return _on_to(request, str(known), "taken") if known else _back(request, business_id)
    except Invalid:
        return _back(request, business_id)
    return _on_to(request, opened["id"], "opened")


async def post_children(request: web.Request) -> web.Response:
    """Put the ticked tickets into the case."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    typed = (await _FORM.read(request)).value
    asked = _asked(request, f"children/{case_id}", typed)
    try:
        await parent_cases.add_children(services.database, asked, case_id, list(_ticked(typed)))
    except Conflict:
        return _on_to(request, case_id, "closed")
    return _on_to(request, case_id, "added")


async def post_removal(request: web.Request) -> web.Response:
    """Take one child out: the button that was pressed names it."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    typed = (await _FORM.read(request)).value
    asked = Asked(services.rules, request[STAFF], services.now())
    await parent_cases.take_out(services.database, asked, case_id, [typed.get("remove", "")])
    return _on_to(request, case_id, "removed")


async def post_close(request: web.Request) -> web.Response:
    """Close the case."""
    services, case_id = request.app[SERVICES], request.match_info["case"]
    asked = Asked(services.rules, request[STAFF], services.now())
    try:
        await parent_cases.close_case(services.database, asked, case_id)
    except Conflict:
        return _on_to(request, case_id)  # somebody was first
    return _on_to(request, case_id, "closed")


async def post_action(request: web.Request) -> web.Response:
    """Do the action to every child that is ticked; the page says what became of each."""
    typed: dict[str, str] = (await _FORM.read(request)).value
    case, code = await see_case(request), request.match_info["action"]
    action = words_for(request, case).procedure.actions.get(code)
    if action is None or action.one_by_one:
        raise NotFound("no_such_action")
    said = body_of(action, typed)
    said.pop("version", None)
    try:
        variant = read_body(action, said, request.app[SERVICES].now()).variant
        question = await _question(request, case, code, typed, variant)
        return question or await _act(request, case, code, typed, said)
    except Invalid as refusal:
        return await _again(request, case, code, typed, refusal.errors)
    except KeyReused:
        return await _again(request, case, code, typed, (), "sent_before")


async def _act(
    request: web.Request, case: Mapping[str, Any], code: str, typed: Mapping[str, str], said: Mapping[str, Any]
) -> web.Response:
    services, ticked = request.app[SERVICES], _ticked(typed)
    asked = FanOut(code, said, ticked, f"form-{form_id_of(typed)}", hash_of({**said, "tickets": ticked}))
    at = services.now()
    done = await act_on_children(services.database, services.rules, request[STAFF], case["id"], asked, at)
    try:
        now = await see_case(request)
    except NotFound:  # its children have just been handed on, out of sight
        now = {**case, "children": [], "actions": {}, "addable": []}
    return await case_page(request, now, code, results=done["results"])


async def _question(
    request: web.Request, case: Mapping[str, Any], code: str, typed: Mapping[str, str], variant: Variant
) -> web.Response | None:
    """The page that asks once more before what cannot be taken back; None where nothing is to be asked."""
    ticked = _ticked(typed)
    child = next((each for each in case["children"] if each["tracking_code"] in ticked), None)
    if child is None:
        return None
    ahead = outlook_of(words_for(request, case), variant, outline_of(child))
    if not ahead.is_final or typed.get("confirmed") == confirmation_of(ahead):
        return None
    return await case_page(request, case, code, sent=Sent(FilledForm(typed), form_id_of(typed), ticked, ahead))


async def _again(
    request: web.Request,
    case: Mapping[str, Any],
    code: str,
    typed: Mapping[str, str],
    errors: tuple[FieldError, ...] | list[FieldError],
    message: str = "",
) -> web.Response:
    words = words_for(request, case)
    action = words.procedure.actions[code]
    form = complaint_about(words, typed, message) if message else refused_form(words, action, typed, errors)
    form_id = uuid4().hex if message else form_id_of(typed)
    return await case_page(request, case, code, status=422, sent=Sent(form, form_id, _ticked(typed)))


def _ticked(typed: Mapping[str, str]) -> dict[str, int]:
    """The children that are ticked, each with the version the page showed."""
    ticked = {}
    for name, value in typed.items():
        if name.startswith(CHILD):
            ticked[name.removeprefix(CHILD)] = _version(value)
    return ticked


def _version(written: str) -> int:
    """The version of a tick; one that is none fits no ticket."""
    try:
        return whole_number(written)
    except ValueError:
        return 0


def _asked(request: web.Request, endpoint: str, typed: Mapping[str, str]) -> Asked:
    services = request.app[SERVICES]
    return asked_of(services, request[STAFF], endpoint, f"form-{form_id_of(typed)}", typed)


def _on_to(request: web.Request, case_id: str, done: str = "") -> web.Response:
    query = {"done": done} if done else {}
    return see_other(page_url(_PATH.format(case=case_id), page_language(request), **query))


def _back(request: web.Request, business_id: str) -> web.Response:
    return see_other(page_url(f"{BUSINESSES}/{business_id}", page_language(request)))


ROUTES: Final = (
    Route("GET", _PATH, get_page, STAFF_ANY),
    Route("POST", f"{BUSINESSES}/{{business}}/parent-case", post_open, ACCESS),
    Route("POST", f"{_PATH}/children", post_children, ACCESS),
    Route("POST", f"{_PATH}/removal", post_removal, ACCESS),
    Route("POST", f"{_PATH}/close", post_close, ACCESS),
    Route("POST", f"{_PATH}/actions/{{action}}", post_action, STAFF_ANY),
)
