"""A citizen in front of the pages, on a phone: report, put right, track, add, with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from normalizer.tracking_code import is_code
from tests.support.files import JPEG
from tests.support.questions import shown_code
from tests.support.web import Site

SEND = "main form button[type=submit]"


async def fill_report(page: Page) -> None:
    await page.fill("#text", "سوپرمارکت بهار شیر را گران‌تر از قیمت روی جلد فروخت")
    await page.select_option("#category", label="گران‌فروشی")
    await page.fill("#day", "۲۰")
    await page.fill("#month", "۸")
    await page.fill("#year", "۱۴۰۵")
    await page.fill("#damages_rial", "۱٬۵۰۰٬۰۰۰")
    await page.fill("#business-name", "سوپرمارکت بهار")
    await page.select_option("#place-province", label="تهران")
    await page.fill("#phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_report_is_filed_and_tracked(page: Page, site: Site) -> None:
    await page.goto("/report/whole")
    assert await page.get_attribute("html", "dir") == "rtl"
    await fill_report(page)
    await page.click(SEND)
    await page.wait_for_url("**/reported")
    code = await shown_code(page)
    assert is_code(code)
    assert code not in page.url
    await page.click(".actions .button")
    await page.fill("#phone_last4", "۴۵۶۷")
    await page.click(SEND)
    await expect(page.locator("h1")).to_contain_text("ثبت")
    await expect(page.locator(".steps li")).to_have_count(2)
    await expect(page.locator(".steps time").first).to_contain_text("۳۰ آبان ۱۴۰۵")
    await page.click(".add summary")
    await page.fill("#text", "فاکتور هم ندادند")
    await page.click(".add button")
    await expect(page.locator(".done")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(page: Page) -> None:
    await page.goto("/report/whole")
    await page.fill("#business-name", "سوپرمارکت بهار")
    await page.fill("#phone", "۰۹۱۲")
    await page.click(SEND)
    await expect(page.locator("#summary")).to_be_focused()
    assert (await page.title()).startswith("خطا:")
    lines = await page.locator(".summary li").all_inner_texts()
    assert lines == ["بنویسید چه شده است.", "شمارهٔ همراه باید ۱۱ رقم باشد و با ۰۹ شروع شود."]
    assert await page.input_value("#business-name") == "سوپرمارکت بهار"
    assert await page.input_value("#phone") == "۰۹۱۲"
    await page.click(".summary a >> nth=1")
    await expect(page.locator("#phone")).to_be_focused()
    assert await page.get_attribute("#phone", "aria-invalid") == "true"
    described = (await page.get_attribute("#phone", "aria-describedby") or "").split()
    assert [await page.locator(f"#{each}").count() for each in described] == [1, 1]


async def test_a_second_press_and_a_reload_are_one_report(page: Page, site: Site) -> None:
    await page.goto("/report/whole")
    await fill_report(page)
    await page.dblclick(SEND)
    await page.wait_for_url("**/reported")
    first = await shown_code(page)
    await page.reload()
    assert await shown_code(page) == first
    assert await site.count_tickets() == 1


async def test_the_code_reads_from_left_to_right_in_fours(page: Page) -> None:
    await page.goto("/report/whole")
    await fill_report(page)
    await page.click(SEND)
    await page.wait_for_url("**/reported")
    boxes = [await group.bounding_box() for group in await page.locator(".code bdi span").all()]
    places = [box["x"] for box in boxes if box]
    assert len(places) == 3
    assert places == sorted(places)


async def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    for path in ("/", "/report/whole", "/track", "/sandbox?phone=09121234567", "/nowhere", "/?lang=en"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path


async def test_english_is_a_link_away_and_stays(page: Page) -> None:
    await page.goto("/report/whole")
    await page.click(".language")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await expect(page.locator("h1")).to_have_text("Report a shop, a producer or a service")
    await page.click(SEND)
    await expect(page.locator(".summary h2")).to_have_text("Please put these right")
    await page.click(".tabs a >> nth=1")
    await expect(page.locator("h1")).to_have_text("Track a report")


async def test_a_photo_is_chosen_named_and_sent(page: Page, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "قبض.jpg"
    photo.write_bytes(JPEG)
    await page.goto("/report/whole")
    await fill_report(page)
    await page.set_input_files("#files", photo)
    await expect(page.locator("output")).to_contain_text("قبض.jpg")
    await page.click(SEND)
    await page.wait_for_url("**/reported")
    assert await site.kept_files() == [JPEG]


async def test_an_anonymous_reporter_is_told_to_keep_the_code(page: Page) -> None:
    await page.goto("/report/whole")
    await fill_report(page)
    await page.check("#anonymous")
    await page.click(SEND)
    await page.wait_for_url("**/reported")
    assert len(await shown_code(page)) == 16
    await expect(page.locator("main")).to_contain_text("تنها راه پیگیری")
    code = await shown_code(page)
    await page.click(".actions button")
    await expect(page.locator(".steps li")).to_have_count(2)
    assert code not in page.url


async def test_wrong_digits_and_a_wrong_code_look_the_same(page: Page) -> None:
    await page.goto("/track")
    await page.fill("#code", "314159265355")
    await page.fill("#phone_last4", "1234")
    await page.click(SEND)
    await expect(page.locator("#summary")).to_be_focused()
    assert await page.input_value("#code") == "314159265355"


async def test_threat_47_hostile_words_stay_words(page: Page, site: Site) -> None:
    hostile = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    await page.goto("/report/whole")
    await page.fill("#business-name", hostile)
    await page.click(SEND)
    await expect(page.locator("#summary")).to_be_focused()
    assert await page.input_value("#business-name") == hostile
    assert "owned" not in await page.title()
    await page.goto("/sandbox?phone=09121234567")
    await page.fill("#text", hostile)
    await page.click(".compose button")
    await expect(page.locator(".messages .out p")).to_have_text(re.compile("<script>"))
    assert "owned" not in await page.title()


async def test_the_sandbox_phone_refreshes_itself(page: Page, site: Site) -> None:
    await page.goto("/sandbox?phone=09121234567")
    await page.fill("#text", "نانوایی محله نان را گران می‌فروشد")
    await page.click(".compose button")
    await expect(page.locator(".messages li")).to_have_count(1)
    await site.parts.dispatcher.drain()
    await expect(page.locator(".messages li.in")).to_have_count(1)
