"""A citizen answers the questions of a report, one a page, as far as a test wants."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page

from normalizer.text import digits

GO_ON: Final = "#step button[type=submit] >> nth=0"
PHONE: Final = "۰۹۱۲ ۱۲۳ ۴۵۶۷"


async def to_shop(page: Page, language: str = "") -> None:
    """To the page of the shop, filled in."""
    await page.goto(f"/?lang={language}" if language else "/")
    await page.check("input[value=overcharging]")
    await page.click(GO_ON)
    await page.click("button[value=skip]")
    await page.fill("#business-name", "سوپرمارکت بهار")
    await page.select_option("#place-province", "23")


async def to_photos(page: Page, language: str = "") -> None:
    """To the page of the photos, with what happened told."""
    await to_shop(page, language)
    await page.click(GO_ON)
    await page.fill("#text", "شیر را گران‌تر از قیمت روی جلد فروخت")
    await page.click(GO_ON)


async def to_check(page: Page, language: str = "") -> None:
    """To the answers as they would be sent."""
    await to_photos(page, language)
    await page.click(GO_ON)
    await page.fill("#phone", PHONE)
    await page.click(GO_ON)


async def to_reported(page: Page, language: str = "") -> None:
    """To the confirmation."""
    await to_check(page, language)
    await page.click("#send button")
    await page.wait_for_url("**/reported*")


async def shown_code(page: Page) -> str:
    """The tracking code that the confirmation shows, in ASCII digits."""
    return digits("".join(await page.locator(".code bdi span").all_inner_texts()))
