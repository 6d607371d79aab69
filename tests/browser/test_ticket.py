"""A ticket worked on in the browser: by keyboard alone, without scripts, on a phone, and two at once."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from normalizer.report import Attachment, Business
from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.staging import act
from tests.support.ticket_desk import a_ticket
from tests.support.web import Site


async def test_evaluator_decides_by_keyboard_alone(page: Page, site: Site, context: BrowserContext) -> None:
    code = await a_ticket(site)
    await sit_down(context, site, "evaluator")
    await page.set_viewport_size(WIDE)
    await page.goto(f"/desk/tickets/{code}")
    await expect(page.locator(".head")).to_contain_text("مرحلهٔ ۲ از ۷")
    await page.keyboard.press("KeyE")
    await expect(page.locator("#evaluate-choice-1")).to_be_focused()
    await expect(page.locator("#evaluate-body")).to_be_visible()
    await expect(page.locator("#evaluate-answer")).to_be_hidden()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#evaluate-body")).to_be_hidden()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".done")).to_be_focused()
    await expect(page.locator(".head")).to_contain_text("نوبت مسئول اعزام")
    await page.wait_for_load_state()  # shortcuts are there once the scripts have run
    await page.keyboard.press("KeyN")
    await expect(page.locator("#note-text")).to_be_focused()
    await page.keyboard.type("با فروشگاه تماس گرفتم")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".timeline")).to_contain_text("با فروشگاه تماس گرفتم")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_what_is_final_is_asked_on_a_phone_too(page: Page, site: Site, context: BrowserContext) -> None:
    code = await a_ticket(site)
    await sit_down(context, site, "evaluator")
    await page.set_viewport_size(NARROW)
    await page.goto(f"/desk/tickets/{code}")
    await page.check("#evaluate-choice-4")
    await page.fill("#evaluate-answer", "این در صلاحیت ما نیست")
    await page.click("#act-evaluate > button")
    await expect(page.locator(".confirm")).to_contain_text("پرونده با نتیجهٔ «نامرتبط» بسته می‌شود.")
    await page.click("button[name=back]")
    await expect(page.locator("#evaluate-answer")).to_have_value("این در صلاحیت ما نیست")
    await page.click("#act-evaluate > button")
    await page.click("button[name=confirmed]")
    await expect(page.locator(".head")).to_contain_text("بسته شد: نامرتبط")
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


async def test_two_on_one_ticket_lose_nothing(
    page: Page, site: Site, context: BrowserContext, browser: Browser
) -> None:
    code = await a_ticket(site)
    await sit_down(context, site, "evaluator", username="first")
    beside = await browser.new_context(base_url=site.url, viewport=WIDE)
    await sit_down(beside, site, "evaluator", username="second")
    other = await beside.new_page()
    for each in (page, other):
        await each.set_viewport_size(WIDE)
        await each.goto(f"/desk/tickets/{code}")
    await other.click("#deed-note summary")
    await other.fill("#note-text", "من زودتر نوشتم")
    await other.click("#act-note button")
    await expect(other.locator(".done")).to_be_visible()
    await page.check("#evaluate-choice-2")
    await page.click("#act-evaluate .more summary")
    await page.fill("#evaluate-note", "حرف من")
    await page.click("#act-evaluate > button")
    await expect(page.locator(".clash")).to_be_focused()
    await expect(page.locator(".clash")).to_contain_text("من زودتر نوشتم")
    await expect(page.locator(".clash")).to_contain_text("حرف من")
    await page.click("#act-evaluate > button")
    await expect(page.locator(".done")).to_be_visible()
    await expect(page.locator(".timeline")).to_contain_text("حرف من")
    await beside.close()


async def type_while_a_colleague_writes(page: Page, site: Site, context: BrowserContext) -> None:
    """A decision half-typed on a ticket's page, which has heard of a colleague's note."""
    code = await a_ticket(site)
    services = site.services
    await sit_down(context, site, "evaluator", username="first")
    other = await site.add_staff("second", "evaluator")
    await page.set_viewport_size(WIDE)
    async with page.expect_response("**/news?*"):  # the stream is open, and the page has looked once
        await page.goto(f"/desk/tickets/{code}")
    await page.check("#evaluate-choice-2")
    await page.click("#act-evaluate .more summary")
    await page.fill("#evaluate-note", "حرف من")
    await act(services.database, services.rules, other, code, "note", site.clock.now(), text="من زودتر نوشتم")
    await expect(page.locator("#changed")).to_contain_text("second")


async def test_change_elsewhere_is_said_and_shown_around_what_is_being_typed(
    page: Page, site: Site, context: BrowserContext
) -> None:
    await type_while_a_colleague_writes(page, site, context)
    await expect(page.locator("#evaluate-note")).to_be_focused()
    await expect(page.locator(".timeline")).not_to_contain_text("من زودتر نوشتم")
    await page.click("#changed a")
    await expect(page.locator(".timeline")).to_contain_text("من زودتر نوشتم")
    await expect(page.locator("#changed")).to_be_hidden()
    await expect(page.locator("#evaluate-note")).to_have_value("حرف من")
    await page.click("#act-evaluate > button")
    await expect(page.locator(".done")).to_be_visible()
    await expect(page.locator(".timeline")).to_contain_text("حرف من")


async def test_session_that_is_over_is_said_and_takes_nothing_from_the_page(
    page: Page, site: Site, context: BrowserContext
) -> None:
    await type_while_a_colleague_writes(page, site, context)
    await context.clear_cookies()
    await page.click("#changed a")
    await expect(page.locator("#changed")).to_contain_text("نشست شما تمام شده است")
    await expect(page.locator(".head h1")).to_be_visible()
    await expect(page.locator("#evaluate-note")).to_have_value("حرف من")


async def test_from_a_queue_the_keys_act_and_go_on_to_its_next_ticket(
    page: Page, site: Site, context: BrowserContext
) -> None:
    first, second = [await a_ticket(site, business=Business(name=name)) for name in ("سوپر بهار", "سوپر لاله")]
    await sit_down(context, site, "evaluator")
    await page.set_viewport_size(WIDE)
    await page.goto(f"/desk/tickets/{first}?tab=waiting")
    await page.wait_for_load_state()
    await page.keyboard.press("KeyN")
    await page.keyboard.type("با فروشگاه تماس گرفتم")
    await page.keyboard.press("Control+Enter")  # it still waits for us: one stays
    await expect(page.locator(".timeline")).to_contain_text("با فروشگاه تماس گرفتم")
    await page.wait_for_load_state()
    await page.keyboard.press("KeyE")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(f"**/desk/tickets/{second}?*")
    await expect(page.locator(".done a")).to_have_attribute("href", f"/desk/tickets/{first}")
    await page.wait_for_load_state()
    await page.check("#evaluate-choice-4")
    await page.fill("#evaluate-answer", "این در صلاحیت ما نیست")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".confirm")).to_be_visible()
    await page.wait_for_load_state()
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/desk/queue?*")  # nothing is left
    await expect(page.locator(".done a")).to_have_attribute("href", f"/desk/tickets/{second}")


async def test_ticket_is_taken_by_a_key(page: Page, site: Site, context: BrowserContext) -> None:
    code = await a_ticket(site)
    await sit_down(context, site, "evaluator", username="first")
    await page.set_viewport_size(WIDE)
    await page.goto(f"/desk/tickets/{code}")
    await page.keyboard.press("KeyA")
    await expect(page.locator(".done")).to_contain_text("پرونده با شماست.")
    await expect(page.locator(".head")).to_contain_text("first")
    await page.click("#give_back button")
    await expect(page.locator("#take")).to_be_visible()


async def test_picture_sent_as_evidence_is_shown_small(page: Page, site: Site, context: BrowserContext) -> None:
    picture = Attachment(name="shop.png", media_type="image/png", content=a_png(64, 48))
    code = await a_ticket(site, attachments=(picture,))
    await sit_down(context, site, "evaluator")
    await page.goto(f"/desk/tickets/{code}")
    shown = page.locator(".evidence img")
    await shown.scroll_into_view_if_needed()
    await expect(shown).to_have_js_property("complete", value=True)
    assert await shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [64, 48]
    await page.click(".evidence a")
    await page.wait_for_url("**/attachments/*")
    assert await page.evaluate("document.images[0].naturalWidth") == 64


def a_png(width: int, height: int) -> bytes:
    """A green picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x0b\x5d\x4e" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
