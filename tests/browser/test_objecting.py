"""A citizen who does not accept how it ended: the page offers it, takes it, and the evaluator has it before them."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.gateway.web.test_objections import reject
from tests.support.axe import violations
from tests.support.desks import sit_down
from tests.support.questions import shown_code, to_reported
from tests.support.web import Site

WORDS = "کارشناس عکس‌ها را ندیده است"
SEND = "main form button[type=submit]"


async def to_closed(page: Page, site: Site) -> str:
    """To the page of a report that was closed as none of 124's business."""
    await to_reported(page)
    code = await shown_code(page)
    async with aiohttp.ClientSession(site.url) as http:
        await reject(site, http, code)
    await page.goto(f"/track?code={code}")
    await page.fill("#phone_last4", "۴۵۶۷")
    await page.click(SEND)
    await expect(page.locator("h1")).to_contain_text("پایان یافت")
    return code


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_close_is_objected_to_on_its_page(page: Page, site: Site, scripts: bool) -> None:
    await to_closed(page, site)
    await expect(page.locator(".lead")).to_have_text("تا ۲۰ آذر ۱۴۰۵ می‌توانید اعتراض کنید.")
    await page.click("#objection summary")
    await page.click("#objection button")
    await expect(page.locator("#objection textarea")).to_be_visible()
    await expect(page.locator("#text-error")).to_have_text("بنویسید چرا این نتیجه را نمی‌پذیرید.")
    if scripts:
        assert await violations(page) == []
    await page.fill("#objection textarea", WORDS)
    await page.click("#objection button")
    await expect(page.locator(".done")).to_be_focused()
    await expect(page.locator(".lead")).to_contain_text("تا ۳ آذر ۱۴۰۵، کارشناس اعتراض شما را بررسی")
    if scripts:
        assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_the_evaluator_has_the_objection_and_the_next_action_before_them(
    page: Page, context: BrowserContext, site: Site
) -> None:
    code = await to_closed(page, site)
    await page.click("#objection summary")
    await page.fill("#objection textarea", WORDS)
    await page.click("#objection button")
    await expect(page.locator(".done")).to_be_visible()
    await sit_down(context, site, "evaluator", username="another")
    await page.goto(f"/desk/tickets/{code}")
    await expect(page.locator("main")).to_contain_text("اعتراض به نتیجه")
    await expect(page.locator("main")).to_contain_text(WORDS)
    await expect(page.locator("#act-evaluate")).to_be_visible()
