"""THREATS 44: a body that never ends does not hold its handler for ever."""

from __future__ import annotations

import asyncio

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.problems import Problem


async def test_threat_44_a_body_that_drips_is_given_up() -> None:
    codes: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        try:
            await Reader(deadline_s=0.05).read(request)
        except Problem as problem:
            codes.append(problem.code)
            return web.Response(status=problem.status)
        return web.Response()

    application = web.Application()
    application.router.add_post("/", handler)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    assert codes == ["too_slow"]
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()
