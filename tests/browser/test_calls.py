"""An operator at the call screen, by keys alone: filed in one go, never lost."""

from __future__ import annotations

import time

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Route, ViewportSize, expect
from sqlalchemy import select

from normalizer.tracking_code import is_code
from tests.support.axe import violations
from tests.support.call_desk import CALLER, Keyboard, hook, open_call_desk, shown_code
from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.staging import a_ticket, put
from tests.support.web import Site
from ticketing.tables import reports, tickets


@pytest_asyncio.fixture(loop_scope="session")
async def desk(context: BrowserContext, page: Page, site: Site) -> Page:
    return await open_call_desk(context, page, site)


async def test_a_typical_case_is_filed_by_keyboard_alone(desk: Page, site: Site) -> None:
    keys, began = Keyboard(desk), time.perf_counter()
    await expect(desk.locator("#category")).to_be_focused()
    await keys.type("گر")
    await expect(desk.locator("#category-list [aria-selected=true]")).to_have_text("گران‌فروشی")
    await keys.press("Tab")  # takes the subject
    await keys.type("شیر را گران‌تر از قیمت روی جلد فروخت")
    await keys.press("Tab")
    await keys.type("لبنیات بهار")
    await keys.press("Tab")
    await keys.type("ت")
    await expect(desk.locator("#place-province-list [aria-selected=true]")).to_have_text("تهران")
    await keys.press("Tab")
    await keys.type("09121234567")
    await keys.press("Control+Enter")
    await expect(desk.locator("#result .code")).to_be_visible()
    print(f"\ntypical case: {keys.count} keystrokes, {time.perf_counter() - began:.2f} s at machine speed")
    code = await shown_code(desk)
    assert is_code(code)
    await expect(desk.locator("#result")).to_contain_text("پیامک")
    await expect(desk.locator("#category")).to_be_focused()
    await expect(desk.locator("#text")).to_have_value("")
    (ticket,) = await site.parts.database.read(select(tickets))
    assert (ticket["category"], ticket["province"], ticket["step"]) == ("overcharging", "23", 2)
    assert (ticket["business_name"], ticket["channel"]) == ("لبنیات بهار", "phone")
    assert keys.count <= 66


async def test_reload_gives_the_draft_back(desk: Page, site: Site) -> None:
    await desk.fill("#category", "كم")  # an Arabic kaf
    await desk.keyboard.press("Tab")
    await expect(desk.locator("#category")).to_have_value("کم‌فروشی")
    await desk.keyboard.type("ترازو درست نبود")
    await desk.reload()
    await expect(desk.locator("#text")).to_have_value("ترازو درست نبود")
    await expect(desk.locator("#category")).to_have_value("کم‌فروشی")
    await desk.fill("#business-name", "میوهٔ تازه")
    await expect(desk.locator("#draft")).not_to_be_empty()  # the server has it, for another browser too
    await desk.evaluate("localStorage.clear()")
    await desk.reload()
    await expect(desk.locator("#text")).to_have_value("ترازو درست نبود")


async def test_report_waits_for_the_server_and_is_filed_once(desk: Page, context: BrowserContext, site: Site) -> None:
    await desk.fill("#text", "شیر گران بود")
    await desk.fill("#phone", CALLER)
    await context.set_offline(True)
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#unsent .badge")).to_have_text("در صف ارسال")
    await expect(desk.locator("#text")).to_have_value("")
    await expect(desk.locator("#category")).to_be_focused()
    assert await site.parts.database.read(select(reports)) == []
    await context.set_offline(False)
    await expect(desk.locator("#unsent bdi")).to_be_visible()
    assert is_code((await desk.locator("#unsent bdi").inner_text()).replace(" ", ""))
    assert len(await site.parts.database.read(select(reports))) == 1


async def test_answer_that_is_lost_makes_no_second_report(desk: Page, site: Site) -> None:
    """The server files it, the browser never hears so, and sends it again as the same one."""

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await desk.route("**/desk/calls", lose, times=1)
    await desk.fill("#text", "شیر گران بود")
    await desk.fill("#phone", CALLER)
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#unsent bdi")).to_be_visible()
    assert len(await site.parts.database.read(select(reports))) == 1


async def test_wrong_field_is_said_focused_and_everything_is_kept(desk: Page) -> None:
    await desk.fill("#text", "شیر گران بود")
    await desk.fill("#phone", "0912")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#phone")).to_be_focused()
    await expect(desk.locator("#phone-error")).to_be_visible()
    await expect(desk.locator("#text")).to_have_value("شیر گران بود")
    assert await desk.get_attribute("#phone", "aria-invalid") == "true"


async def test_whole_screen_is_seen_without_scrolling(desk: Page, site: Site) -> None:
    await hook(site, "ring")
    await expect(desk.locator("#line")).to_be_visible()
    assert await desk.evaluate("document.documentElement.scrollHeight <= innerHeight")
    await desk.keyboard.press("F4")
    await expect(desk.locator("#keys dt")).to_have_count(5)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
async def test_axe_finds_nothing_wrong(desk: Page, site: Site, width: ViewportSize, scheme: str) -> None:
    await desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await desk.set_viewport_size(width)
    await put(site.parts.database, site.parts.rules, a_ticket(site.parts.rules))
    await desk.fill("#text", "شیر گران بود")
    await hook(site, "ring")
    await desk.fill("#phone", "0912")
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#phone-error")).to_be_visible()
    await desk.fill("#phone", CALLER)
    await expect(desk.locator("#history input")).to_be_visible()
    assert await violations(desk) == []


@pytest.mark.parametrize("scripts", [False], ids=["no scripts"])
async def test_form_works_without_scripts(context: BrowserContext, page: Page, site: Site) -> None:
    await sit_down(context, site, "operator")
    await page.goto("/desk/calls")
    await page.select_option("#category", label="گران‌فروشی")
    await page.fill("#text", "شیر گران بود")
    await page.click(".call-actions button >> nth=0")
    await expect(page.locator("#phone-error")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("شیر گران بود")
    await page.fill("#phone", CALLER)
    await page.click(".call-actions button >> nth=0")
    await expect(page.locator("#result .code")).to_be_visible()
