"""One complaint from the first question to the verdict, by hand, through every desk, in a browser; seven texts."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, expect

from normalizer.text import digits
from tests.screens.visit import WIDTHS, Round, going_round
from ticketing.procedure_files import load_procedures

CONSUMER = load_procedures()["consumer"]

PHONE = "09123334455"
SHOP = "قصابی سفر"
Deed = Callable[[Page], Awaitable[None]]


async def test_a_complaint_goes_through_all_desks_to_its_verdict(browser: Browser, tmp_path: Path) -> None:
    async with going_round(tmp_path, browser) as on:
        code = await _file(on)
        for name, deed in (
            ("evaluator", _send_to_the_union),
            ("union", _get_no_answer),
            ("dispatcher", _send_an_inspector),
            ("evaluator", _refer),
            ("clerk", _enter_the_verdict),
        ):
            if deed is _refer:
                await _inspect(on, code)
            await _at_the_desk(on, name, code, deed)
        await _verdict_is_on_the_track_page(on, code)
        texts = await _texts(on, code)
    assert len(texts) == len(CONSUMER.steps), texts


async def _file(on: Round) -> str:
    """As a citizen on a phone, one question a page; the code."""
    context = await on.sit_down("", viewport=WIDTHS["phone"])
    page = await context.new_page()
    await page.goto(on.url)
    await page.check("[name=category][value=overcharging]")
    await _go_on(page)
    await page.click("button[value=skip]")
    await page.fill("#business-name", SHOP)
    await page.select_option("#place-province", "23")
    await _go_on(page)
    await page.fill("#text", "گوشت را گران‌تر از نرخ مصوب فروخت و فاکتور نداد")
    await _go_on(page)
    await _go_on(page)  # no photos
    await page.fill("#phone", PHONE)
    await _go_on(page)
    await page.click("#send button[type=submit]")
    shown = await page.locator(".code").inner_text()
    await context.close()
    return re.sub("[^0-9]", "", digits(shown))


async def _go_on(page: Page) -> None:
    await page.click("#step button[type=submit] >> nth=0")


async def _at_the_desk(on: Round, name: str, code: str, deed: Deed) -> None:
    """From the queue to the ticket, the deed, and its success line."""
    context = await on.sit_down(name, viewport=WIDTHS["desktop"])
    page = await context.new_page()
    await page.goto("/desk/queue")
    await page.click(f"a[href*='/desk/tickets/{code}'] >> nth=0")
    await deed(page)
    confirm = page.locator("button[name=confirmed]")
    done = page.locator(".done[role=status]")
    await expect(confirm.or_(done).first).to_be_visible()
    if await confirm.count():
        await confirm.click()
    await expect(done).to_be_visible()
    await context.close()


async def _submit(page: Page, action: str) -> None:
    await page.locator(f"#act-{action} > button[type=submit]").click()


async def _send_to_the_union(page: Page) -> None:
    form = page.locator("#act-evaluate")
    await form.locator("input[value='route:self_regulation']").check()
    await form.locator("[name=body]").fill("grocers-tehran")
    await _submit(page, "evaluate")


async def _get_no_answer(page: Page) -> None:
    await page.locator("#act-settle input[value$='no_answer']").check()
    await _submit(page, "settle")


async def _send_an_inspector(page: Page) -> None:
    await page.locator("#act-dispatch input[value='inspector']").check()
    await _submit(page, "dispatch")


async def _inspect(on: Round, code: str) -> None:
    """On a phone: accept, arrive, report."""
    context = await on.sit_down("inspector", viewport=WIDTHS["phone"])
    page = await context.new_page()
    await page.goto("/desk/dispatches")
    await page.click(f'.job[data-code="{code}"] h2 a')
    await page.click("#arrive")
    await page.check("[name=violation][value=yes]")
    await page.fill("#finding", "نرخ روی تابلو با نرخ فروش یکی نیست")
    await page.click("#visit [type=submit]")
    await expect(page.locator("#finished")).to_be_visible()
    await page.goto("/desk/dispatches")
    await expect(page.locator("#kept .receipt:visible")).to_have_count(1)
    await context.close()


async def _refer(page: Page) -> None:
    await _submit(page, "refer")


async def _enter_the_verdict(page: Page) -> None:
    form = page.locator("#act-verdict")
    await form.locator("[name=text]").fill("جریمهٔ نقدی")
    await form.locator("[name=number]").fill("۱۴۰۵-۹۹")
    for part, value in (("day", "۳۰"), ("month", "۸"), ("year", "۱۴۰۵")):
        await form.locator(f"[name='date.{part}']").fill(value)
    await _submit(page, "verdict")


async def _verdict_is_on_the_track_page(on: Round, code: str) -> None:
    context = await on.sit_down("", viewport=WIDTHS["phone"])
    page = await context.new_page()
    await page.goto(f"{on.url}/track")
    await page.fill("#code", code)
    await page.fill("#phone_last4", PHONE[-4:])
    await page.click("form button[type=submit]")
    await expect(page.locator(".steps li")).to_have_count(len(CONSUMER.steps))
    await context.close()


async def _texts(on: Round, code: str) -> list[str]:
    """What the citizen's phone got about the ticket."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{on.url}/sandbox/messages", params={"phone": PHONE}) as answer,
    ):
        told = await answer.json()
    return [each["text"] for each in told if code in digits(each["text"]).replace("-", "")]
