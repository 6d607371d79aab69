"""A browser's own draft: known again by one opaque cookie, which no script reads and which says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.drafts import TOKEN_BYTES, Draft, Drafts, drafts_at
from gateway.web.services import SERVICES, Services

COOKIE: Final = "draft"


def drafts_of(services: Services) -> Drafts:
    """This site's drafts, now."""
    return drafts_at(services.settings, services.rules.vault, services.now())


async def current(request: web.Request) -> Draft | None:
    """The draft this browser has under way, if any."""
    token = request.cookies.get(COOKIE, "")
    is_token = len(token) == 2 * TOKEN_BYTES and token.isascii() and token.isalnum()
    return await drafts_of(request.app[SERVICES]).load(token) if is_token else None


def remember(request: web.Request, response: web.Response, draft: Draft) -> None:
    """Let the browser know the draft again until it is closed. No script can read it, and it says nothing."""
    secure = request.app[SERVICES].settings.http.public_url.startswith("https://")
    response.set_cookie(COOKIE, draft.token, path="/", httponly=True, samesite="Lax", secure=secure)


def merged(draft: Draft, answers: Mapping[str, str]) -> None:
    """Put a step's answers into the draft; an empty one takes back what was said."""
    draft.typed = {name: text for name, text in {**draft.typed, **answers}.items() if text}
