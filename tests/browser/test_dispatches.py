"""An inspector with a phone where no network is: what they record arrives once, whatever happens in between."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    BrowserContext,
    FilePayload,
    Geolocation,
    Page,
    Playwright,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)
from sqlalchemy import select

from tests.support.axe import violations
from tests.support.chromium import CHROMIUM, FLAGS
from tests.support.desks import NARROW, sit_down
from tests.support.dispatches import dispatch
from tests.support.photos import photo, size_of_jpeg
from tests.support.staging import act, close
from tests.support.web import Site
from ticketing import desk
from ticketing.staff import Staff
from ticketing.tables import events
from ticketing.ticket import Ticket

LIST = "/desk/dispatches"
PLACE: Geolocation = {"latitude": 35.7, "longitude": 51.4, "accuracy": 12}


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


async def prepare(page: Page) -> None:
    await page.goto(LIST)
    await page.click("#prepare")
    await expect(page.locator("#prepared")).to_contain_text("آماده شد")


async def write_report(page: Page, ticket: Ticket, photos: int = 0, finding: str = "شیر را گران می‌فروخت") -> None:
    """From the list to the filled form, as on the spot."""
    await page.click(f'.job[data-code="{ticket.code}"] h2 a')
    await page.click("#arrive")
    await expect(page.locator("#visit")).to_be_visible()
    await page.check("[name=violation][value=yes]")
    await page.fill("#finding", finding)
    if photos:
        chosen = [a_file(f"{each}.png", photo(ticket.id + each)) for each in range(photos)]
        await page.set_input_files("#photos-input", chosen)
        await expect(page.locator("#photos li")).to_have_count(photos, timeout=30_000)
        await expect(page.locator("#photos-said")).to_contain_text("عکس")


async def send(page: Page) -> None:
    await page.click("#visit [type=submit]")
    await expect(page.locator("#finished")).to_be_visible()


async def picture(site: Site, member: Staff, ticket: Ticket) -> dict[str, Any]:
    services = site.services
    return await desk.get_ticket(services.database, services.rules, member, ticket.code, services.now())


async def inspections(site: Site) -> list[int]:
    """The tickets with an inspection, one entry for each."""
    found = await site.services.database.read(select(events.c.ticket_id).where(events.c.kind == "inspect"))
    return sorted(row["ticket_id"] for row in found)


@asynccontextmanager
async def phone(playwright: Playwright, site: Site, folder: Path, token: str, **more: Any) -> AsyncIterator[Page]:
    """A browser that keeps what it has in `folder`, as a phone's does."""
    context = await playwright.chromium.launch_persistent_context(
        folder,
        executable_path=CHROMIUM,
        args=list(FLAGS),
        base_url=site.url,
        viewport=ViewportSize(width=NARROW["width"], height=NARROW["height"]),
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        permissions=["geolocation"],
        geolocation=PLACE,
        **more,
    )
    await context.add_cookies([{"name": "desk", "value": token, "url": site.url}])
    try:
        yield context.pages[0]
    finally:
        await context.close()


def kill_browser_of(folder: Path) -> None:
    """As when the battery is pulled: every process of the browser that keeps its things in `folder`."""
    for entry in Path("/proc").iterdir():
        try:
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, ValueError):  # no process, or gone already
            continue


async def test_reports_of_an_offline_day_arrive_once_though_the_browser_was_killed(site: Site, tmp_path: Path) -> None:
    member = await site.add_staff("insp", "inspector")
    token, folder = await site.token("insp"), tmp_path / "phone"
    tickets = [await dispatch(site, member, business_name=name) for name in ("لبنیات بهار", "نانوایی سنگک")]
    async with async_playwright() as playwright:
        async with phone(playwright, site, folder, token) as page:
            await prepare(page)
            await page.context.set_offline(True)
            for ticket in tickets:
                await page.goto(LIST)
                await write_report(page, ticket, photos=3)
                await expect(page.locator("#place")).to_contain_text("۱۲ متر")
                await send(page)
                await expect(page.locator("#finished")).to_contain_text("در صف")
            closed = asyncio.Event()
            page.context.on("close", lambda _: closed.set())
            kill_browser_of(folder)
            await closed.wait()
        async with phone(playwright, site, folder, token, offline=True) as page:
            await page.goto(LIST)
            await expect(page.locator('[data-when="offline"]')).to_be_visible()
            await expect(page.locator("#kept .badge.soon")).to_have_count(2)
            assert await inspections(site) == []
            await page.context.set_offline(False)
            await expect(page.locator("#kept .receipt:visible")).to_have_count(2, timeout=30_000)
            await expect(page.locator("#unsent")).to_have_text("همه‌چیز فرستاده شده")
            await page.reload()
            await expect(page.locator("#kept .receipt:visible")).to_have_count(2)
    assert await inspections(site) == sorted(ticket.id for ticket in tickets)
    for ticket in tickets:
        await assert_evidence_is_whole(site, member, ticket)


async def assert_evidence_is_whole(site: Site, member: Staff, ticket: Ticket) -> None:
    seen = await picture(site, member, ticket)
    [report] = [event for event in seen["timeline"] if event["kind"] == "inspect"]
    assert report["data"]["accuracy_m"] == 12
    assert len(seen["attachments"]) == 3
    for each in seen["attachments"]:
        assert each["sha256"] in report["data"]["note"]  # the hash taken on the phone is the stored file's
        content = site.services.attachments.path(each["sha256"]).read_bytes()
        assert max(size_of_jpeg(content)) == 1280
        assert len(content) <= 500 * 1024


async def test_an_answer_lost_on_the_way_back_doubles_nothing(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    keys: list[str] = []

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()
        if answer.ok:
            keys.append(route.request.headers["idempotency-key"])
        await (route.abort() if len(keys) == 1 else route.fulfill(response=answer))

    await page.route("**/actions/inspect", lose_the_first)
    await page.goto(LIST)
    await write_report(page, ticket)
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید", timeout=20_000)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert await inspections(site) == [ticket.id]


@pytest.mark.parametrize(
    ("status", "media_type"), [(200, "text/html"), (404, "text/html"), (503, "application/problem+json")]
)
async def test_only_the_servers_own_answer_ends_the_waiting(
    page: Page, context: BrowserContext, site: Site, status: int, media_type: str
) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    answers = iter([True])

    async def stand_in_the_way(route: Route) -> None:
        if next(answers, False):
            body = "{}" if "json" in media_type else "<html>ورود به وای‌فای</html>"
            await route.fulfill(status=status, content_type=media_type, body=body)
        else:
            await route.continue_()

    await page.route("**/actions/inspect", stand_in_the_way)
    await page.goto(LIST)
    await write_report(page, ticket)
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید", timeout=20_000)
    assert await inspections(site) == [ticket.id]


async def test_nobody_else_sees_or_sends_what_is_kept(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector", username="first")
    ticket = await dispatch(site, member)
    await prepare(page)
    await context.set_offline(True)
    await write_report(page, ticket)
    await send(page)
    await page.close()
    page = await context.new_page()
    await sit_down(context, site, "inspector", username="second")
    await context.set_offline(False)
    await page.goto(LIST)
    await expect(page.locator("#synced")).to_contain_text("آخرین ارتباط")
    await expect(page.locator("#kept")).to_be_hidden()
    await expect(page.locator("main")).not_to_contain_text("سوپرمارکت بهار")
    assert await inspections(site) == []
    await context.add_cookies([{"name": "desk", "value": await site.token("first"), "url": site.url}])
    await page.goto(LIST)
    await expect(page.locator("#kept .receipt:visible")).to_have_count(1, timeout=20_000)
    assert await inspections(site) == [ticket.id]


async def test_two_tabs_send_a_report_once(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    other = await context.new_page()
    await prepare(page)
    await other.goto(LIST)
    sent: list[str] = []
    context.on("response", lambda each: sent.append(each.url) if each.url.endswith("inspect") and each.ok else None)
    await context.set_offline(True)
    await write_report(page, ticket)
    await send(page)
    await context.set_offline(False)
    for each in (page, other):
        await each.goto(LIST)
        await expect(each.locator("#kept .receipt:visible")).to_have_count(1, timeout=20_000)
    assert len(sent) == 1
    assert await inspections(site) == [ticket.id]


async def test_a_withdrawn_job_is_marked_and_its_evidence_kept_for_a_note(
    page: Page, context: BrowserContext, site: Site
) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await prepare(page)
    await context.set_offline(True)
    await write_report(page, ticket, photos=1, finding="ترازو دست‌کاری شده بود")
    await send(page)
    await close(site.parts.database, site.parts.rules, ticket, "withdrawn", site.clock.now())
    await context.set_offline(False)
    await page.goto(LIST)
    card = page.locator("#kept li", has_text="گزارش بازرسی")
    await expect(card.locator(".badge")).to_have_text("لغو شده", timeout=20_000)
    await expect(card.locator(".evidence")).to_contain_text("ترازو دست‌کاری شده بود")
    await expect(card.locator(".evidence canvas")).to_have_count(1)
    await card.locator(".as-note").click()
    await expect(page.locator("#kept .receipt:visible")).to_have_count(1)
    await expect(card.locator(".evidence canvas")).to_have_count(1)
    seen = await picture(site, member, ticket)
    assert "ترازو دست‌کاری شده بود" in seen["timeline"][-1]["data"]["text"]
    assert await inspections(site) == []


async def test_a_version_that_changed_meanwhile_is_not_the_inspectors_problem(
    page: Page, context: BrowserContext, site: Site
) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await prepare(page)
    await context.set_offline(True)
    await page.click(".job h2 a")
    await page.click("#accept")
    await page.goto(LIST)
    await write_report(page, ticket)
    await send(page)
    await act(site.parts.database, site.parts.rules, member, ticket, "note", site.clock.now(), text="تماس گرفتند")
    await context.set_offline(False)
    await page.goto(LIST)
    await expect(page.locator("#kept .receipt:visible")).to_have_count(2, timeout=20_000)
    assert await inspections(site) == [ticket.id]


async def test_a_refused_report_says_why_and_can_be_put_right(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await page.goto(LIST)
    await write_report(page, ticket)
    await page.set_input_files("#photos-input", a_file("عکس.png", b"this is no picture"))
    await expect(page.locator("#photos li")).to_have_count(1)
    await page.click("#visit [type=submit]")
    await expect(page.locator("#stopped")).to_be_visible()
    assert await page.input_value("#finding") == "شیر را گران می‌فروخت"
    await page.click("#photos button")
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید", timeout=20_000)
    assert await inspections(site) == [ticket.id]


async def test_a_draft_survives_and_a_refused_place_asks_why(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await page.goto(LIST)
    await write_report(page, ticket, photos=1)  # this context gives no leave for the place
    await expect(page.locator("#no-place")).to_be_visible()
    await page.fill("#no_place_why", "زیرزمین بازار")
    await expect(page.locator("#saved")).to_contain_text("ذخیره شد")
    await page.fill("#statement", "می‌گوید فاکتور دارد")
    await page.goto(LIST)
    await page.click("#kept .open")
    await expect(page.locator("#photos li")).to_have_count(1)
    assert await page.input_value("#statement") == "می‌گوید فاکتور دارد"
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید", timeout=20_000)
    timeline = (await picture(site, member, ticket))["timeline"]
    [note] = [event["data"]["note"] for event in timeline if event["kind"] == "inspect"]
    assert "زیرزمین بازار" in note
    assert "می‌گوید فاکتور دارد" in note


async def test_kept_pages_go_with_whoever_signs_out(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    await dispatch(site, member)
    await prepare(page)
    assert await page.evaluate("async () => (await caches.keys()).includes('pages-desk')")
    await page.click("form[action*='sign-out'] button")
    await page.wait_for_url("**/desk")
    await expect(page.locator("#username")).to_be_visible()
    assert not await page.evaluate("async () => (await caches.keys()).includes('pages-desk')")


async def test_pages_fit_a_phone_a_thumb_and_everybody(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    for path in (LIST, f"{LIST}?lang=en", f"{LIST}/{ticket.code}", f"{LIST}/{ticket.code}?lang=en"):
        await page.goto(path)
        if ticket.code in path:
            await page.click("#report")
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        for target in await page.locator("main :is(a, button, summary, .choice, input[type=text]):visible").all():
            box = await target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, (path, await target.inner_text())
