"""An operator at the call screen in the browser: the desk, the exchange, and a keyboard that counts."""

from __future__ import annotations

import aiohttp
from playwright.async_api import BrowserContext, Page

from normalizer.text import digits
from tests.support.desks import WIDE, sit_down
from tests.support.web import PBX_SECRET, Site
from ticketing.extensions import set_extension

CALLER = "09121234567"


async def open_call_desk(context: BrowserContext, page: Page, site: Site) -> Page:
    """The call screen of a national operator at extension 201."""
    member = await sit_down(context, site, "operator")
    await set_extension(site.parts.database, member.id, "201")
    await page.set_viewport_size(WIDE)
    async with page.expect_response("**/desk/calls/history"):
        await page.goto("/desk/calls")
    return page


async def hook(site: Site, moment: str, call_id: str = "c1", caller: str = CALLER) -> None:
    """What the exchange reports."""
    call = {"caller": caller, "extension": "201", "call_id": call_id}
    async with aiohttp.request("POST", f"{site.url}/hooks/pbx/{PBX_SECRET}/{moment}", json=call) as answer:
        assert answer.status == 200


async def shown_code(page: Page) -> str:
    """The tracking code on the screen, in ASCII digits."""
    return digits("".join(await page.locator("#result .code span").all_inner_texts()))


class Keyboard:
    """Presses keys one by one and counts them."""

    def __init__(self, page: Page) -> None:
        self._keys = page.keyboard
        self.count = 0

    async def type(self, text: str) -> None:
        await self._keys.type(text)
        self.count += len(text)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self._keys.press(key)
            self.count += 1
