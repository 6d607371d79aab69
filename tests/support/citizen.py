"""A citizen whose browser runs no scripts, answering the questions of a report one a page."""

from __future__ import annotations

import json
import re
from html import unescape

import aiohttp

from tests.support.web import Site

PHONE = "۰۹۱۲ ۱۲۳ ۴۵۶۷"
SHOP = {"business.name": "سوپرمارکت بهار", "place.province": "23", "place.county": "تهران"}
WHAT = {"text": "شیر را گران‌تر فروخت", "day": "۲۰", "month": "۸", "year": "۱۴۰۵"}
ANSWERS = (
    ("subject", {"category": "overcharging"}),
    ("licence", {"go": "skip"}),
    ("shop", SHOP),
    ("what", WHAT),
    ("photos", None),
    ("contact", {"phone": PHONE}),
)


class Citizen:
    """A browser without scripts: keeps cookies, follows redirects, sends what a page's form holds."""

    def __init__(self, site: Site, http: aiohttp.ClientSession) -> None:
        self._own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
        self.http = http
        self.path = self.text = ""
        self.status = 0

    async def open(self, path: str) -> None:
        async with self.http.get(path) as answer:
            await self._seen(answer)

    async def answer(self, step: str, data: object = None, query: str = "") -> None:
        await self.post(f"/report/{step}{query}", data or {"go": "on"})

    async def post(self, path: str, data: object) -> None:
        async with self.http.post(path, data=data, headers=self._own) as answer:
            await self._seen(answer)

    async def send(self, **change: str) -> None:
        """Press the button of the page of answers, as it stands."""
        await self.post("/", self.hidden() | change)

    async def keep_offline(self, form: dict[str, str]) -> aiohttp.ClientResponse:
        part = aiohttp.FormData({"report": json.dumps(form)}, default_to_multipart=True)
        return await self.http.post("/", data=part, headers=self._own)

    def hidden(self) -> dict[str, str]:
        return {
            name: unescape(value) for name, value in re.findall(r'"hidden" name="([^"]+)" value="([^"]*)"', self.text)
        }

    async def through(self, until: str = "check") -> None:
        for step, data in ANSWERS:
            if step == until:
                return
            await self.answer(step, data)

    async def _seen(self, answer: aiohttp.ClientResponse) -> None:
        self.status, self.path, self.text = answer.status, answer.url.path, await answer.text()


def photo(content: bytes, name: str = "قبض.jpg") -> aiohttp.FormData:
    """The form of the step of photos, with one."""
    data = aiohttp.FormData(quote_fields=False)  # as browsers name files
    data.add_field("files", content, filename=name, content_type="image/jpeg")
    return data
