"""`/desk/events`: what a desk's open page hears at once, as server-sent events. What there is to hear is the hub's.

A stream ends after ten minutes and the browser opens another, so that who was signed out meanwhile hears no more.
"""

from __future__ import annotations

import asyncio
import json
from typing import Final

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from gateway.web.hub import Listener
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF

PATH: Final = "/desk/events"
_HEARTBEAT_S: Final = 15.0
_LONGEST_S: Final = 600.0
_RETRY_MS: Final = 2000


async def get_events(request: web.Request) -> web.StreamResponse:
    """The stream: each event is JSON `{"name", "said"}`. Raises TooMany where this member holds too many."""
    if request.method == "HEAD":
        return web.Response(content_type="text/event-stream")
    hub, member = request.app[SERVICES].hub, request[STAFF]
    with hub.listening(member.id) as listener:
        async with sse_response(request, ping_interval=_HEARTBEAT_S) as stream:
            try:
                await _forward(listener, stream)
            except ConnectionError:
                return stream  # the page is gone, as pages go
    return stream


async def _forward(listener: Listener, stream: EventSourceResponse) -> None:
    """Everything the listener hears, until it or the page is let go, or its time is up."""
    gone = asyncio.create_task(stream.wait())
    gone.add_done_callback(lambda _: listener.end())
    time_up = asyncio.get_running_loop().call_later(_LONGEST_S, listener.end)
    try:
        await stream.write(f": open\r\nretry: {_RETRY_MS}\r\n\r\n".encode())  # a first byte, so that the page knows
        while (news := await listener.next()) is not None:
            await stream.send(json.dumps({"name": news.name, "said": news.said}, ensure_ascii=False))
    finally:
        time_up.cancel()
        stream.stop_streaming()
        await gone


ROUTES: Final = (Route("GET", PATH, get_events, STAFF_ANY),)
