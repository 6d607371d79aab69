"""The smallest honest aiohttp program that takes a report durably: JSON in, four rows, 201 with a code."""

from __future__ import annotations

import itertools
import secrets
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from tests.bench.raw_store import RawStore


async def _application(folder: Path) -> web.Application:
    store = RawStore(folder / "raw.db")
    numbers = itertools.count(1)

    async def take(request: web.Request) -> web.Response:
        raw = await request.read()
        report = await request.json()
        code = f"{secrets.randbelow(10**12):012d}"
        await store.add(next(numbers), raw, code, report["phone"], report["text"])
        return web.json_response({"tracking_code": code}, status=201)

    application = web.Application()
    application.router.add_post("/api/v1/reports", take)
    return application


if __name__ == "__main__":
    loop = uvloop.new_event_loop()
    app = loop.run_until_complete(_application(Path(sys.argv[1])))
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), loop=loop, print=None, access_log=None)
