"""One row of the table of routes, and how a row is enforced: who may call it, with what body, how often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web
from pydantic import BaseModel

from gateway.web.clients import Budget
from gateway.web.csrf import SAFE_METHODS, require_same_origin
from gateway.web.desk.session import ACCOUNT, session_token, sign_in_url
from gateway.web.pages.error_page import wants_page
from gateway.web.problems import Problem, problem_response
from gateway.web.render import api_language, page_language, page_url, see_other
from gateway.web.services import CLIENT, SERVICES, STAFF, UNREAD
from ticketing.board_view import count_unread
from ticketing.errors import Forbidden, Unauthenticated, Unsettled
from ticketing.roles import ROLES
from ticketing.staff import authenticate

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Access = frozenset[str]

PUBLIC: Final[Access] = frozenset({"public"})
SECRET: Final[Access] = frozenset({"secret"})
"""Whoever knows the secret in the path; the handler compares it and answers 404 otherwise."""
STAFF_ANY: Final[Access] = frozenset(ROLES)
BUDGET: Final = web.AppKey("budget", Budget)
_LONGEST_TOKEN: Final = 512


@dataclass(frozen=True, slots=True)
class Route:
    """A route. What it takes and answers is what the OpenAPI document says of it.

    `same_origin` guards forms a browser sends; `budgeted` spends the caller's `reports_per_minute`; `keyed` takes an
    Idempotency-Key; `settling` is open to staff who must still set up a secret of theirs; `files` takes multipart with
    a part of that name for the JSON. Routes without `summary` are no API.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    access: Access
    summary: str = ""
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    statuses: tuple[int, ...] = (200,)
    same_origin: bool = False
    budgeted: bool = False
    settling: bool = False
    keyed: bool = False
    files: str = ""

    @property
    def needs_staff(self) -> bool:
        """True where only signed-in staff may call it."""
        return not self.access.isdisjoint(ROLES)


def enforced(route: Route) -> Handler:
    """The route's handler behind everything its row demands."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if route.same_origin:
            require_same_origin(request, request.app[SERVICES].settings.http.public_url)
        if route.budgeted:
            request.app[BUDGET].spend(request[CLIENT])
        elsewhere = await _let_in(request, route) if route.needs_staff else None
        return elsewhere if elsewhere is not None else await route.handler(request)

    return handle


async def expect_continue(request: web.Request) -> web.StreamResponse | None:
    """Answers `Expect: 100-continue`, and any other expectation with a problem (RFC 9110 §10.1.1)."""
    if request.headers.get("Expect", "").lower() != "100-continue":  # no middleware has run yet
        return problem_response(Problem(417), request.app[SERVICES].catalogue, api_language(request))
    if request.version >= (1, 1):
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    return None


async def _let_in(request: web.Request, route: Route) -> web.Response | None:
    """Where somebody at a page has to go first, to sign in or to set up a secret; None for whoever may pass."""
    is_page = wants_page(request)
    try:
        await _require_staff(request, route)
    except Unauthenticated:
        if route.method != "GET" or not is_page:
            raise
        return see_other(sign_in_url(request))
    except Unsettled:
        if not is_page:
            raise
        return see_other(page_url(ACCOUNT, page_language(request)))
    if is_page:
        request[UNREAD] = await count_unread(request.app[SERVICES].database.read, request[STAFF])
    return None


async def _require_staff(request: web.Request, route: Route) -> None:
    services = request.app[SERVICES]
    token = token_of(request)
    if "Authorization" not in request.headers and request.method not in SAFE_METHODS:
        require_same_origin(request, services.settings.http.public_url)  # a browser sends cookies whoever made it ask
    staff = await authenticate(services.database, services.rules.vault, token, services.now())
    request[STAFF] = staff
    if not route.settling and staff.owes(require_totp=services.settings.security.require_totp):
        raise Unsettled
    if staff.role not in route.access:
        raise Forbidden


def token_of(request: web.Request) -> str:
    """The token of the request's session, however it came. Raises Unauthenticated where there is none."""
    return bearer_token(request) if "Authorization" in request.headers else session_token(request)


def bearer_token(request: web.Request) -> str:
    """The token of the Authorization header. Raises Unauthenticated where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        raise Unauthenticated
    return token
