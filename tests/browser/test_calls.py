"""An operator at the call screen, by keys alone: filed in one go, never lost, filled by the call that comes."""

from __future__ import annotations

import re
import time

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import select

from normalizer.text import digits
from normalizer.tracking_code import is_code
from tests.support.desks import WIDE, sit_down
from tests.support.web import PBX_SECRET, Site
from ticketing.extensions import set_extension
from ticketing.tables import reports, tickets

CALLER = "09121234567"


@pytest.fixture
async def desk(context: BrowserContext, page: Page, site: Site) -> Page:
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


async def test_a_typical_case_is_filed_by_keyboard_alone(desk: Page, site: Site) -> None:
    keys, began = Keyboard(desk), time.perf_counter()
    await expect(desk.locator("#category")).to_be_focused()
    await keys.type("گرا")
    await keys.press("Tab")  # takes the subject
    await keys.type("شیر را گران‌تر از قیمت روی جلد فروخت")
    await keys.press("Tab")
    await keys.type("لبنیات بهار")
    await keys.press("Tab", "Tab")
    await keys.type("تهر")
    await keys.press("Tab", "Tab")
    await keys.type("09121234567")
    await keys.press("Control+Enter")
    await expect(desk.locator("#result .code")).to_be_visible()
    print(f"typical case: {keys.count} keystrokes, {time.perf_counter() - began:.2f} s at machine speed")
    code = await shown_code(desk)
    assert is_code(code)
    await expect(desk.locator("#result")).to_contain_text("پیامک")
    await expect(desk.locator("#category")).to_be_focused()
    await expect(desk.locator("#text")).to_have_value("")
    (ticket,) = await site.parts.database.read(select(tickets))
    assert (ticket["category"], ticket["province"], ticket["step"]) == ("overcharging", "23", 2)
    assert (ticket["business_name"], ticket["channel"]) == ("لبنیات بهار", "phone")


async def test_call_fills_an_untouched_form_and_leaves_the_focus(desk: Page, site: Site) -> None:
    began = time.perf_counter()
    await hook(site, "ring")
    await expect(desk.locator("#phone")).to_have_value(CALLER)
    print(f"pop: {(time.perf_counter() - began) * 1000:.0f} ms from the hook to the filled form")
    await expect(desk.locator("#category")).to_be_focused()
    await expect(desk.locator("#line-state")).to_have_text("زنگ می‌خورد")
    await hook(site, "answer")
    await expect(desk.locator("#line-timer")).to_have_text(re.compile("۰:۰[۰-۹]"))
    await desk.keyboard.type("گرا")
    await desk.fill("#text", "شیر گران بود")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#result .code")).to_be_visible()
    await expect(desk.locator("#phone")).to_have_value(CALLER)  # one call may hold two complaints
    (report,) = await site.parts.database.read(select(reports))
    assert report["call_id"] == "c1"
    await hook(site, "hangup")
    await expect(desk.locator("#line-state")).to_have_text("تماس تمام شد")
