"""A whole report by form: `POST /` takes it, from the last of the questions, the page that asks all, or a program.

The form's own id makes a second press, a reload, a browser's own retry or a way back and another press the same report.
Photos sent at their step are the draft's, and join the report whose form the draft is of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import structlog
from aiohttp import web

from channels.web import CHANNEL
from gateway.drafts import Draft
from gateway.web.body import Body, Reader, as_mapping, decode_json
from gateway.web.filing import Filing, canonical, file_report, hash_of
from gateway.web.pages import ask, reported
from gateway.web.pages import draft as drafts
from gateway.web.pages.draft import drafts_of
from gateway.web.pages.forms import FilledForm, after_refusal, form_id_of
from gateway.web.pages.steps import FIELDS, errors_of, payload_of
from gateway.web.problems import Problem, invalid
from gateway.web.render import page, page_language
from gateway.web.route import PUBLIC, Route
from gateway.web.services import SERVICES, Services
from normalizer.day import tehran_day
from normalizer.report import Attachment
from ticketing.accepted import Accepted
from ticketing.errors import FieldError, KeyReused
from ticketing.replaying import find_first_answer
from ticketing.writer import Unavailable

log = structlog.get_logger()
QUEUED_PART: Final = "report"
"""The part by which a browser that was offline sends a form it kept, as JSON: it is answered in JSON."""
ACCOUNT: Final = "form"
_AFTER: Final = {"category": "happened_on", "place.lon": "files"}
_ORDER: Final = [each for name in FIELDS for each in (name, _AFTER.get(name)) if each]
"""The fields in the page's order; those that are read otherwise stand after another."""


async def get_whole(request: web.Request) -> web.Response:
    """Every question on one page, for whoever prefers it, and for phones that are offline."""
    return _whole(request, FilledForm())


async def post_form(request: web.Request) -> web.Response:
    """A whole form: on to the confirmation, or back with what is wrong and everything that was typed."""
    services = request.app[SERVICES]
    if not services.settings.channels.web.enabled:
        raise Problem(404)
    most = services.settings.storage.max_attachment_bytes
    body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    is_queued = QUEUED_PART in body.value
    typed = _queued(body.value) if is_queued else dict(body.value)
    draft = await _own_draft(request, typed)
    try:
        accepted = await _file(services, typed, body, draft, page_language(request))
    except (Problem, KeyReused, Unavailable) as refusal:
        if is_queued or (isinstance(refusal, Problem) and refusal.status != 422):
            raise
        return await _again(request, typed, draft, refusal, files_lost=bool(body.files))
    if draft is not None:
        await _let_go(services, draft)
    return reported.in_json(accepted) if is_queued else await reported.go_there(request, accepted)


async def _let_go(services: Services, draft: Draft) -> None:
    """Forget what was answered. The report is in: a disk that will not have this now takes nothing back."""
    try:
        await drafts_of(services).mark_sent(draft)
    except Unavailable:
        log.warning("a draft that was sent is still there")


async def _own_draft(request: web.Request, typed: Mapping[str, str]) -> Draft | None:
    """The browser's draft, where this form is of it and its photos are still to be sent."""
    draft = await drafts.current(request)
    return draft if draft is not None and not draft.sent and draft.form_id == form_id_of(typed) else None


async def _file(
    services: Services, typed: Mapping[str, str], body: Body, draft: Draft | None, language: str
) -> Accepted:
    """File it. The form's id stands for the draft's photos: they are gone when the same form comes once more."""
    payload = payload_of(typed)
    if body.refused:
        wrong = errors_of(typed, tehran_day(services.now()))
        raise Problem(422, errors=[*wrong, *(FieldError("files", refusal.code) for refusal in body.refused)])
    body_hash, external_id = hash_of(payload, body.files), f"form-{form_id_of(typed)}"
    photos = await drafts_of(services).photos(draft) if draft is not None else ()
    if photos is None:
        first = await find_first_answer(
            services.database, services.rules, (CHANNEL.code,), ACCOUNT, external_id, body_hash
        )
        if first is None:
            raise invalid(("files", "file_gone"))
        return first
    files: tuple[Attachment, ...] = (*photos, *body.files)
    context = {"language": language}
    filing = Filing(ACCOUNT, external_id, payload, canonical(dict(typed)), files, body_hash, context)
    return await file_report(services, CHANNEL, filing)


def _queued(value: Mapping[str, str]) -> dict[str, str]:
    """The form a browser kept: one flat object of texts. Raises Problem."""
    form = as_mapping(decode_json(value[QUEUED_PART].encode()))
    wrong = [(str(name)[:64], "wrong_type") for name, text in form.items() if not isinstance(text, str)]
    if wrong:
        raise invalid(*wrong)
    return dict(form)


async def _again(
    request: web.Request,
    typed: Mapping[str, str],
    draft: Draft | None,
    refusal: Problem | KeyReused | Unavailable,
    *,
    files_lost: bool,
) -> web.Response:
    """The form once more, as `after_refusal` has it."""
    services, language = request.app[SERVICES], page_language(request)
    form, form_id, status = after_refusal(typed, refusal, services.catalogue, language, fields=_ORDER)
    if draft is None:
        return _whole(request, form, status=status, form_id=form_id, files_lost=files_lost)
    if draft.form_id != form_id:
        draft.form_id = form_id
        await drafts_of(services).save(draft)
    return ask.check_page(request, draft, form=form, status=status)


def _whole(
    request: web.Request, form: FilledForm, *, status: int = 200, form_id: str = "", files_lost: bool = False
) -> web.Response:
    values: dict[str, Any] = {"form": form, "form_id": form_id or uuid4().hex, "files_lost": files_lost}
    return page(request, "report.html", status=status, **values, **ask.choices(request))


ROUTES: Final = (
    Route("POST", "/", post_form, PUBLIC, same_origin=True, budgeted=True),
    Route("GET", "/report/whole", get_whole, PUBLIC),
)
