"""A browser's session at the desks: an opaque token in a cookie that no script reads, and the way to the sign-in."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.web.render import page_language, page_url
from gateway.web.services import SERVICES
from ticketing.errors import Unauthenticated
from ticketing.staff import SESSION

SIGN_IN: Final = "/desk"
ACCOUNT: Final = "/desk/account"
_COOKIE: Final = "desk"
_COOKIE_OVER_TLS: Final = "__Host-desk"
_LONGEST_TOKEN: Final = 512
_LONGEST_WAY_BACK: Final = 500


def session_token(request: web.Request) -> str:
    """The token of the browser's session. Raises Unauthenticated where it has none."""
    token = request.cookies.get(_name(request), "")
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        raise Unauthenticated
    return token


def keep_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Let the browser carry the session from now on."""
    response.set_cookie(
        _name(request),
        token,
        path="/",
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=_is_over_tls(request),
    )


def drop_session(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser forget the session, and whatever it kept of pages."""
    response.del_cookie(_name(request), path="/", httponly=True, samesite="Lax", secure=_is_over_tls(request))


def sign_in_url(request: web.Request) -> str:
    """Where to sign in, and then come back to the page that was asked for."""
    return page_url(SIGN_IN, page_language(request), next=request.path_qs[:_LONGEST_WAY_BACK])


def way_back(wanted: str) -> str | None:
    """The page of a desk to go on to after signing in; None for an address that is none of ours."""
    is_ours = wanted.startswith("/desk/") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_ours and len(wanted) <= _LONGEST_WAY_BACK else None


def _name(request: web.Request) -> str:
    return _COOKIE_OVER_TLS if _is_over_tls(request) else _COOKIE


def _is_over_tls(request: web.Request) -> bool:
    return request.app[SERVICES].settings.http.public_url.startswith("https://")
