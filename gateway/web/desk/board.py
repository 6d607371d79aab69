"""`/desk/board`: the centre and the organisations write to each other, by forms that need no script.

Whoever opens a conversation has read it. A form's own id makes a second press the first one again, and nothing that was
typed is lost where it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.web.asked import asked_of
from gateway.web.body import Reader
from gateway.web.desk.board_page import Sent, conversation_page, list_page
from gateway.web.pages.forms import FilledForm, complained, form_id_of, refused
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from ticketing import board
from ticketing.asked import Asked
from ticketing.errors import Conflict, FieldError, Invalid, KeyReused

PATH: Final = "/desk/board"
_ONE: Final = f"{PATH}/{{conversation}}"
_FORM: Final = Reader(json=False, form=True)


async def get_list(request: web.Request) -> web.Response:
    """The conversations, what is unread first, and the form of a new one."""
    return await list_page(request)


async def get_conversation(request: web.Request) -> web.Response:
    """One conversation, which is read by that."""
    return await conversation_page(request)


async def post_new(request: web.Request) -> web.Response:
    """Begin it; with several, back to the list."""
    services, typed = request.app[SERVICES], await _typed(request)
    to = board.ADDRESSEES if typed.get("everywhere") else _ticked(typed)
    asked = _asked(request, "board", typed)
    try:
        begun = await board.open_conversations(
            services.database, asked, to, typed.get("subject", ""), typed.get("message", "")
        )
    except Invalid as refusal:
        return await list_page(request, Sent(_refused(request, typed, refusal), form_id_of(typed)), status=422)
    except KeyReused:
        return await list_page(request, Sent(_complaint(request, typed, "board.sent_before")), status=422)
    its = [each["id"] for each in begun["conversations"]]
    return _on_to(request, f"{PATH}/{its[0]}" if len(its) == 1 else PATH, "opened")


async def post_message(request: web.Request) -> web.Response:
    """One more message."""
    services, typed, wanted = request.app[SERVICES], await _typed(request), request.match_info["conversation"]
    try:
        written = await board.write_message(
            services.database, _asked(request, f"board/{wanted}", typed), wanted, typed.get("message", "")
        )
    except Invalid as refusal:
        sent = Sent(_refused(request, typed, refusal), form_id_of(typed))
        return await conversation_page(request, sent, status=422)
    except KeyReused:
        return await conversation_page(request, Sent(_complaint(request, typed, "board.sent_before")), status=422)
    except Conflict:
        closed = _complaint(request, typed, "problem.conversation_closed.detail")
        return await conversation_page(request, Sent(closed), status=409)
    return _on_to(request, f"{PATH}/{wanted}", "written", f"m-{written['number']}")


async def post_status(request: web.Request) -> web.Response:
    """Close it or open it again, as the button that was pressed says."""
    services, typed, wanted = request.app[SERVICES], await _typed(request), request.match_info["conversation"]
    is_open = typed.get("becomes") == "open"
    asked = Asked(services.rules, request[STAFF], services.now())
    await board.set_open(services.database, asked, wanted, is_open=is_open)
    return _on_to(request, f"{PATH}/{wanted}", "reopened" if is_open else "closed")


async def _typed(request: web.Request) -> Mapping[str, str]:
    typed: Mapping[str, str] = (await _FORM.read(request)).value
    return typed


def _ticked(typed: Mapping[str, str]) -> list[str]:
    return [code for code in board.ADDRESSEES if typed.get(f"to.{code}")]


def _asked(request: web.Request, endpoint: str, typed: Mapping[str, str]) -> Asked:
    return asked_of(request.app[SERVICES], request[STAFF], endpoint, f"form-{form_id_of(typed)}", typed)


def _refused(request: web.Request, typed: Mapping[str, str], refusal: Invalid) -> FilledForm:
    """The form's own name for what is written is `message`: `text` is what happened to a citizen."""
    errors = [FieldError("message" if each.field == "text" else each.field, each.code) for each in refusal.errors]
    return refused(typed, errors, request.app[SERVICES].catalogue, page_language(request))


def _complaint(request: web.Request, typed: Mapping[str, str], code: str) -> FilledForm:
    return complained(typed, request.app[SERVICES].catalogue.say(page_language(request), code))


def _on_to(request: web.Request, path: str, done: str, place: str = "") -> web.Response:
    url = page_url(path, page_language(request), done=done)
    return see_other(f"{url}#{place}" if place else url)


ROUTES: Final = (
    Route("GET", PATH, get_list, board.MEMBERS),
    Route("POST", PATH, post_new, board.MEMBERS),
    Route("GET", _ONE, get_conversation, board.MEMBERS),
    Route("POST", _ONE, post_message, board.MEMBERS),
    Route("POST", f"{_ONE}/status", post_status, board.MEMBERS),
)
