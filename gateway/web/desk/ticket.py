"""`/desk/tickets/{code}`: a ticket whole, and everything its procedure lets one do to it, by forms that need no script.

The checks and their order are the use case's (CONTRACT §6); a form's own id makes a second press the first one again.
What cannot be taken back is asked once more, on a page that names what it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from gateway.web.body import Body, Reader
from gateway.web.desk import ticket_news, ticket_taking
from gateway.web.desk.layout import desk_page
from gateway.web.desk.queue import ACCESS, NEXT
from gateway.web.desk.ticket_errors import complaint_about, refused_form, typed_lines
from gateway.web.desk.ticket_outlook import Outlook, outlook_of
from gateway.web.desk.ticket_page import (
    GIVEN_BACK,
    TAKEN,
    Sent,
    see_ticket,
    ticket_page,
    way_of,
    words_for,
)
from gateway.web.desk.ticket_typed import body_of
from gateway.web.filing import hash_of
from gateway.web.pages.forms import FilledForm, form_id_of
from gateway.web.problems import Problem
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF
from sms.digits import is_ascii_number
from ticketing.act import act, check_permitted
from ticketing.action_body import read_body
from ticketing.errors import Conflict, FieldError, Invalid, KeyReused, NotFound
from ticketing.procedure import Action
from ticketing.writer import Unavailable

_PATH: Final = "/desk/tickets/{code}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """An action somebody sent: what they typed, the same as a body, their files."""

    code: str
    action: str
    typed: Mapping[str, str]
    said: Mapping[str, Any]
    body: Body

    @property
    def form_id(self) -> str:
        """The form's own id."""
        return form_id_of(self.typed)

    @property
    def seen_event(self) -> int | None:
        """The last event the page they wrote on showed."""
        number = self.typed.get("seen_event", "")
        return int(number) if is_ascii_number(number) and len(number) < 9 else None


async def get_page(request: web.Request) -> web.Response:
    """The ticket. One that has just been handed on may be out of sight: then that is said instead."""
    code, done = request.match_info["code"], request.query.get("done", "")
    try:
        ticket = await see_ticket(request, code)
    except NotFound:
        if not any(done in each.actions for each in request.app[SERVICES].rules.procedures.values()):
            raise
        return desk_page(request, "desk/ticket_gone.html", status=404)
    known = done if done in (TAKEN, GIVEN_BACK, *words_for(request, ticket).procedure.actions) else ""
    return await ticket_page(request, ticket, done=known)


async def post_action(request: web.Request) -> web.Response:
    """Do an action, then on to the ticket; or the page again with everything typed and what stands in the way."""
    asked = await _read(request)
    if asked.typed.get("back"):
        ticket = await see_ticket(request, asked.code)
        return await ticket_page(request, ticket, sent=Sent(asked.action, FilledForm(asked.typed), asked.form_id))
    try:
        question = await _question(request, asked)
        answer = question or await _act(request, asked)
    except Conflict as conflict:
        return await _clashed(request, asked, conflict)
    except Invalid as refusal:
        return await _again(request, asked, 422, errors=refusal.errors)
    except KeyReused:
        return await _again(request, asked, 422, message="sent_before", form_id=uuid4().hex)
    except Unavailable:
        return await _again(request, asked, 503, message="unavailable")
    return answer


async def _read(request: web.Request) -> _Asked:
    """The form as it was sent. One nobody can read is refused only to whoever may do this (CONTRACT §6)."""
    services = request.app[SERVICES]
    code, action_code = request.match_info["code"], request.match_info["action"]
    most = services.settings.storage.max_attachment_bytes
    try:
        body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    except Problem:
        await check_permitted(services.database, services.rules, request[STAFF], code, action_code, key=None)
        raise
    typed: dict[str, str] = body.value
    procedure = services.rules.procedures.get(typed.get("procedure", ""))
    action = procedure.actions.get(action_code) if procedure is not None else None
    return _Asked(code, action_code, typed, body_of(action, typed) if action is not None else {}, body)


async def _act(request: web.Request, asked: _Asked) -> web.Response:
    services, member, body = request.app[SERVICES], request[STAFF], asked.body
    if body.refused:
        await check_permitted(services.database, services.rules, member, asked.code, asked.action, key=_key(asked))
        raise Invalid([FieldError("files", refusal.code) for refusal in body.refused])
    stored = [await services.attachments.save(file.content or b"", file.name, file.media_type) for file in body.files]
    answer = await act(
        services.database,
        services.rules,
        member,
        asked.code,
        asked.action,
        asked.said,
        services.now(),
        key=_key(asked),
        body_hash=hash_of(asked.said, body.files),
        files=stored,
    )
    if "identity" in answer:  # shown on this page and no other: an address must not lead to it
        return await ticket_page(request, answer, done=asked.action, revealed=answer["identity"])
    return see_other(_onward(request, asked, answer))


def _onward(request: web.Request, asked: _Asked, ticket: Mapping[str, Any]) -> str:
    """On to the next ticket of the queue, where that was asked for and this one waits for somebody else; else here."""
    member, language, way = request[STAFF], page_language(request), way_of(request)
    if asked.typed.get("then") == "next" and member.role in ACCESS and ticket["waiting_for"] != member.role:
        return page_url(NEXT, language, **way, after=asked.code, acted=asked.code)
    return page_url(_PATH.format(code=ticket["tracking_code"]), language, **way, done=asked.action)


async def _question(request: web.Request, asked: _Asked) -> web.Response | None:
    """The page that asks once more before what cannot be taken back; None where nothing is to be asked.

    The use case's checks come first, in its order. A key that is known is the use case's to answer.
    """
    if asked.typed.get("confirmed"):
        return None
    services, member = request.app[SERVICES], request[STAFF]
    try:
        await check_permitted(services.database, services.rules, member, asked.code, asked.action, key=_key(asked))
    except (KeyReused, Conflict):
        return None
    ticket = await see_ticket(request, asked.code)
    action = words_for(request, ticket).procedure.actions[asked.action]
    if asked.said.get("version") != ticket["version"] or action.files:
        return None
    variant = read_body(action, asked.said, services.now()).variant
    ahead = outlook_of(words_for(request, ticket), variant, ticket)
    return _confirm(request, ticket, asked, action, ahead) if ahead.is_final else None


def _confirm(
    request: web.Request, ticket: Mapping[str, Any], asked: _Asked, action: Action, ahead: Outlook
) -> web.Response:
    words = words_for(request, ticket)
    kept = {**asked.typed, "form_id": asked.form_id}
    return desk_page(
        request,
        "desk/ticket_confirm.html",
        ticket=ticket,
        w=words,
        action=action,
        ahead=ahead,
        way=way_of(request),
        kept={name: text for name, text in kept.items() if name not in ("confirmed", "back")},
        lines=typed_lines(words, action.code, asked.typed),
    )


async def _clashed(request: web.Request, asked: _Asked, conflict: Conflict) -> web.Response:
    """The ticket as it is now beside what was typed, which one press applies to it where that still may be done."""
    ticket = conflict.ticket or await see_ticket(request, asked.code)
    form = complaint_about(words_for(request, ticket), asked.typed, "clash")
    sent = Sent(asked.action, form, uuid4().hex, True, asked.seen_event, bool(asked.body.files))
    return await ticket_page(request, ticket, status=409, sent=sent)


async def _again(
    request: web.Request,
    asked: _Asked,
    status: int,
    *,
    errors: list[FieldError] | None = None,
    message: str = "",
    form_id: str = "",
) -> web.Response:
    """The page with the form as it was filled in, and what is wrong with it."""
    ticket = await see_ticket(request, asked.code)
    words = words_for(request, ticket)
    action = words.procedure.actions[asked.action]
    form = refused_form(words, action, asked.typed, errors) if errors else complaint_about(words, asked.typed, message)
    sent = Sent(asked.action, form, form_id or asked.form_id, files_lost=bool(asked.body.files))
    return await ticket_page(request, ticket, status=status, sent=sent)


def _key(asked: _Asked) -> str:
    return f"form-{asked.form_id}"


ROUTES: Final = (
    Route("GET", _PATH, get_page, STAFF_ANY),
    Route("GET", f"{_PATH}/news", ticket_news.get_news, STAFF_ANY),
    Route("POST", f"{_PATH}/take", ticket_taking.post_take, ACCESS),
    Route("POST", f"{_PATH}/give-back", ticket_taking.post_give_back, ACCESS),
    Route("POST", f"{_PATH}/actions/{{action}}", post_action, STAFF_ANY),
)
