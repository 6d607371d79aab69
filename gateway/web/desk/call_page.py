"""The call screen's page, laid out for its template: the form as it stands, what is known, what has just been done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from gateway.web.desk import call_drafts, shop_history
from gateway.web.desk.call_form import CHANNEL_CODES, provinces, wrong_lines, wrongly_filled
from gateway.web.desk.layout import desk_page
from gateway.web.pages.forms import FilledForm, form_id_of
from gateway.web.problems import Problem, problem_of
from gateway.web.render import page_language
from gateway.web.services import SERVICES, STAFF
from ticketing.errors import KeyReused
from ticketing.extensions import extension_of
from ticketing.logged_calls import OUTCOMES
from ticketing.title import titled

PATH: Final = "/desk/calls"


def is_script(request: web.Request) -> bool:
    """True where our own script asks, which sends JSON and takes it."""
    return request.content_type == "application/json"


async def call_page(request: web.Request, form: FilledForm, *, status: int = 200, **more: Any) -> web.Response:
    """The screen with this form. `more` may hold `parked` drafts, a `result`, and a call just `logged`."""
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
        outcomes=OUTCOMES,
        extension=await extension_of(services.database, member.id) or "",
        history=await shop_history.history_of(request, form.typed),
        parked=parked,
        result=more.get("result"),
        logged=more.get("logged"),
    )


async def refused_page(request: web.Request, typed: Mapping[str, str], error: Exception) -> web.Response:
    """The screen with the form as it was filled in and what is wrong with it.

    Raises a Problem with the same words where our script asked, and `error` itself where a form can do nothing for it.
    """
    problem = problem_of(error)
    if problem.status not in (404, 409, 422, 503):
        raise error
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    lines = wrong_lines(problem.errors, catalogue, language)
    if not lines:
        code = "sent_before" if isinstance(error, KeyReused) else "unavailable" if problem.status == 503 else "gone"
        lines = [{"field": "", "code": code, "message": catalogue.say(language, f"calls.{code}")}]
    if is_script(request):
        raise Problem(problem.status, problem.code, headers=problem.headers, members={"errors": lines})
    return await call_page(request, wrongly_filled(typed, lines), status=problem.status)
