"""Somebody sits down at a desk: an account, a session, and a browser that carries it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import BrowserContext

from tests.support.web import Site
from ticketing.staff import Staff

WIDE = {"width": 1366, "height": 660}
NARROW = {"width": 360, "height": 740}


async def sit_down(context: BrowserContext, site: Site, role: str, **more: Any) -> Staff:
    """A fresh member of staff with this role, signed in in `context`. `more` is as in `add_staff`, username too."""
    username = more.pop("username", f"one.{role}")
    member = await site.add_staff(username, role, **more)
    await context.add_cookies([{"name": "desk", "value": await site.token(username), "url": site.url}])
    return member
