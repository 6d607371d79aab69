"""The pages that ask for a report, one question each: `/`, `/report/<step>` and the answers to check at the end.

Each answer goes into the browser's draft and leads on by redirect, so that back, reload and the other language show
what was said. Nothing is filed here; the last page's form is sent to `/`, whole, as a program would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web

from channels.attachments import MAX_FILES
from gateway.catalogue import sort_key
from gateway.drafts import Draft
from gateway.web.body import Body, Reader
from gateway.web.pages import draft as drafts
from gateway.web.pages.draft import drafts_of
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.pages.lately import DAYS, count_open
from gateway.web.pages.others import links
from gateway.web.pages.steps import (
    BY_CODE,
    CHECK,
    PARTS,
    STEPS,
    Step,
    after,
    answers_of,
    before,
    errors_at,
    unanswered,
)
from gateway.web.problems import Problem
from gateway.web.render import page, page_language, page_url, see_other
from gateway.web.route import BUDGET, PUBLIC, Route
from gateway.web.services import CLIENT, SERVICES
from normalizer.day import tehran_day
from normalizer.gazetteer import PROVINCES
from ticketing.errors import FieldError
from ticketing.title import titled

_FIRST: Final = STEPS[0]
_COMMON_FIRST: Final = ("overcharging", "short_measure", "price_not_displayed", "no_invoice", "fraud", "forced_sale")
"""What people mostly report stands first; the rest follow as the procedures' data has them."""


async def get_first(request: web.Request) -> web.Response:
    """The first question; with a word about a report that was left half-written."""
    draft = await drafts.current(request)
    is_going_on = draft is not None and not draft.sent and bool(draft.typed or draft.photos)
    return await _question(request, _FIRST, draft if is_going_on else None, resume=is_going_on)


async def get_step(request: web.Request) -> web.Response:
    """One question with what was answered, or the answers to check."""
    step = _step(request)
    draft = await drafts.current(request)
    if draft is not None and draft.sent:
        return see_other(page_url("/reported", page_language(request)))
    if draft is None:
        return see_other(page_url("/", page_language(request)))
    if step is not CHECK:
        return await _question(request, step, draft)
    first = unanswered(draft.typed, tehran_day(request.app[SERVICES].now()))
    return _to(request, first) if first else check_page(request, draft)


async def post_step(request: web.Request) -> web.Response:
    """An answer: on to the next question, or the same one again with what is wrong."""
    services, step = request.app[SERVICES], _step(request)
    if step is CHECK or not services.settings.channels.web.enabled:
        raise Problem(404)
    most = services.settings.storage.max_attachment_bytes
    body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    store, draft = drafts_of(services), await drafts.current(request)
    if "start_over" in body.value:
        if draft is not None:
            await store.forget(draft)
        return see_other(page_url("/", page_language(request)))
    if draft is None or draft.sent:
        request.app[BUDGET].spend(request[CLIENT])  # what costs disk is counted like a report
        draft = Draft()
        await store.make_room()
    if step.code == "photos":
        return await _photos(request, step, draft, body)
    skipped = body.value.get("go") == "skip"
    answers = answers_of(step, {} if skipped else body.value)
    wrong = errors_at(step, {**draft.typed, **answers}, tehran_day(services.now()))
    if wrong:
        return await _question(request, step, draft, typed={**draft.typed, **answers}, wrong=wrong)
    drafts.merged(draft, answers)
    await store.save(draft)
    return _onward(request, step, draft)


async def _photos(request: web.Request, step: Step, draft: Draft, body: Body) -> web.Response:
    """Files are kept at once, good ones beside refused ones too; `remove` takes one back."""
    store = drafts_of(request.app[SERVICES])
    removed = body.value.get("remove", "")
    if removed:
        await store.remove_photo(draft, removed)
        return _to(request, step)
    wrong = [FieldError("files", refusal.code) for refusal in body.refused]
    room = MAX_FILES - len(draft.photos)
    if len(body.files) > room:
        wrong.append(FieldError("files", "too_many_files"))
    if body.files:
        request.app[BUDGET].spend(request[CLIENT])
        await store.make_room()
    await store.add_photos(draft, body.files[: max(0, room)])
    if wrong:
        return await _question(request, step, draft, wrong=wrong)
    return _to(request, step) if body.value.get("go") == "more" else _onward(request, step, draft)


def check_page(
    request: web.Request, draft: Draft, *, form: FilledForm | None = None, status: int = 200
) -> web.Response:
    """Everything answered, each with its way to change it, and the form that sends it."""
    services, language = request.app[SERVICES], page_language(request)
    typed = draft.typed
    category = services.rules.categories.get(typed.get("category", ""))
    province = PROVINCES.get(typed.get("place.province", ""))
    response = page(
        request,
        "check.html",
        status=status,
        form=form or FilledForm(),
        draft=draft,
        typed=defaultdict(str, typed),
        sent=typed,
        category=titled(category.title, language) if category else "",
        province=(province.name if language == "fa" else province.english) if province else "",
        happened_on="/".join(typed[part] for part in ("year", "month", "day") if typed.get(part)),
        part=CHECK.part,
        parts=PARTS,
        back=_url(request, before(CHECK, typed)),
        change=lambda code: _url(request, BY_CODE[code], to="check"),
    )
    drafts.remember(request, response, draft)
    return response


async def _question(
    request: web.Request,
    step: Step,
    draft: Draft | None,
    *,
    typed: dict[str, str] | None = None,
    wrong: Iterable[FieldError] = (),
    resume: bool = False,
) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    kept = draft.typed if draft else {}
    form = refused(typed or kept, wrong, services.catalogue, language)
    values: dict[str, Any] = {
        "form": form,
        "step": step.code,
        "part": step.part,
        "parts": PARTS,
        "back": "" if step is _FIRST else _url(request, before(step, kept)),
        "action": _url(request, step, **_to_check(request)),
        "resume": _resume(request, draft) if resume else "",
        "photos": draft.photos if draft else [],
        "lately": await count_open(services, kept) if step.code == "what" else 0,
        "lately_days": DAYS,
        "others": links(request) if step is _FIRST else [],
        **choices(request),
    }
    response = page(request, "step.html", status=422 if form.errors else 200, **values)
    if draft is not None:
        drafts.remember(request, response, draft)
    return response


def choices(request: web.Request) -> dict[str, Any]:
    """What a report's form lets people choose from, and how many files of which size it takes."""
    services, language = request.app[SERVICES], page_language(request)
    known = services.rules.categories
    in_order = dict.fromkeys((*(code for code in _COMMON_FIRST if code in known), *known))
    return {
        "categories": [(code, titled(known[code].title, language)) for code in in_order],
        "provinces": _provinces(language),
        "most_files": MAX_FILES,
        "max_megabytes": services.settings.storage.max_attachment_mb,
    }


def _provinces(language: str) -> list[tuple[str, str]]:
    if language == "fa":
        named = [(code, province.name) for code, province in PROVINCES.items()]
        return sorted(named, key=lambda each: sort_key(each[1]))
    return sorted(((code, province.english) for code, province in PROVINCES.items()), key=lambda each: each[1])


def _step(request: web.Request) -> Step:
    """The page of the address. Raises Problem 404."""
    step = BY_CODE.get(request.match_info["step"])
    if step is None:
        raise Problem(404)
    return step


def _to_check(request: web.Request) -> dict[str, str]:
    return {"to": "check"} if request.query.get("to") == "check" else {}


def _onward(request: web.Request, step: Step, draft: Draft) -> web.Response:
    """The next page; who came from the check to change one answer goes back there, by way of what it now lacks."""
    response = _to(request, CHECK if _to_check(request) else after(step, draft.typed))
    drafts.remember(request, response, draft)
    return response


def _to(request: web.Request, step: Step) -> web.Response:
    return see_other(_url(request, step, **(_to_check(request) if step is not CHECK else {})))


def _resume(request: web.Request, draft: Draft | None) -> str:
    first = unanswered(draft.typed, tehran_day(request.app[SERVICES].now())) if draft else None
    return _url(request, first or CHECK)


def _url(request: web.Request, step: Step | None, **query: str) -> str:
    path = "/" if step is None else f"/report/{step.code}"
    return page_url(path, page_language(request), **query)


ROUTES: Final = (
    Route("GET", "/", get_first, PUBLIC),
    Route("GET", "/report/{step}", get_step, PUBLIC),
    Route("POST", "/report/{step}", post_step, PUBLIC, same_origin=True),
)
