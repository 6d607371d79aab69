"""A citizen answers one question a page: with scripts and without, by keys alone, back and forth, off line too."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from normalizer.text import digits
from normalizer.tracking_code import is_code
from tests.support.files import JPEG
from tests.support.questions import GO_ON, shown_code, to_check, to_photos
from tests.support.web import Site


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_six_questions_lead_to_a_code(page: Page, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "قبض.jpg"
    photo.write_bytes(JPEG)
    await to_photos(page)
    await expect(page.locator(".progress")).to_have_text("۴ از ۶")
    await page.set_input_files("#files", photo)
    await page.click(GO_ON)
    await page.fill("#phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷")
    await page.click(GO_ON)
    await expect(page.locator(".rows")).to_contain_text("قبض.jpg")
    assert "0912" not in page.url
    await page.click("#send button")
    await page.wait_for_url("**/reported")
    assert is_code(await shown_code(page))
    await expect(page.locator(".next li").first).to_contain_text("۳ آذر ۱۴۰۵")
    assert await site.kept_files() == [JPEG]


async def test_a_keyboard_is_enough_and_enter_goes_on(page: Page) -> None:
    await page.goto("/")
    await page.focus("input[value=overcharging]")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/licence")
    await page.focus("#business-guild_id")
    await page.keyboard.type("\u200f۰۵۱۲۳۴۵۶۷۸ ")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/what")
    await page.focus("#text")
    await page.keyboard.type("شیر گران بود")
    for _ in range(5):  # the day's three fields, the loss, the button
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/photos")
    await page.focus("#files")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/contact")
    await page.focus("#phone")
    await page.keyboard.type("9121234567")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/report/check")
    await page.focus("#send button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/reported")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_answers_survive_back_reload_and_a_mistake(page: Page) -> None:
    await to_check(page)
    await page.click(".back")
    await expect(page.locator("#phone")).to_have_value("۰۹۱۲ ۱۲۳ ۴۵۶۷")
    await page.reload()
    await page.fill("#phone", "۰۹۱۲")
    await page.click(GO_ON)
    await expect(page.locator("#summary")).to_be_focused()
    assert (await page.title()).startswith("خطا:")
    beside = await page.locator("#phone-error").inner_text()
    assert await page.locator("#summary li").all_inner_texts() == [beside]
    await page.goto("/report/what")
    await expect(page.locator("#text")).to_have_value("شیر را گران‌تر از قیمت روی جلد فروخت")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_back_after_sending_and_another_press_is_one_ticket(page: Page, site: Site) -> None:
    await to_check(page)
    await page.click("#send button")
    await page.wait_for_url("**/reported")
    code = await shown_code(page)
    await page.go_back()
    if await page.locator("#send").count():  # the page as the browser kept it
        await page.click("#send button")
    await page.wait_for_url("**/reported")
    assert await shown_code(page) == code
    assert await site.count_tickets() == 1


async def test_a_report_without_a_network_is_sent_once_later_and_its_code_shown(
    page: Page, context: BrowserContext, site: Site
) -> None:
    await page.goto("/")
    await page.wait_for_function("() => navigator.serviceWorker.controller && caches.match('/report/whole')")
    await context.set_offline(True)
    await page.check("input[value=overcharging]")
    await page.click(GO_ON)
    await page.click("#offline-note a")
    await page.wait_for_url("**/report/whole")
    await page.fill("#text", "سوپرمارکت بهار شیر را گران‌تر فروخت")
    await page.fill("#phone", "09121234567")
    await page.click("#send > button")
    await expect(page.locator("#offline-note")).to_be_focused()
    await page.reload()
    await expect(page.locator("#unsent li")).to_have_count(1)
    assert await site.count_tickets() == 0
    await context.set_offline(False)
    code = page.locator("#unsent .kept-code")
    await expect(code).to_be_visible()
    assert is_code(digits((await code.inner_text()).replace(" ", "")))
    await page.reload()
    await expect(page.locator("#unsent li")).to_have_count(1)
    assert await site.count_tickets() == 1
    await page.goto("/track")
    await expect(page.locator("#kept li")).to_have_count(1)


async def test_a_code_is_kept_on_this_device_only_when_asked(page: Page) -> None:
    await to_check(page)
    await page.click("#send button")
    await page.wait_for_url("**/reported")
    code = await shown_code(page)
    assert await page.evaluate("localStorage.length") == 0
    await page.click("#keep button >> nth=1")
    await page.goto("/track")
    await page.click("#kept .link")
    await expect(page.locator("#code")).to_have_value(code)
    await page.click("#kept li button:last-child")
    await expect(page.locator("#kept")).to_be_hidden()
    await page.goto("/")
    await page.goto(f"/track#{code}")
    await expect(page.locator("#code")).to_have_value(code)
    assert code not in page.url
