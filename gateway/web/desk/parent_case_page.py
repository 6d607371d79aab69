"""A parent case's page, laid out for the template: its children, one action's form for those that are ticked, results.

Everything is built from the procedure's data, as a ticket's forms are; nothing here is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

from gateway.web.desk.business import CHILD
from gateway.web.desk.layout import desk_page
from gateway.web.desk.queue_rows import Shower
from gateway.web.desk.ticket_forms import ActionForm, form_of, note_control
from gateway.web.desk.ticket_outlook import Outlook
from gateway.web.desk.ticket_page import offered_for, words_for
from gateway.web.desk.ticket_words import Words
from gateway.web.pages.forms import FilledForm
from gateway.web.render import page_language
from gateway.web.services import SERVICES, STAFF
from ticketing.parent_case_view import get_case
from ticketing.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: what was typed and is wrong with it, and its id; `ahead` where it is asked once more."""

    form: FilledForm
    form_id: str
    ticked: Mapping[str, int] = field(default_factory=dict)
    ahead: Outlook | None = None


async def see_case(request: web.Request) -> dict[str, Any]:
    """The case as this member of staff may see it. Raises `NotFound`."""
    services = request.app[SERVICES]
    return await get_case(
        services.database.read, services.rules, request[STAFF], request.match_info["case"], services.now()
    )


async def case_page(
    request: web.Request,
    case: Mapping[str, Any],
    action: str = "",
    *,
    status: int = 200,
    sent: Sent | None = None,
    results: Sequence[Mapping[str, Any]] = (),
    done: str = "",
) -> web.Response:
    """The page of a case with the form of `action`, or of what its children wait for. `done` is what was just done."""
    services, member, words = request.app[SERVICES], request[STAFF], words_for(request, case)
    chosen = action if action in case["actions"] else _expected(words.procedure, case["actions"])
    shower = Shower(services, member, page_language(request), services.now(), {})
    form = await _form(request, words, case, chosen, sent)
    return desk_page(
        request,
        "desk/parent_case.html",
        status=status,
        case=case,
        w=words,
        chosen=chosen,
        a=form,
        note=note_control(words, words.procedure.actions[chosen]) if chosen else None,
        rows=[shower.row(child) for child in case["children"]],
        addable=[shower.row(item) for item in case["addable"]],
        titles=words.titles,
        ticked=sent.ticked if sent is not None else None,
        ahead=sent.ahead if sent is not None else None,
        ahead_code=confirmation_of(sent.ahead) if sent is not None and sent.ahead is not None else "",
        summary=sent.form if sent is not None else FilledForm(),
        results=[{**each, "why": _why(words, each["code"])} for each in results],
        done=done,
        new_id=uuid4().hex,
        child=CHILD,
    )


def confirmation_of(ahead: Outlook) -> str:
    """What a form says that was asked once more about this move, and no other."""
    return " ".join(ahead.choices) or "yes"


def outline_of(child: Mapping[str, Any]) -> dict[str, Any]:
    """A child as the makers of forms take a ticket: nothing suggested or asked for it alone, and no text of its own."""
    return {**child, "missing": [], "suggestion": None, "heard_by": [], "reports": [], "guards": []}


def _expected(procedure: Procedure, actions: Mapping[str, int]) -> str:
    """What most children wait for, of the actions that are of one waiting."""
    waited = [code for code in procedure.actions if code in actions and procedure.actions[code].waiting_for]
    return max(waited, key=actions.__getitem__, default="")


async def _form(
    request: web.Request, words: Words, case: Mapping[str, Any], action: str, sent: Sent | None
) -> ActionForm | None:
    child = next((each for each in case["children"] if action in each["allowed_actions"]), None)
    if child is None:
        return None
    asked = {**outline_of(child), "allowed_actions": [action]}
    offered = await offered_for(request.app[SERVICES], request[STAFF], words, asked)
    form = form_of(words, words.procedure.actions[action], asked, offered, uuid4().hex)
    if sent is None:
        return form
    return ActionForm(
        form.code,
        form.title,
        form.controls,
        form.folded,
        form.outlooks,
        form.takes_files,
        sent.form,
        sent.form_id,
        is_refused=True,
    )


def _why(words: Words, code: str | None) -> str:
    """Why a child was refused, in words."""
    if code is None:
        return ""
    known = (f"parent_case.why.{code}", f"problem.{code}", f"field.{code}")
    key = next((each for each in known if words.catalogue.has(each)), "parent_case.why.other")
    return words.catalogue.say(words.language, key)
