"""`/desk/failed-texts`: whom to call because a text did not arrive, and the note that somebody did."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.web.desk.admin_frame import admin_page, done, older, typed, whole_id
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from ticketing.calling_back import list_failed, mark_called
from ticketing.errors import Invalid
from ticketing.roles import OVERSEERS

_FAILED: Final = "/desk/failed-texts"
_A_PAGE: Final = 25


async def get_failed(request: web.Request) -> web.Response:
    """The list, newest first."""
    return await _page(request)


async def post_called(request: web.Request) -> web.Response:
    """Somebody called: a note on the ticket, and the text leaves the list."""
    services, said = request.app[SERVICES], await typed(request)
    notice_id, note = whole_id(said("notice")), said("note")
    try:
        await mark_called(services.database, services.rules, request[STAFF], notice_id, note, services.now())
    except Invalid as refusal:
        form = refused({"note": note}, refusal.errors, services.catalogue, page_language(request))
        return await _page(request, form, status=422, about=notice_id)
    return done(request, _FAILED, "called")


async def _page(
    request: web.Request, form: FilledForm | None = None, *, status: int = 200, about: int = 0
) -> web.Response:
    services = request.app[SERVICES]
    found = await list_failed(services.database, services.rules, request[STAFF], _A_PAGE + 1, older(request))
    language, catalogue = page_language(request), services.catalogue
    reasons = {
        each.reason: catalogue.say(language, f"ticket_desk.notice_reason.{each.reason}")
        for each in found
        if catalogue.has(f"ticket_desk.notice_reason.{each.reason}")
    }
    following = found[_A_PAGE - 1].id if len(found) > _A_PAGE else None
    shown = {"uncalled": found[:_A_PAGE], "reasons": reasons, "following": following, "about": about}
    return admin_page(request, "admin_failed.html", "failed", form=form, status=status, values=shown)


ROUTES: Final = (
    Route("GET", _FAILED, get_failed, OVERSEERS),
    Route("POST", _FAILED, post_called, OVERSEERS),
)
