"""The page `/`: a report by form, and the confirmation with its code. Works without scripts, and twice sent is once.

The form's own id makes a second press, a reload or a browser's own retry the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from aiohttp import web

from channels.attachments import MAX_FILES
from channels.report_body import ReportBody, check
from channels.web import CHANNEL
from gateway.catalogue import sort_key
from gateway.web.body import Body, Reader
from gateway.web.filing import Filing, canonical, file_report, hash_of
from gateway.web.pages.forms import FilledForm, complained, nested, refused, whole_number
from gateway.web.problems import Problem
from gateway.web.render import page, page_language, page_url, see_other
from gateway.web.services import SERVICES, Services
from normalizer.complaint import MISSING
from normalizer.day import tehran_day
from normalizer.gazetteer import PROVINCES
from normalizer.text import digits
from normalizer.tracking_code import ANONYMOUS_LENGTH, is_code
from ticketing.accepted import Accepted
from ticketing.errors import FieldError, KeyReused
from ticketing.title import titled
from ticketing.writer import Unavailable

_COOKIE: Final = "reported"
_COOKIE_AGE_S: Final = 3600
_DATE_PARTS: Final = ("year", "month", "day")
_FIELDS: Final[Mapping[str, Callable[[str], object]]] = {
    "text": str,
    "category": str,
    "damages_rial": whole_number,
    "business.guild_id": str,
    "business.name": str,
    "business.address": str,
    "place.province": str,
    "place.county": str,
    "phone": str,
    "name": str,
}

_AFTER: Final = {"happened_on": "category", "files": "place.county"}
"""Fields of the page that are read otherwise, each with the one it stands after."""


async def get_form(request: web.Request) -> web.Response:
    """The empty form. Going back to it shows the same one with its id, so that sending it again is a replay."""
    response = _form(request, FilledForm())
    response.headers["Cache-Control"] = "private, no-cache"
    return response


async def post_form(request: web.Request) -> web.Response:
    """A filled form: on to the confirmation, or back with what is wrong and everything that was typed."""
    services = request.app[SERVICES]
    if not services.settings.channels.web.enabled:
        raise Problem(404)
    most = services.settings.storage.max_attachment_mb * 1024 * 1024
    body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    typed: dict[str, str] = body.value
    language = page_language(request)
    say = services.catalogue.say
    try:
        accepted = await _file(services, typed, body, language)
    except Problem as problem:
        if problem.status != 422:
            raise
        errors = sorted(problem.errors, key=_place)
        form = refused(typed, errors, services.catalogue, language)
        return _form(request, form, status=422, files_lost=bool(body.files))
    except KeyReused:
        form = complained(typed, say(language, "form.sent_before"))
        return _form(request, form, status=422, files_lost=bool(body.files))
    except Unavailable:
        form = complained(typed, say(language, "form.unavailable"))
        return _form(request, form, status=503, form_id=_form_id(typed), files_lost=bool(body.files))
    return _to_confirmation(request, accepted)


async def get_reported(request: web.Request) -> web.Response:
    """The confirmation. The code comes from a cookie of this browser, so that it stands in no address or log."""
    code, _, rest = request.cookies.get(_COOKIE, "").partition(".")
    if not is_code(code):
        return see_other(page_url("/track", page_language(request)))
    kind, *missing = rest.split(".")
    return page(
        request,
        "reported.html",
        code=code,
        is_new=kind == "new",
        is_anonymous=len(code) == ANONYMOUS_LENGTH,
        missing=[fact for fact in MISSING if fact in missing],
    )


async def _file(services: Services, typed: Mapping[str, str], body: Body, language: str) -> Accepted:
    payload = _payload(typed)
    if body.refused:
        refusals = [FieldError("files", refusal.code) for refusal in body.refused]
        raise Problem(422, errors=[*_wrong_fields(services, payload), *refusals])
    raw = canonical(dict(typed))
    body_hash = hash_of(payload, body.files)
    filing = Filing("form", f"form-{_form_id(typed)}", payload, raw, body.files, body_hash, {"language": language})
    return await file_report(services, CHANNEL, filing)


def _payload(typed: Mapping[str, str]) -> dict[str, Any]:
    """The form as the API's JSON. The text stays even when it is empty, for it is what a report is."""
    payload = {"text": "", **nested(typed, _FIELDS)}
    parts = [digits(typed.get(part, "")).strip() for part in _DATE_PARTS]
    if any(parts):
        year, month, day = parts
        payload["happened_on"] = f"{year}-{month.zfill(2)}-{day.zfill(2)}"[:40]
    if typed.get("anonymous"):
        payload["anonymous"] = True
        payload.pop("phone", None)
        payload.pop("name", None)
    return payload


def _wrong_fields(services: Services, payload: Mapping[str, Any]) -> Sequence[FieldError]:
    found = check(ReportBody, payload, tehran_day(services.now()))
    return [FieldError(name, code) for name, code in found] if isinstance(found, tuple) else ()


def _place(error: FieldError) -> int:
    """Where on the page the field stands: errors are told in that order."""
    fields = list(_FIELDS)
    name = _AFTER.get(error.field, error.field)
    return fields.index(name) if name in fields else len(fields)


def _form_id(typed: Mapping[str, str]) -> str:
    """The form's own id, or a fresh one where somebody sent none or another thing."""
    try:
        return UUID(typed.get("form_id", "")).hex
    except ValueError:
        return uuid4().hex


def _form(
    request: web.Request, form: FilledForm, *, status: int = 200, form_id: str = "", files_lost: bool = False
) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    return page(
        request,
        "report.html",
        status=status,
        form=form,
        form_id=form_id or uuid4().hex,
        files_lost=files_lost,
        categories=[(each.code, titled(each.title, language)) for each in services.rules.categories.values()],
        provinces=_provinces(language),
        most_files=MAX_FILES,
        max_megabytes=services.settings.storage.max_attachment_mb,
    )


def _provinces(language: str) -> list[tuple[str, str]]:
    if language == "fa":
        named = [(code, province.name) for code, province in PROVINCES.items()]
        return sorted(named, key=lambda each: sort_key(each[1]))
    return sorted(((code, province.english) for code, province in PROVINCES.items()), key=lambda each: each[1])


def _to_confirmation(request: web.Request, accepted: Accepted) -> web.Response:
    response = see_other(page_url("/reported", page_language(request)))
    kind = "new" if accepted.created else "joined"
    response.set_cookie(
        _COOKIE,
        ".".join((accepted.tracking_code or "", kind, *accepted.missing)),
        path="/reported",
        max_age=_COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=request.app[SERVICES].settings.http.public_url.startswith("https://"),
    )
    return response
