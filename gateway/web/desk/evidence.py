"""`/desk/tickets/{code}/attachments/{id}`: a stored attachment, to whoever may see its ticket.

What strangers sent is shown by the browser as pictures, sound or film, or saved; it is never a page of ours: its type
is the one its content showed, nothing is sniffed, and it is sandboxed from everything.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from aiohttp import web

from channels.attachments import ALLOWED
from gateway.web.problems import Problem
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF
from gateway.web.streaming import stream
from ticketing.attachments import Missing
from ticketing.evidence import Evidence, find_evidence

_POLICY: Final = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_SHOWN: Final = ("image/", "audio/", "video/")
_UNKNOWN: Final = "application/octet-stream"


async def get_attachment(request: web.Request) -> web.StreamResponse:
    """The file. Nothing of the address reaches the disk but through the database's own digest."""
    services = request.app[SERVICES]
    code, wanted = request.match_info["code"], request.match_info["attachment"]
    found = await find_evidence(services.database, services.rules, request[STAFF], code, wanted)
    try:
        async with services.attachments.open(found.sha256) as content:
            return await stream(request, content, _headers(found), ranges=True)
    except Missing:
        raise Problem(404) from None


def _headers(found: Evidence) -> dict[str, str]:
    media_type = found.media_type if found.media_type in ALLOWED else _UNKNOWN
    shown = "inline" if media_type.startswith(_SHOWN) else "attachment"
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "private, no-store",
    }


ROUTES: Final = (Route("GET", "/desk/tickets/{code}/attachments/{attachment}", get_attachment, STAFF_ANY),)
