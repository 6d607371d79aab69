"""The dashboard in a browser: by keyboard alone, on a phone without sideways scrolling, its numbers one press away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.staging import NOW, a_ticket, close, put
from tests.support.web import Site
from ticketing.states import State


async def stage(site: Site) -> None:
    """Tickets of three organisations: open, overdue, closed and rated."""
    rules, database = site.parts.rules, site.parts.database
    staged = [
        a_ticket(
            rules,
            State(2 + place % 3, ("evaluator", "self_regulator", "inspector")[place % 3]),
            opened_at=NOW - timedelta(days=place % 45, hours=place % 24),
            due_at=NOW - timedelta(days=3 - place % 7),
            organisation=("23", "01", "08S")[place % 3],
            channel=("phone", "web", "app")[place % 3],
            category=("fraud", "overcharging", None)[place % 3],
        )
        for place in range(60)
    ]
    for ticket in staged[::4]:
        ticket.record("rated", "citizen", NOW - timedelta(hours=1), rating=1 + len(ticket.code) % 5)
    await put(database, rules, *staged)
    for place, ticket in enumerate(staged[::4]):
        await close(database, rules, ticket, ("unrelated", "withdrawn")[place % 2], at=NOW - timedelta(hours=place))


async def is_no_wider_than_its_window(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["fa", "en"])
async def test_page_fits_and_shows_its_figures(
    page: Page, context: BrowserContext, site: Site, size: dict[str, int], language: str
) -> None:
    await stage(site)
    await sit_down(context, site, "supervisor")
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})
    await page.goto(f"/desk/dashboard?lang={language}")
    await expect(page.locator(".tile")).to_have_count(8)
    await expect(page.locator("#by_organisation + .scrolls tbody tr")).to_have_count(3)
    assert await is_no_wider_than_its_window(page)
    assert await page.locator("svg text").count() == 0
    drawn = await page.locator("#received .line").evaluate("line => line.getBoundingClientRect().width")
    assert drawn > 100


async def test_number_leads_to_its_tickets_and_back(page: Page, context: BrowserContext, site: Site) -> None:
    await stage(site)
    await sit_down(context, site, "supervisor")
    await page.goto("/desk/dashboard?period=last_month&channel=web")
    number = page.locator("#received .figure a")
    await number.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/desk/queue.*channel=web"))
    await page.go_back()
    await expect(page.locator("#channel")).to_have_value("web")


async def test_filters_are_set_by_keyboard_alone(page: Page, context: BrowserContext, site: Site) -> None:
    await stage(site)
    await sit_down(context, site, "supervisor")
    await page.goto("/desk/dashboard")
    await page.locator(".asking summary").focus()
    await page.keyboard.press("Enter")
    for bound, day in (("from", "۱"), ("to", "15")):
        await page.keyboard.press("Tab")
        await expect(page.locator(f"#{bound}-day")).to_be_focused()
        await page.keyboard.type(day)
        await page.keyboard.press("Tab")
        for _ in range(8):
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await page.keyboard.type("۱۴۰۵")
    await page.keyboard.press("Enter")
    await expect(page.locator(".about")).to_contain_text("۱ آبان ۱۴۰۵ تا ۱۵ آبان ۱۴۰۵")
    await expect(page.locator("#from-month")).to_have_value("8")
    await expect(page.locator("#to-day")).to_have_value("۱۵")
    assert page.url.endswith("?from=1405-08-01&to=1405-08-15")
    assert "lang=" not in page.url


async def test_file_is_downloaded_under_the_periods_name(page: Page, context: BrowserContext, site: Site) -> None:
    await stage(site)
    await sit_down(context, site, "supervisor")
    await page.goto("/desk/dashboard?period=last_month")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="اکسل (XLSX)").click()
    downloaded = await downloading.value
    assert downloaded.suggested_filename == "dashboard-2026-09-23-2026-10-22.xlsx"
