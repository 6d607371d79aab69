"""Somebody at a ticket's page without scripts: what they see, the forms they send, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from uuid import uuid4

import aiohttp

from tests.support.desk_pages import OURS
from tests.support.reports import web_report
from tests.support.web import Site
from ticketing.intake import take_in

Cookies = dict[str, str]


class TicketDesk:
    """Somebody at a desk, with a browser that carries their session."""

    def __init__(self, site: Site, http: aiohttp.ClientSession) -> None:
        self._site, self._http = site, http
        self._cookie: Cookies = {}

    async def sit(self, role: str, **more: Any) -> TicketDesk:
        seated = TicketDesk(self._site, self._http)
        name = more.pop("username", f"{role}.{uuid4().hex[:6]}")
        await self._site.add_staff(name, role, **more)
        seated._cookie = {"Cookie": f"desk={await self._site.token(name)}", **OURS}
        return seated

    async def page(self, code: str, language: str = "fa", **query: str) -> str:
        asked = {"lang": language, **query}
        async with self._http.get(f"/desk/tickets/{code}", params=asked, headers=self._cookie) as answer:
            assert answer.status == 200
            return await answer.text()

    async def status(self, path: str) -> int:
        async with self._http.get(path, headers=self._cookie, allow_redirects=False) as answer:
            return answer.status

    async def get(self, path: str, more: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], bytes]:
        async with self._http.get(path, headers={**self._cookie, **(more or {})}) as answer:
            return answer.status, answer.headers, await answer.read()

    async def save(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        """Press the button that saves a file."""
        async with self._http.post(path, headers=self._cookie) as answer:
            return answer.status, answer.headers, await answer.read()

    async def press(self, code: str, deed: str) -> tuple[int, str]:
        """Press a button that needs nothing else: `take` or `give-back`."""
        async with self._http.post(
            f"/desk/tickets/{code}/{deed}", data={}, headers=self._cookie, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def send(self, code: str, action: str, **typed: str) -> tuple[int, str]:
        """Send an action's form as the page has it, filled in; the status, and the page or where it leads."""
        held = hidden(await self.page(code), action)
        return await self.post(code, action, {**held, **typed})

    async def post(self, code: str, action: str, typed: Mapping[str, str], files: bytes = b"") -> tuple[int, str]:
        form = aiohttp.FormData(typed, default_to_multipart=True)
        if files:
            form.add_field("files", files, filename="photo.jpg", content_type="image/jpeg")
        path = f"/desk/tickets/{code}/actions/{action}"
        async with self._http.post(path, data=form, headers=self._cookie, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of an action's form on a page."""
    form = page.partition(f'id="act-{action}"')[2].partition("</form>")[0]
    return hidden_fields(form)


def hidden_fields(form: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


async def a_ticket(site: Site, **changes: Any) -> str:
    """The code of a ticket from the web, complete unless `changes` say otherwise."""
    accepted = await take_in(
        site.parts.database, site.parts.rules, web_report(**changes), files=site.services.attachments
    )
    assert accepted.tracking_code is not None
    return accepted.tracking_code
