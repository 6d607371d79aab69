"""An operator at the call screen, by keys alone: filed in one go, never lost, filled by the call that comes."""

from __future__ import annotations

import re
import time

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Route, ViewportSize, expect
from sqlalchemy import select

from normalizer.text import digits
from normalizer.tracking_code import is_code
from tests.support.axe import violations
from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.staging import a_ticket, put
from tests.support.web import PBX_SECRET, Site
from ticketing.extensions import set_extension
from ticketing.tables import reports, tickets

CALLER = "09121234567"


@pytest_asyncio.fixture(loop_scope="session")
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
    await desk.wait_for_function("performance.getEntriesByType('resource').some((each) => each.name.endsWith('/now'))")
    began = time.perf_counter()
    await hook(site, "ring")
    await desk.wait_for_function("document.getElementById('phone').value")
    print(f"pop: {(time.perf_counter() - began) * 1000:.0f} ms from the hook to the filled form")
    await expect(desk.locator("#phone")).to_have_value(CALLER)
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


async def test_form_in_use_is_left_alone_until_it_is_put_aside(desk: Page, site: Site) -> None:
    await desk.fill("#text", "شیر گران بود")
    await hook(site, "ring")
    await expect(desk.locator("#banner")).to_be_visible()
    await expect(desk.locator("#text")).to_be_focused()
    await expect(desk.locator("#phone")).to_have_value("")
    await desk.keyboard.press("F8")
    await expect(desk.locator("#phone")).to_have_value(CALLER)
    await expect(desk.locator("#text")).to_have_value("")
    await expect(desk.locator("#banner")).to_be_hidden()
    await desk.click("#parked a")
    await expect(desk.locator("#text")).to_have_value("شیر گران بود")


async def test_saving_takes_the_call_that_waited(desk: Page, site: Site) -> None:
    await desk.fill("#text", "شیر گران بود")
    await desk.fill("#phone", "09351112233")
    await hook(site, "ring")
    await expect(desk.locator("#banner")).to_be_visible()
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("#result .code")).to_be_visible()
    await expect(desk.locator("#phone")).to_have_value(CALLER)
    await expect(desk.locator("#banner")).to_be_hidden()


async def test_one_key_adds_the_words_to_the_callers_open_ticket(desk: Page, site: Site) -> None:
    ticket = a_ticket(site.parts.rules)
    await put(site.parts.database, site.parts.rules, ticket)
    await hook(site, "ring")
    await expect(desk.locator("#history input:checked")).to_have_value(ticket.code)
    await desk.fill("#text", "فاکتور هم نداد")
    await desk.keyboard.press("F8")
    await expect(desk.locator("#result .code")).to_be_visible()
    assert await shown_code(desk) == ticket.code
    (report,) = await site.parts.database.read(select(reports))
    assert (report["ticket_id"], report["text"]) == (ticket.id, "فاکتور هم نداد")


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
    await expect(desk.locator("#keys dt")).to_have_count(4)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
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
