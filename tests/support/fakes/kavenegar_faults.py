"""Kavenegar's answers on the wire, and what each fault of a bad day makes of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.fakes.kavenegar_panel import Entry

FAULTS = ("hang", "http_500", "html", "wrong_count", "truncated", "drip", "redirect", "huge", "drop")


@dataclass(slots=True)
class BadDay:
    """Spoils answers until it is over; whoever hangs or drips is let go then."""

    drip_s: float
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        self._over.set()

    async def spoilt(
        self, request: web.Request, fault: str, handle: Callable[[], list[Entry] | int]
    ) -> web.StreamResponse:
        """Answer, or what `fault` makes of it. All but `http_500` and `redirect` come after it took effect."""
        before: dict[str, Callable[[], web.Response]] = {
            "http_500": lambda: web.Response(status=500, text="Internal Server Error"),
            "redirect": lambda: web.Response(status=302, headers={"Location": f"{request.url.origin()}/elsewhere"}),
        }
        if fault in before:
            return before[fault]()
        answer = handle()
        body = _body(answer)
        if fault == "hang":
            await self._over.wait()
        if fault == "drop" and request.transport is not None:
            request.transport.close()
        if fault == "drip":
            return await _streamed(request, (body[i : i + 1] for i in range(len(body))), self._pause)
        if fault == "huge":
            return await _streamed(request, (b" " * 65536 for _ in range(3200)), self._no_pause)
        if fault == "html":
            return web.Response(text="<html><body>OK</body></html>", content_type="text/html")
        if fault == "truncated":
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        if fault == "wrong_count" and isinstance(answer, list):
            return web.Response(body=_body(answer[:-1]), content_type="application/json")
        status = answer if isinstance(answer, int) else 200
        return web.Response(status=_http(status), body=body, content_type="application/json")

    async def _pause(self) -> bool:
        try:
            await asyncio.wait_for(self._over.wait(), self.drip_s)
        except TimeoutError:
            return True
        return False

    async def _no_pause(self) -> bool:
        return not self._over.is_set()


def refusal(code: int) -> web.Response:
    """The answer to a call that is refused with a code of FACTS 1.2."""
    return web.Response(status=_http(code), body=_body(code), content_type="application/json")


def _body(answer: list[Entry] | int) -> bytes:
    code, entries = (answer, None) if isinstance(answer, int) else (200, answer)
    envelope = {"return": {"status": code, "message": "تایید شد" if code == 200 else "خطا"}, "entries": entries}
    return json.dumps(envelope, ensure_ascii=False).encode()


def _http(code: int) -> int:
    return code if code < 600 else 400


async def _streamed(
    request: web.Request, chunks: Iterable[bytes], go_on: Callable[[], Awaitable[bool]]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        for chunk in chunks:
            if not await go_on():
                break
            await response.write(chunk)
    except ConnectionError:
        return response  # the client has seen enough
    return response
