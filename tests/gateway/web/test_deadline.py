"""THREATS 44: who is too slow holds nothing for ever, neither a handler nor a connection."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web
from prometheus_client import CollectorRegistry

from gateway.web.body import Reader
from gateway.web.connections import ListeningSite, Runner
from gateway.web.problems import Problem
from gateway.web.server import build_application
from tests.support.web import Site


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
    await ListeningSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    assert codes == ["too_slow"]
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()


async def test_threat_44_a_head_that_drips_is_given_up(site: Site) -> None:
    services = replace(site.services, metrics=CollectorRegistry())
    runner = Runner(build_application(services), shutdown_s=0.1, headers_s=0.05)
    await runner.setup()
    await ListeningSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(b"GET / HTTP/1.1\r\nHost: ")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()
