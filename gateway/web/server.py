"""The application built from the table of routes, and the server it is to be run under."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from aiohttp import web

from gateway.web.clients import Budget
from gateway.web.middleware import add_headers, answer_errors, observe
from gateway.web.openapi import build_document
from gateway.web.route import BUDGET, enforced, expect_continue
from gateway.web.routes import ROUTES
from gateway.web.services import DOCUMENT, SERVICES, Services
from gateway.web.statics import STATICS, shipped_statics

_BODY_LIMIT: Final = 1024 * 1024


def build_application(services: Services) -> web.Application:
    """The whole HTTP face on these services. Run it with `gateway.web.connections.Runner`."""
    proxies = list(services.settings.http.trusted_proxies)
    application = web.Application(
        middlewares=(observe(services.metrics), answer_errors(proxies)), client_max_size=_BODY_LIMIT
    )
    application[SERVICES] = services
    application[STATICS] = shipped_statics()
    application[BUDGET] = Budget(services.settings.security.reports_per_minute, services.now)
    application[DOCUMENT] = build_document(ROUTES, services.rules.procedures.values(), version("gateway-124"))
    application.on_response_prepare.append(add_headers)
    _wire_live(application, services)
    application.on_cleanup.append(_stop_glancing)
    for route in ROUTES:
        handler = enforced(route)
        application.router.add_route(route.method, route.path, handler, expect_handler=expect_continue)
        if route.method == "GET":
            application.router.add_route("HEAD", route.path, handler, expect_handler=expect_continue)
    return application


async def _stop_glancing(application: web.Application) -> None:
    await application[SERVICES].glancing.stop()


def _wire_live(application: web.Application, services: Services) -> None:
    """Commits are told to the desks' open pages, which are let go before connections are waited for."""
    services.database.writer.on_commit.append(services.hub.note_commit)

    async def let_go(_: web.Application) -> None:
        services.hub.close()

    application.on_shutdown.append(let_go)
