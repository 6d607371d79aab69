"""A small Kavenegar on loopback: a panel behind the REST calls we use, and its bad days as data.

`fail("sendarray", "hang", "code:409")` breaks the next two calls of that method, `fail(method, fault, always=True)`
every one. Run it by hand with `python -m tests.support.fakes.kavenegar --port 9124`; `/_/sent`, `/_/fail` and
`/_/inbox` steer it from outside.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field

import aiohttp
from aiohttp import web

from gateway.web.connections import ListeningSite
from tests.support.fakes.kavenegar_faults import BadDay, refusal
from tests.support.fakes.kavenegar_panel import Panel


@dataclass(slots=True)
class FakeKavenegar(Panel):
    """The panel, served. `received` holds every call as (method, form)."""

    api_key: str = "6B65792D666F722D74657374733D3D"
    port: int = 0
    drip_s: float = 1.0
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    _faults: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, str] = field(default_factory=dict)
    _bad_day: BadDay = field(init=False)
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        self._bad_day = BadDay(self.drip_s)

    async def __aenter__(self) -> FakeKavenegar:
        app = web.Application()
        app.router.add_route("*", "/v1/{key}/{action}/{method}.json", self._call)
        app.router.add_get("/_/sent", self._show_sent)
        app.router.add_post("/_/fail", self._take_faults)
        app.router.add_post("/_/inbox", self._take_inbox)
        app.router.add_get("/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = ListeningSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._bad_day.end()
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, method: str, *faults: str, always: bool = False) -> None:
        """Break the next calls of `method`, one fault each (`hang`, `code:418`, …), or `always` by the one given."""
        if always:
            self._always[method] = faults[0]
        else:
            self._faults[method].extend(faults)

    def heal(self) -> None:
        """Forget every fault that is still to come."""
        self._faults.clear()
        self._always.clear()

    def calls(self, method: str) -> list[dict[str, str]]:
        """The forms of every call of `method`, in order."""
        return [form for called, form in self.received if called == method]

    async def deliver_receipts(self, hook_url: str, status: int = 10) -> None:
        """Tell the hook what became of every message taken so far, one GET each, as the panel's push does."""
        async with aiohttp.ClientSession() as session:
            for message in self.messages.values():
                message.status = status
                await session.get(hook_url, params={"messageid": str(message.messageid), "status": str(status)})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
        self.received.append((method, form))
        self.called.set()
        if request.match_info["key"] != self.api_key:
            return refusal(403)
        fault = self._faults[method].popleft() if self._faults[method] else self._always.get(method, "")
        if fault.startswith("code:"):
            return refusal(int(fault.removeprefix("code:")))
        handler = self.methods().get((request.match_info["action"], method))
        if handler is None:
            return refusal(404)
        return await self._bad_day.spoilt(request, fault, lambda: handler(form))

    async def _elsewhere(self, _request: web.Request) -> web.Response:
        self.received.append(("elsewhere", {}))
        return web.json_response({"return": {"status": 200, "message": ""}, "entries": []})

    async def _show_sent(self, _request: web.Request) -> web.Response:
        texts = [asdict(message) for message in self.messages.values()]
        return web.json_response({"really_sent": self.really_sent, "messages": texts})

    async def _take_faults(self, request: web.Request) -> web.Response:
        for method, faults in (await request.json()).items():
            self.fail(method, *faults)
        return web.Response(status=204)

    async def _take_inbox(self, request: web.Request) -> web.Response:
        for row in await request.json():
            self.text_in(row["from"], row["message"], row.get("to", "30001240"))
        return web.Response(status=204)


async def _serve(port: int, api_key: str) -> None:
    async with FakeKavenegar(api_key=api_key, port=port) as fake:
        print(f"{fake.url}/v1/{fake.api_key}/", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9124)
    parser.add_argument("--api-key", default=FakeKavenegar().api_key)
    arguments = parser.parse_args()
    try:
        asyncio.run(_serve(arguments.port, arguments.api_key))
    except KeyboardInterrupt:
        print("stopped")
