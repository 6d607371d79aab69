"""What happens around every request: one log line, one measurement, errors turned into problems, safe headers.

The log names the route's pattern, never the path, query, address or body: those carry codes, secrets and people.
"""

from __future__ import annotations

import time
import traceback
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Counter, Histogram

from gateway.web.clients import client_of, parse_networks
from gateway.web.pages.error_page import error_page, wants_page
from gateway.web.problems import Problem, problem_of, problem_response
from gateway.web.render import api_language
from gateway.web.services import CLIENT, SERVICES

log = structlog.get_logger()

_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_POLICY_HEADER: Final = "Content-Security-Policy"
SAFE_HEADERS: Final = {
    _POLICY_HEADER: _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "gateway-124",
}
_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_NOWHERE: Final = "(none)"
_KNOWN_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Headers every response carries, problems and files included."""
    stricter = response.headers.get(_POLICY_HEADER)  # a stored file's own: it may do nothing at all
    response.headers.update(SAFE_HEADERS)
    if stricter is not None:
        response.headers[_POLICY_HEADER] = stricter
    response.headers.setdefault("Cache-Control", "no-store")
    if isinstance(request, web.Request) and request.app[SERVICES].settings.http.public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"


def observe(registry: CollectorRegistry) -> Middleware:
    """The outermost middleware: counts and times requests into `registry`, and logs one line each."""
    requests = Counter("gateway_http_requests", "HTTP requests", ("method", "route", "status"), registry=registry)
    seconds = Histogram(
        "gateway_http_seconds", "Time to answer", ("method", "route"), registry=registry, buckets=_BUCKETS_S
    )

    @web.middleware
    async def observing(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.perf_counter()
        response = await handler(request)
        taken = time.perf_counter() - began
        route = route_of(request)
        method = request.method if request.method in _KNOWN_METHODS else "OTHER"
        requests.labels(method, route, str(response.status)).inc()
        seconds.labels(method, route).observe(taken)
        log.info("request", method=method, route=route, status=response.status, ms=round(taken * 1000, 1))
        return response

    return observing


def answer_errors(trusted_proxies: list[str]) -> Middleware:
    """Every error becomes a problem document, or a page for a browser on a page; also works out who is calling."""
    trusted = parse_networks(trusted_proxies)

    @web.middleware
    async def answering(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[CLIENT] = client_of(request, trusted)
        try:
            return await handler(request)
        except Exception as error:
            problem = problem_of(error)
            if problem.status == 500:
                _log_failure(request, error)
            return _answer(request, problem)

    return answering


def route_of(request: web.Request) -> str:
    """The pattern of the route a request took; never what a client wrote."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else _NOWHERE


def _answer(request: web.Request, problem: Problem) -> web.Response:
    if wants_page(request):
        return error_page(request, problem)
    return problem_response(problem, request.app[SERVICES].catalogue, api_language(request))


def _log_failure(request: web.Request, error: BaseException) -> None:
    """Where it broke, without what it said: messages of exceptions quote rows and bodies."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error("request failed", route=route_of(request), error=type(error).__name__, where=where)
