"""`/desk/quarantine`: reports nobody could read, and mails that were ignored; a ticket is made of one, or it goes.

A mail's files come along into its ticket, as far as any attachment may: the page says which, and the form how many, so
that none is lost unseen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from channels.attachments import MAX_FILES
from channels.channel import Arrival, Malformed
from channels.phone import CHANNELS
from gateway.glancing import Glance
from gateway.web.desk.admin_frame import admin_page, done, older, typed, whole_id
from gateway.web.pages.forms import FilledForm, complained, nested, refused
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from normalizer.complaint import CATEGORIES
from normalizer.report import Attachment, Report
from ticketing import quarantine
from ticketing.errors import FieldError, Invalid
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.roles import OVERSEERS
from ticketing.title import titled

_QUARANTINE: Final = "/desk/quarantine"
_A_PAGE: Final = 25
_KIB, _MIB = 1024, 1024 * 1024
_HAND: Final = CHANNELS["letter"]
"""Who files by hand says what a letter's reader says; the ticket keeps the channel the report came by."""
_READ: Final = dict.fromkeys(
    ("text", "category", "phone", "name", "business.name", "business.guild_id", "business.address", "place.province"),
    str,
)


async def get_list(request: web.Request) -> web.Response:
    """What could not be read, or with `?state=ignored` what was ignored; newest first."""
    asked = request.query.get("state")
    state = asked if asked in quarantine.SET_ASIDE else quarantine.UNREAD
    found = await quarantine.list_set_aside(
        request.app[SERVICES].database, request[STAFF], state, _A_PAGE + 1, older(request)
    )
    following = found[_A_PAGE - 1]["id"] if len(found) > _A_PAGE else None
    rows = [(each, _reason(request, each["reason"])) for each in found[:_A_PAGE]]
    shown = {"reports": rows, "state": state, "following": following}
    return admin_page(request, "admin_quarantine.html", "quarantine", values=shown)


async def get_report(request: web.Request) -> web.Response:
    """One report, its words decoded, and the form of a ticket filled with them."""
    return await _page(request, None)


async def post_ticket(request: web.Request) -> web.Response:
    """Make a ticket of what somebody read out of it, with the files the page named."""
    services, said = request.app[SERVICES], await typed(request)
    fields = {name: said(name) for name in (*_READ, "anonymous")}
    aside = await _set_aside(request)
    if aside.ticket_id is not None:  # the same form once more
        return _ticketed(request)
    glance = await _look(request, aside)
    try:
        report = _read(request, fields, glance.files)
        if (said("files") or "0") != str(len(glance.files)):
            return await _complain(request, fields, "admin.files_changed", 409)
        accepted = await quarantine.file_set_aside(
            services.database, services.rules, request[STAFF], aside.id, report, services.attachments
        )
    except Invalid as refusal:
        form = refused(fields, refusal.errors, services.catalogue, page_language(request))
        return await _page(request, form, status=422)
    if accepted.ticket_id is None:
        return await _complain(request, fields, "admin.not_filed", 422)
    return _ticketed(request)


async def post_discard(request: web.Request) -> web.Response:
    """Discard it, for a reason."""
    services, said = request.app[SERVICES], await typed(request)
    try:
        await quarantine.discard(services.database, request[STAFF], _id(request), said("reason"))
    except Invalid as refusal:
        form = refused({}, refusal.errors, services.catalogue, page_language(request))
        return await _page(request, form, status=422)
    return done(request, _QUARANTINE, "discarded")


def _ticketed(request: web.Request) -> web.Response:
    return done(request, f"{_QUARANTINE}/{_id(request)}", "ticketed")


async def _complain(request: web.Request, fields: dict[str, str], sentence: str, status: int) -> web.Response:
    said = request.app[SERVICES].catalogue.say(page_language(request), sentence)
    return await _page(request, complained(fields, said), status=status)


def _read(request: web.Request, fields: dict[str, str], files: tuple[Attachment, ...]) -> Report:
    payload: dict[str, Any] = {**nested(fields, _READ), "channel": _HAND.code}
    if fields["anonymous"]:
        payload["anonymous"] = True
    context = {"filed_by": request[STAFF].id, "external_id": "", "attachments": files}
    parsed = _HAND.parse(Arrival("", payload, b"", request.app[SERVICES].now(), context))
    if isinstance(parsed, Report):
        return parsed
    wrong = parsed.errors if isinstance(parsed, Malformed) else (("text", "required"),)
    raise Invalid([FieldError(name, code) for name, code in wrong])


def _id(request: web.Request) -> int:
    return whole_id(request.match_info["report"])


async def _set_aside(request: web.Request) -> quarantine.SetAside:
    services = request.app[SERVICES]
    return await quarantine.read_set_aside(services.database, services.rules, request[STAFF], _id(request))


async def _look(request: web.Request, report: quarantine.SetAside) -> Glance:
    services = request.app[SERVICES]
    return await services.glancing.look(report, services.settings.storage.max_attachment_bytes)


async def _page(request: web.Request, form: FilledForm | None, *, status: int = 200) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    report = await _set_aside(request)
    glance = await _look(request, report)
    shown = {
        "report": report,
        "reason": _reason(request, report.reason),
        "glance": glance,
        "along": [(file.name, _size(request, len(file.content or b""))) for file in glance.files],
        "left": [(name, _size(request, size), _left(request, code)) for name, size, code in glance.refused],
        "code": await quarantine.code_of(services.database, services.rules, report),
        "categories": [(code, titled(services.rules.categories[code].title, language)) for code in CATEGORIES],
        "provinces": [(code, titled(ORGANISATIONS[code], language)) for code in PROVINCE_CODES],
        "discards": [(code, services.catalogue.say(language, f"admin.discard.{code}")) for code in quarantine.DISCARDS],
    }
    given = form or FilledForm()
    filled = replace(given, typed={"text": glance.told, **given.typed})
    return admin_page(request, "admin_report.html", "quarantine", form=filled, status=status, values=shown)


def _reason(request: web.Request, code: str) -> str:
    """Why it was set aside or discarded, in words where there are any: `<field>:<reason>`, or a code."""
    catalogue, reason = request.app[SERVICES].catalogue, code.rpartition(":")[2]
    for known in (f"admin.reason.{reason}", f"admin.discard.{reason}"):
        if catalogue.has(known):
            return catalogue.say(page_language(request), known)
    return code


def _left(request: web.Request, code: str) -> str:
    """Why a file does not come along."""
    return request.app[SERVICES].catalogue.say(page_language(request), f"admin.left.{code}", most=MAX_FILES)


def _size(request: web.Request, size: int) -> str:
    """A file's size as people say it: whole kilobytes, or megabytes with a tenth; "" for none."""
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    if not size:
        return ""
    if size < _MIB:
        return catalogue.say(language, "admin.kilobytes", size=-(-size // _KIB))
    point = "٫" if language == "fa" else "."
    return catalogue.say(language, "admin.megabytes", size=f"{size / _MIB:.1f}".replace(".", point))


ROUTES: Final = (
    Route("GET", _QUARANTINE, get_list, OVERSEERS),
    Route("GET", f"{_QUARANTINE}/{{report}}", get_report, OVERSEERS),
    Route("POST", f"{_QUARANTINE}/{{report}}/ticket", post_ticket, OVERSEERS),
    Route("POST", f"{_QUARANTINE}/{{report}}/discard", post_discard, OVERSEERS),
)
