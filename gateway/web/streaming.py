"""A stored file as an answer, piece by piece: whatever its size, one piece of it is in memory.

Where ranges are served, one range is; who asks for several, or for what nobody can read, gets the whole (RFC 9110
§14.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import hdrs, web

from ticketing.attachments import Content

_WHOLE: Final = slice(None)


async def stream(
    request: web.Request, content: Content, headers: Mapping[str, str], *, ranges: bool = False
) -> web.StreamResponse:
    """Send the content, or with `ranges` the range of it that was asked for; 416 where there is nothing of that."""
    wanted = _range_of(request, content.size) if ranges else _WHOLE
    if wanted is None:
        unsatisfied = {hdrs.CONTENT_RANGE: f"bytes */{content.size}"}
        return web.Response(status=416, headers=unsatisfied)
    response = web.StreamResponse(headers=headers)
    if ranges:
        response.headers[hdrs.ACCEPT_RANGES] = "bytes"
    start, end = wanted.start or 0, content.size if wanted.stop is None else min(wanted.stop, content.size)
    if wanted != _WHOLE:
        response.set_status(206)
        response.headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{end - 1}/{content.size}"
    response.content_length = end - start
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        async for piece in content.pieces(start, end):
            await response.write(piece)
    await response.write_eof()
    return response


def _range_of(request: web.Request, size: int) -> slice | None:
    """The bytes asked for, `_WHOLE` where that is all of them; None where the file has none of those."""
    if hdrs.IF_RANGE in request.headers:  # we name no versions, so none can be the same
        return _WHOLE
    try:
        asked = request.http_range
    except ValueError:
        return _WHOLE
    if asked == slice(None, None, 1):
        return _WHOLE
    start = asked.start if asked.start >= 0 else max(size + asked.start, 0)
    return slice(start, asked.stop, 1) if start < size else None
