"""The queue in front of people: by keyboard, two clerks at one ticket, news that move nothing, and without a script."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from tests.support.axe import violations
from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.staging import a_ticket, act, put
from tests.support.web import Site
from ticketing.assigning import take
from ticketing.ticket import Ticket


async def stage(site: Site, count: int) -> list[Ticket]:
    now, rules = site.clock.now(), site.parts.rules
    staged = [a_ticket(rules, opened_at=now, due_at=now + timedelta(hours=hour)) for hour in range(1, count + 1)]
    await put(site.parts.database, rules, *staged, at=now)
    return staged


async def test_clerk_works_by_keyboard_and_a_second_one_hears_who_was_first(
    page: Page, context: BrowserContext, site: Site
) -> None:
    one, two, three = await stage(site, 3)
    await sit_down(context, site, "evaluator", username="sara")
    other = await site.add_staff("reza", "evaluator")
    await page.set_viewport_size(WIDE)
    await page.goto("/desk/queue")
    await page.keyboard.press("KeyJ")
    await expect(page.locator(f"#t-{one.code} .open")).to_be_focused()
    await page.keyboard.press("KeyA")
    await expect(page.locator(f"#t-{one.code} .taker.mine")).to_be_visible()
    await take(site.parts.database, site.parts.rules, other, two.code, site.clock.now())
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(f"#t-{two.code} .open")).to_be_focused()
    await page.keyboard.press("KeyA")
    await expect(page.locator("#said")).to_have_text("این پرونده را \u2068reza\u2069 ساعت ۱۱:۳۰ برداشته است.")
    await expect(page.locator(f"#t-{three.code} .open")).to_be_focused()
    await expect(page.locator(f"#t-{two.code} .taker")).to_contain_text("reza")
    await page.keyboard.press("F2")
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.type("ja")
    await expect(page.locator("#q")).to_have_value("ja")


async def test_keys_take_one_and_go_on_to_the_next(page: Page, context: BrowserContext, site: Site) -> None:
    one, two, three = await stage(site, 3)
    await sit_down(context, site, "evaluator")
    await page.goto("/desk/queue")
    await page.wait_for_load_state()
    for taken, following in ((one, two), (two, three)):
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(f"#t-{taken.code} .taker.mine")).to_be_visible()
        await expect(page.locator(f"#t-{following.code} .open")).to_be_focused()


TOPS = "rows => rows.map((row) => [row.id, Math.round(row.getBoundingClientRect().top + scrollY)])"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desk", "phone"])
async def test_no_row_moves_whatever_happens(
    page: Page, context: BrowserContext, site: Site, size: ViewportSize
) -> None:
    taken, sent, mine = await stage(site, 3)
    await sit_down(context, site, "evaluator")
    other = await site.add_staff("reza", "evaluator")
    await page.set_viewport_size(size)
    await page.goto("/desk/queue")
    before = await page.locator("tbody tr").evaluate_all(TOPS)
    await stage(site, 3)
    rules, database = site.parts.rules, site.parts.database
    await take(database, rules, other, taken.code, site.clock.now())
    await act(database, rules, other, sent, "evaluate", site.clock.now(), route="inspection")
    await page.evaluate("new BroadcastChannel('live').postMessage({ name: 'tickets' })")
    await expect(page.locator("#news")).to_contain_text("۳ پروندهٔ تازه")
    await expect(page.locator(f"#t-{taken.code} .taker")).to_contain_text("reza")
    await expect(page.locator(f"#t-{taken.code} .taker")).to_contain_text("۱۱:۳۰")
    await expect(page.locator(f"#t-{sent.code}")).to_contain_text("از این صف رفته است")
    await page.click(f"#t-{mine.code} [data-act=take] button")
    await expect(page.locator(f"#t-{mine.code} .taker.mine")).to_be_visible()
    assert await page.locator("tbody tr").evaluate_all(TOPS) == before
    await page.click("#news a")
    await expect(page.locator("tbody tr")).to_have_count(5)


@pytest.mark.parametrize("scripts", [False], ids=["no scripts"])
async def test_everything_goes_by_forms(page: Page, context: BrowserContext, site: Site) -> None:
    one, two = await stage(site, 2)
    await sit_down(context, site, "evaluator")
    await page.goto("/desk/queue?tab=unassigned")
    await page.click(f"#t-{one.code} button")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.click(".queue-tabs a:has-text('برداشتهٔ من')")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.click(f"#t-{one.code} button:has-text('پس می‌دهم')")
    await expect(page.locator(".empty")).to_be_visible()
    await page.fill("#q", "روغن")
    await page.click(".search button")
    await expect(page.locator(f"#t-{two.code}")).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_a_phone_shows_cards_that_fit_it(page: Page, context: BrowserContext, site: Site, language: str) -> None:
    await stage(site, 3)
    await sit_down(context, site, "evaluator")
    await page.set_viewport_size(NARROW)
    await page.goto(f"/desk/queue?lang={language}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    small = "els => els.map((el) => el.getBoundingClientRect().height).filter((height) => height < 44)"
    assert await page.locator(".queue-tabs a, .doing button, .queue .open").evaluate_all(small) == []


@pytest.mark.parametrize(("language", "scheme"), [("fa", "dark"), ("en", "light")])
async def test_axe_finds_nothing_wrong(
    page: Page, context: BrowserContext, site: Site, language: str, scheme: Literal["light", "dark"]
) -> None:
    late, *_ = await stage(site, 3)
    me = await sit_down(context, site, "evaluator", demonstration=False)
    await take(site.parts.database, site.parts.rules, me, late.code, site.clock.now())
    site.clock.advance(minutes=90)
    await page.emulate_media(color_scheme=scheme)
    for address in (f"/desk/queue?lang={language}", f"/desk/queue/assign?lang={language}&code={late.code}"):
        for size in (WIDE, NARROW):
            await page.set_viewport_size(size)
            await page.goto(address)
            assert await violations(page) == []
    await page.goto(f"/desk/queue?lang={language}&tab=all&category=fraud&step=99")
    assert await violations(page) == []
