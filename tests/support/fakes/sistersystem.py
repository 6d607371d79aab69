"""A sister system: takes cases and results as JSON, gives each case one number of its own, and can misbehave."""

from __future__ import annotations

from collections import deque
from typing import Any, Self

from aiohttp import web


class FakeSister:
    """Keeps what it took, by our id: `cases` of ours, `results` of theirs.

    `fail_next` says how it treats the following: a status, or `lose` (taken, then no answer that can be read).
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self.cases: dict[str, dict[str, Any]] = {}
        self.results: dict[str, dict[str, Any]] = {}
        self.posts = 0
        self.fail_next: deque[int | str] = deque()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/cases", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/cases"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.posts += 1
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return web.Response(status=401)
        fault = self.fail_next.popleft() if self.fail_next else None
        if isinstance(fault, int):
            return web.Response(status=fault)
        case = await request.json()
        if "status" in case:
            self.results[case["id"]] = case
            return web.Response(status=204)
        known = self.cases.setdefault(case["id"], {**case, "case_number": f"111-{len(self.cases) + 1}"})
        return web.Response(text="<html>") if fault else web.json_response({"case_number": known["case_number"]})
