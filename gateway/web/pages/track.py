"""The page `/track`: a ticket for whoever has its code and the last four digits, and what they may do to it.

A wrong code and wrong digits give the same page. Code and digits travel in bodies only, never in an address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from channels.attachments import MAX_FILES
from gateway.web import following
from gateway.web.body import Body, Reader
from gateway.web.pages.forms import FilledForm, complained, refused
from gateway.web.pages.standing import choices_of, comes_next, costs, stands, title_of
from gateway.web.problems import Problem
from gateway.web.render import digits_of, page, page_language, page_url, see_other
from gateway.web.route import PUBLIC, Handler, Route
from gateway.web.schemas import AdditionIn, ObjectionIn, checked
from gateway.web.services import SERVICES
from normalizer.day import tehran_day
from normalizer.tracking_code import ANONYMOUS_LENGTH
from ticketing.asking import FEE
from ticketing.errors import Conflict, FieldError, Invalid, KeyReused, NotFound, TooMany
from ticketing.ticket import Ticket

_CHOICE: Final = re.compile(r"[a-z_]{1,32}:[0-9a-z]{1,16}")
_LONGEST_COMMENT: Final = 4_000
_Doing = Callable[[web.Request, Ticket, Body], Awaitable[web.Response]]
"""Does what a form asks to the ticket of whoever sent it."""


async def get_track(request: web.Request) -> web.Response:
    """The form; a link may bring the code."""
    return page(request, "track.html", form=FilledForm({"code": request.query.get("code", "")[:40]}))


async def get_done(request: web.Request) -> web.Response:
    """Nothing is done by opening an address: on to the form, for whoever reloads or changes the language there."""
    return see_other(page_url("/track", page_language(request)))


async def _show(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """The ticket."""
    return _ticket(request, body.value, await following.see(request, ticket))


async def _answer(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """A press on "satisfied?" or the rating, then the ticket as it is now."""
    typed: dict[str, str] = body.value
    said = _said(typed)
    if said is None:
        return await _show(request, ticket, body)
    try:
        return _ticket(request, typed, await following.answer(request, ticket, said, _key(typed)), done="answer")
    except (Conflict, KeyReused):  # answered meanwhile, by SMS perhaps
        return await _as_it_is_now(request, typed, "ticket.not_asked")


async def _add(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """More words or files, then the ticket as it is now."""
    typed: dict[str, str] = body.value
    wrong = _wrong_addition(typed, body)
    if wrong:
        return await _again(request, typed, ticket, wrong, "ticket.add_required")
    seen = await following.add(request, ticket, typed["text"], body.files, _key(typed))
    return _ticket(request, typed, seen, done="addition")


async def _object(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """An objection to how the ticket was closed, then the ticket as it is now: open again."""
    typed: dict[str, str] = body.value
    try:
        said = checked(ObjectionIn, {"text": typed.get("text", "").strip()})
        seen = await following.object_to(request, ticket, said.text, _key(typed))
    except (Problem, Invalid) as refusal:
        return await _again(request, typed, ticket, refusal.errors, "ticket.object_required")
    except (Conflict, KeyReused) as refusal:
        return await _as_it_is_now(request, typed, _why_not(refusal))
    return _ticket(request, typed, seen, done="objection")


async def _withdraw(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """The complaint taken back, then the ticket as it is now: closed."""
    typed: dict[str, str] = body.value
    try:
        return _ticket(request, typed, await following.withdraw(request, ticket, _key(typed)), done="withdrawal")
    except (Conflict, KeyReused) as refusal:
        return await _as_it_is_now(request, typed, _why_not(refusal))


async def _surveys(request: web.Request, ticket: Ticket, body: Body) -> web.Response:
    """Surveys wanted again, then the ticket."""
    return _ticket(request, body.value, await following.ask_again(request, ticket), done="surveys")


async def _post(do: _Doing, request: web.Request, *, takes_files: bool = False) -> web.Response:
    """What `do` answers with the ticket the form proves to be its sender's; where it proves none, the form again."""
    most = request.app[SERVICES].settings.storage.max_attachment_bytes
    body = await Reader(json=False, form=True, multipart=takes_files, max_file_bytes=most).read(request)
    try:
        ticket = await _find(request, body.value)
    except (NotFound, TooMany) as refusal:
        return _not_shown(request, body.value, refusal)
    return await do(request, ticket, body)


def _why_not(refusal: Conflict | KeyReused) -> str:
    return "ticket.term_over" if refusal.code == "term_over" else "ticket.not_now"


async def _again(
    request: web.Request, typed: Mapping[str, str], ticket: Ticket, wrong: Sequence[FieldError], nothing_said: str
) -> web.Response:
    """The ticket with what was typed and what is wrong with it; `nothing_said` is the sentence for no words at all."""
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    form = refused(typed, wrong, catalogue, language)
    if list(wrong) == [FieldError("text", "required")]:
        form = complained(typed, catalogue.say(language, nothing_said), "text")
    return _ticket(request, typed, await following.see(request, ticket), form=form, status=422)


async def _as_it_is_now(request: web.Request, typed: Mapping[str, str], message: str) -> web.Response:
    """The ticket, with a word about why what was pressed cannot be done: what was typed is still there."""
    said = request.app[SERVICES].catalogue.say(page_language(request), message)
    seen = await following.see(request, await _find(request, typed))
    kept = {"text": typed["text"]} if typed.get("text") else {}
    return _ticket(request, typed, seen, form=complained(kept, said), status=409)


async def _find(request: web.Request, typed: Mapping[str, str]) -> Ticket:
    return await following.find(request, typed.get("code", ""), typed.get("phone_last4"))


def _said(typed: Mapping[str, str]) -> dict[str, Any] | None:
    if typed.get("satisfied") in ("yes", "no"):
        return {"satisfied": typed["satisfied"] == "yes"}
    if typed.get("rating") in ("1", "2", "3", "4", "5"):
        comment = typed.get("comment", "").strip()
        return {"rating": int(typed["rating"])} | ({"comment": comment[:_LONGEST_COMMENT]} if comment else {})
    if _CHOICE.fullmatch(typed.get("choice", "")):
        return {"choice": typed["choice"]}
    return None


def _wrong_addition(typed: Mapping[str, str], body: Body) -> list[FieldError]:
    wrong = [FieldError("files", refusal.code) for refusal in body.refused]
    try:
        checked(AdditionIn, {"text": typed.get("text", "").strip()})
    except Problem as problem:
        wrong = [*problem.errors, *wrong]
    return wrong


def _key(typed: Mapping[str, str]) -> str | None:
    """The form's own id as its Idempotency-Key: a second press is the same."""
    return f"form-{typed['form_id'][:64]}" if typed.get("form_id") else None


def _not_shown(request: web.Request, typed: Mapping[str, str], refusal: NotFound | TooMany) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    if isinstance(refusal, TooMany):
        minutes = digits_of(math.ceil(refusal.retry_after_s / 60), language)
        form = complained(typed, services.catalogue.say(language, "track.too_many", minutes=minutes))
        response = page(request, "track.html", status=429, form=form)
        response.headers["Retry-After"] = str(refusal.retry_after_s)
        return response
    form = complained(typed, services.catalogue.say(language, "track.not_found"), "code")
    return page(request, "track.html", status=404, form=form)


def _ticket(
    request: web.Request,
    typed: Mapping[str, str],
    seen: Mapping[str, Any],
    *,
    form: FilledForm | None = None,
    done: str = "",
    status: int = 200,
) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    rules, catalogue, code = services.rules, services.catalogue, seen["tracking_code"]
    return page(
        request,
        "ticket.html",
        status=status,
        ticket=seen,
        sentence=stands(rules, catalogue, seen, language),
        next=comes_next(catalogue, seen, tehran_day(services.now()), language),
        choices=choices_of(rules, seen, language),
        offers=[offer["action"] for offer in seen["actions"]],
        fee=costs(rules, seen["procedure"], language) if FEE in seen["missing"] else {},
        step_title=lambda code: title_of(rules, seen, code, language),
        step_count=len(rules.procedures[seen["procedure"]].steps),
        bookmark=page_url("/track", language, code=code) if len(code) != ANONYMOUS_LENGTH else "",
        phone_last4=typed.get("phone_last4", ""),
        form_id=uuid4().hex,
        form=form or FilledForm(),
        done=done,
        most_files=MAX_FILES,
        max_megabytes=services.settings.storage.max_attachment_mb,
    )


_POSTS: Final[Mapping[str, Handler]] = {
    "/track/answer": partial(_post, _answer),
    "/track/add": partial(_post, _add, takes_files=True),
    "/track/object": partial(_post, _object),
    "/track/withdraw": partial(_post, _withdraw),
    "/track/surveys": partial(_post, _surveys),
}
ROUTES: Final = (
    Route("GET", "/track", get_track, PUBLIC),
    Route("POST", "/track", partial(_post, _show), PUBLIC, same_origin=True),
    *(Route("POST", path, handler, PUBLIC, same_origin=True) for path, handler in _POSTS.items()),
    *(Route("GET", path, get_done, PUBLIC) for path in _POSTS),
)
