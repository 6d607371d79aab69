"""Whether the program lives, whether it can work, and its figures; no personal data in any of them."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.web.problems import Problem
from gateway.web.services import SERVICES


async def healthz(_request: web.Request) -> web.Response:
    """Alive: the loop turns."""
    return web.json_response({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Ready to take reports, or 503 with the codes of what is not."""
    reasons = list(await request.app[SERVICES].readiness())
    if reasons:
        raise Problem(503, "not_ready", headers={"Retry-After": "5"}, members={"reasons": reasons})
    return web.json_response({"status": "ready"})


async def metrics(request: web.Request) -> web.Response:
    """The figures, in Prometheus' text format."""
    text = generate_latest(request.app[SERVICES].metrics)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})
