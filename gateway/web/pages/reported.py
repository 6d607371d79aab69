"""The confirmation: the code to keep, what happens next and by when, to print, to save, to scan.

All of it comes from a cookie of the browser that sent the report, so that a code stands in no address or log, and
nobody learns anything here by writing a code into a cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import segno
from aiohttp import web
from markupsafe import Markup
from sqlalchemy import select

from gateway.web.pages.proof import looks_like_proof, proof_of
from gateway.web.pages.spoken import spelled
from gateway.web.problems import Problem
from gateway.web.render import digits_of, in_fours, page, page_language, page_url, prose_date, see_other
from gateway.web.route import PUBLIC, Route
from gateway.web.services import SERVICES
from normalizer.tracking_code import ANONYMOUS_LENGTH, is_code
from ticketing.accepted import Accepted
from ticketing.deadlines import due_on
from ticketing.procedure import Procedure
from ticketing.tables import tickets
from ticketing.title import titled
from ticketing.vocabulary import NEEDS

_COOKIE: Final = "reported"
_COOKIE_AGE_S: Final = 3600
_PROCEDURE: Final = "procedure-"


@dataclass(frozen=True, slots=True)
class _Told:
    """What the cookie says: the code, whether a ticket was opened, what it lacks, the day of the next word, the proof
    that this browser was told the code by us, and the procedure, where it is not the front page's."""

    code: str
    is_new: bool
    missing: list[str]
    due: date | None
    proof: str
    procedure: Procedure | None

    @property
    def is_anonymous(self) -> bool:
        return len(self.code) == ANONYMOUS_LENGTH


async def go_there(request: web.Request, accepted: Accepted, procedure: str = "") -> web.Response:
    """On to the confirmation of a report that was taken in; `procedure` is named where it has a page of its own."""
    services = request.app[SERVICES]
    rows = await services.database.read(select(tickets.c.due_at).where(tickets.c.id == accepted.ticket_id))
    due = due_on(rows[0]["due_at"]) if rows else None
    kind = "new" if accepted.created else "joined"
    code = accepted.tracking_code or ""
    named = [f"{_PROCEDURE}{procedure}"] if procedure else []
    said = (code, kind, proof_of(services, code), *named, *([due.isoformat()] if due else []), *accepted.missing)
    response = see_other(page_url("/reported", page_language(request)))
    response.set_cookie(
        _COOKIE,
        ".".join(said),
        path="/reported",
        max_age=_COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=services.settings.http.public_url.startswith("https://"),
    )
    return response


def in_json(accepted: Accepted) -> web.Response:
    """The same for a browser that kept the report while it was offline."""
    said = {"tracking_code": accepted.tracking_code, "created": accepted.created, "missing": list(accepted.missing)}
    return web.json_response(said, status=201 if accepted.created and not accepted.replayed else 200)


async def get_reported(request: web.Request) -> web.Response:
    """The confirmation; without one, on to tracking."""
    told = _told(request)
    if told is None:
        return see_other(page_url("/track", page_language(request)))
    language, say = page_language(request), request.app[SERVICES].catalogue.say
    return page(
        request,
        "reported.html",
        told=told,
        code=told.code,
        spoken=spelled(told.code, language, say),
        due=prose_date(told.due, language) if told.due else "",
        qr=_drawn(_address(request, told)),
        filed=_filed(told, language, say),
        steps=[titled(step.title, language) for step in told.procedure.steps] if told.procedure else [],
        **_track_link(told),
    )


def _filed(told: _Told, language: str, say: Callable[..., str]) -> str:
    """That it is filed, by what its procedure calls it; "" for one that was filed as any report is."""
    if told.procedure is None or not told.is_new:
        return ""
    return say(language, "reported.filed", matter=titled(told.procedure.matter.title, language))


def _drawn(address: str) -> Markup:
    """The address as a QR code: a drawing of our own making, so it goes into the page as it is."""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704


async def get_saved(request: web.Request) -> web.Response:
    """The same in a few lines of text, to keep as a file."""
    told = _told(request)
    if told is None:
        raise Problem(404)
    language, say = page_language(request), request.app[SERVICES].catalogue.say
    lines = [
        say(language, "reported.title" if told.is_new else "reported.joined_title"),
        f"{say(language, 'reported.your_code')}: {digits_of(' '.join(in_fours(told.code)), language)}",
        *([say(language, "reported.due", due=prose_date(told.due, language))] if told.due else []),
        say(language, "reported.save_how", address=_base(request) + "/track"),
    ]
    headers = {"Content-Disposition": f'attachment; filename="124-{told.code}.txt"', "Content-Language": language}
    return web.Response(text="\r\n".join(lines) + "\r\n", content_type="text/plain", headers=headers)


def _told(request: web.Request) -> _Told | None:
    code, _, rest = request.cookies.get(_COOKIE, "").partition(".")
    if not is_code(code):
        return None
    kind, *more = rest.split(".")
    missing = [fact for fact in NEEDS if fact in more]
    named = next((word.removeprefix(_PROCEDURE) for word in more if word.startswith(_PROCEDURE)), "")
    procedure = request.app[SERVICES].rules.procedures.get(named)
    return _Told(code, kind == "new", missing, _day(more), next(filter(looks_like_proof, more), ""), procedure)


def _day(words: list[str]) -> date | None:
    for word in words:
        try:
            return date.fromisoformat(word)
        except ValueError:
            continue
    return None


def _track_link(told: _Told) -> dict[str, Any]:
    """A code of sixteen digits opens its ticket alone, so it goes into no address."""
    return {"track_query": {} if told.is_anonymous else {"code": told.code}}


def _address(request: web.Request, told: _Told) -> str:
    """What the square holds: where to track it. A fragment stays in the browser, so it may hold any code."""
    return f"{_base(request)}/track#{told.code}"


def _base(request: web.Request) -> str:
    return request.app[SERVICES].settings.http.public_url.rstrip("/") or str(request.url.origin())


ROUTES: Final = (
    Route("GET", "/reported", get_reported, PUBLIC),
    Route("GET", "/reported/save", get_saved, PUBLIC),
)
