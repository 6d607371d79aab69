"""The page `/track`: a ticket for whoever has its code and the last four digits; answers and additions to it.

A wrong code and wrong digits give the same page. Code and digits travel in bodies only, never in an address.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from aiohttp import web

from channels.attachments import MAX_FILES
from gateway.web import following
from gateway.web.body import Body, Reader
from gateway.web.pages.forms import FilledForm, complained, refused
from gateway.web.problems import Problem
from gateway.web.render import page, page_language, page_url, prose_date, tehran_day
from gateway.web.schemas import AdditionIn, checked
from gateway.web.services import SERVICES, Services
from normalizer.tracking_code import ANONYMOUS_LENGTH
from ticketing.errors import Conflict, FieldError, KeyReused, NotFound, TooMany
from ticketing.rules import Rules
from ticketing.ticket import Ticket
from ticketing.title import titled

_FORM = Reader(json=False, form=True)


async def get_track(request: web.Request) -> web.Response:
    """The form; a link may bring the code."""
    return page(request, "track.html", form=FilledForm({"code": request.query.get("code", "")[:40]}))


async def post_track(request: web.Request) -> web.Response:
    """The ticket, or the form again."""
    typed: dict[str, str] = (await _FORM.read(request)).value
    try:
        ticket = await _find(request, typed)
    except (NotFound, TooMany) as refusal:
        return _not_shown(request, typed, refusal)
    return _ticket(request, typed, await following.see(request, ticket))


async def post_answer(request: web.Request) -> web.Response:
    """A press on "satisfied?" or the rating, then the ticket as it is now."""
    typed: dict[str, str] = (await _FORM.read(request)).value
    said = _said(typed)
    try:
        ticket = await _find(request, typed)
    except (NotFound, TooMany) as refusal:
        return _not_shown(request, typed, refusal)
    if said is None:
        return _ticket(request, typed, await following.see(request, ticket))
    try:
        return _ticket(request, typed, await following.answer(request, ticket, said, _key(typed)), done="answer")
    except (Conflict, KeyReused):  # answered meanwhile, by SMS perhaps
        message = request.app[SERVICES].catalogue.say(page_language(request), "ticket.not_asked")
        seen = await following.see(request, await _find(request, typed))
        return _ticket(request, typed, seen, form=complained({}, message), status=409)


async def post_addition(request: web.Request) -> web.Response:
    """More words or files, then the ticket as it is now."""
    services = request.app[SERVICES]
    most = services.settings.storage.max_attachment_mb * 1024 * 1024
    body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    typed: dict[str, str] = body.value
    try:
        ticket = await _find(request, typed)
    except (NotFound, TooMany) as refusal:
        return _not_shown(request, typed, refusal)
    wrong = _wrong_addition(typed, body)
    if wrong:
        form = refused(typed, wrong, services.catalogue, page_language(request))
        return _ticket(request, typed, await following.see(request, ticket), form=form, status=422)
    seen = await following.add(request, ticket, typed["text"], body.files, _key(typed))
    return _ticket(request, typed, seen, done="addition")


async def _find(request: web.Request, typed: Mapping[str, str]) -> Ticket:
    return await following.find(request, typed.get("code", ""), typed.get("phone_last4"))


def _said(typed: Mapping[str, str]) -> dict[str, Any] | None:
    if typed.get("satisfied") in ("yes", "no"):
        return {"satisfied": typed["satisfied"] == "yes"}
    if typed.get("rating") in ("1", "2", "3", "4", "5"):
        return {"rating": int(typed["rating"])}
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
        minutes = math.ceil(refusal.retry_after_s / 60)
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
    code = seen["tracking_code"]
    return page(
        request,
        "ticket.html",
        status=status,
        ticket=seen,
        sentence=_sentence(services, seen, language),
        step_title=lambda code: _title(services.rules, code, language),
        step_count=max(len(procedure.steps) for procedure in services.rules.procedures.values()),
        bookmark=page_url("/track", language, code=code) if len(code) != ANONYMOUS_LENGTH else "",
        phone_last4=typed.get("phone_last4", ""),
        form_id=uuid4().hex,
        form=form or FilledForm(),
        done=done,
        most_files=MAX_FILES,
        max_megabytes=services.settings.storage.max_attachment_mb,
    )


def _sentence(services: Services, seen: Mapping[str, Any], language: str) -> str:
    """Where the ticket stands, in one sentence."""
    say = services.catalogue.say
    if seen["status"] != "open":
        return say(language, "ticket.closed", outcome=_title(services.rules, seen["outcome"], language))
    if seen["asks"]:
        return say(language, "ticket.asked")
    step = _title(services.rules, seen["step"], language)
    if seen["due_on"]:
        return say(language, "ticket.open_due", step=step, due=prose_date(tehran_day(seen["due_on"]), language))
    return say(language, "ticket.open", step=step)


def _title(rules: Rules, code: str, language: str) -> str:
    """The title of a step or an outcome, by its code."""
    for procedure in rules.procedures.values():
        titles = {**procedure.outcomes, **{step.code: step.title for step in procedure.steps}}
        if code in titles:
            return titled(titles[code], language)
    return code
