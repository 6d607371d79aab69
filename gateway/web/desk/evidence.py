"""`/desk/tickets/{code}/attachments/{id}`: an attachment, drawn anew page by page, to whoever may see its ticket.

What strangers sent is never a page or a picture of ours: what is shown is plain pixels our own process drew. Sound and
film have no other form: they are heard as they were sent. Any other file as it was sent is only ever saved, by those
who may, and the ticket's history says who did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import structlog
from aiohttp import web

from channels.attachments import ALLOWED
from gateway.views.frame import DRAWN, NoView
from gateway.views.recording import FILMS, RECORDINGS, SERVED_AS, SOUNDS
from gateway.web.desk.layout import desk_page
from gateway.web.desk.ticket_page import way_of, words_for
from gateway.web.problems import Problem
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF, Services
from gateway.web.streaming import stream
from sms.digits import is_ascii_number
from ticketing.attachment_looks import note_look
from ticketing.attachments import Missing
from ticketing.errors import NotFound
from ticketing.evidence import Evidence, find_evidence, take_original

log = structlog.get_logger()
_PATH: Final = "/desk/tickets/{code}/attachments/{attachment}"
_POLICY: Final = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_UNKNOWN: Final = "application/octet-stream"
_JPEG: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see: page `number` of so many `pages`, or `why` there is nothing, as the catalogue has it."""

    pages: int
    number: int
    why: str = ""


async def get_attachment(request: web.Request) -> web.Response:
    """The page that shows it. Raises `NotFound` for a page it does not have."""
    services, found = request.app[SERVICES], await _found(request)
    number = _number(request.query.get("page", "1"))
    shown = await _shown(services, found, number)
    return desk_page(
        request,
        "desk/attachment.html",
        w=words_for(request, {"procedure": found.procedure}),
        code=request.match_info["code"],
        file=found,
        shown=shown,
        sounds=SOUNDS,
        films=FILMS,
        most=services.viewer.caps.pages,
        way={name: value for name, value in way_of(request).items() if name != "page"},
    )


async def get_thumb(request: web.Request) -> web.Response:
    """Its first page, small."""
    found = await _found(request)
    return await _picture(request.app[SERVICES].viewer.thumb(found.sha256, found.media_type))


async def get_page_picture(request: web.Request) -> web.Response:
    """One of its pages. Raises `NotFound` for one that is known not to be there."""
    found = await _found(request)
    number = _number(request.match_info["page"])
    if found.pages is not None and number > found.pages:
        raise NotFound
    return await _picture(request.app[SERVICES].viewer.page(found.sha256, found.media_type, number))


async def get_recording(request: web.Request) -> web.StreamResponse:
    """Its sound or film, any stretch of it, to be heard where one is; with `save`, to be heard elsewhere."""
    found = await _found(request)
    if found.media_type not in RECORDINGS:
        raise Problem(404)
    headers = _headers(found) if "save" in request.query else _SAFE
    served_as = {"Content-Type": SERVED_AS.get(found.media_type, found.media_type)}
    return await _stream(request, found, {**headers, **served_as}, ranges=True)


async def post_original(request: web.Request) -> web.StreamResponse:
    """The file as it was sent, to be saved."""
    services = request.app[SERVICES]
    code, wanted = request.match_info["code"], request.match_info["attachment"]
    sent = (await _found(request)).sha256
    if not await asyncio.to_thread(services.attachments.has, sent):
        raise Problem(404)
    found = await take_original(services.database, services.rules, request[STAFF], code, wanted, services.now())
    return await _stream(request, found, _headers(found))


async def _stream(
    request: web.Request, found: Evidence, headers: Mapping[str, str], *, ranges: bool = False
) -> web.StreamResponse:
    try:
        async with request.app[SERVICES].attachments.open(found.sha256) as content:
            return await stream(request, content, headers, ranges=ranges)
    except Missing:
        raise Problem(404) from None


async def _found(request: web.Request) -> Evidence:
    """The attachment asked for. Nothing of the address reaches the disk but through the database's own digest."""
    services = request.app[SERVICES]
    code, wanted = request.match_info["code"], request.match_info["attachment"]
    return await find_evidence(services.database, services.rules, request[STAFF], code, wanted)


async def _shown(services: Services, found: Evidence, number: int) -> Shown:
    try:
        pages = await _pages_of(services, found)
        if pages and number > min(pages, services.viewer.caps.pages):
            raise NotFound
        if pages and found.media_type in DRAWN:
            await services.viewer.page(found.sha256, found.media_type, number)
        return Shown(pages, number, "" if pages else _why(found))
    except NoView as refusal:
        log.info("an attachment has no view", attachment=found.id, reason=refusal.code)
        return Shown(0, number, "no_view.later" if refusal.may_pass else _why(found))
    except OSError as error:
        log.warning("nothing can be drawn now", error=type(error).__name__)
        return Shown(0, number, "no_view.later")


def _why(found: Evidence) -> str:
    if found.media_type in RECORDINGS:
        return "no_view.unplayable"
    return "no_view.failed" if found.media_type in DRAWN else "no_view.unsupported"


async def _pages_of(services: Services, found: Evidence) -> int:
    """How many pages can be shown; it is looked at now where nobody has yet."""
    if found.pages is not None:
        return found.pages
    try:
        look = await services.viewer.look(found.sha256, found.media_type)
    except NoView as refusal:
        if not refusal.may_pass:
            await note_look(services.database, services.rules, found.id, 0, (), services.now())
        raise
    await note_look(services.database, services.rules, found.id, look.pages, look.codes, services.now())
    return look.pages or 0


async def _picture(drawing: Awaitable[bytes]) -> web.Response:
    try:
        body = await drawing
    except NoView:
        raise Problem(404) from None
    except OSError as error:
        log.warning("nothing can be drawn now", error=type(error).__name__)
        raise Problem(503) from None
    return web.Response(body=body, headers={"Content-Type": _JPEG, **_SAFE})


def _number(written: str) -> int:
    if not is_ascii_number(written) or len(written) > 6 or int(written) == 0:
        raise NotFound
    return int(written)


_SAFE: Final = {"Content-Security-Policy": _POLICY, "Cache-Control": "private, no-store"}


def _headers(found: Evidence) -> dict[str, str]:
    media_type = found.media_type if found.media_type in ALLOWED else _UNKNOWN
    disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return {"Content-Type": media_type, "Content-Disposition": disposition, **_SAFE}


ROUTES: Final = (
    Route("GET", _PATH, get_attachment, STAFF_ANY),
    Route("GET", f"{_PATH}/thumb", get_thumb, STAFF_ANY),
    Route("GET", f"{_PATH}/pages/{{page}}", get_page_picture, STAFF_ANY),
    Route("GET", f"{_PATH}/recording", get_recording, STAFF_ANY),
    Route("POST", f"{_PATH}/original", post_original, STAFF_ANY),
)
