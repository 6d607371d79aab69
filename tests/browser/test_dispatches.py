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
    Geolocation,
    Page,
    Playwright,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.support.chromium import CHROMIUM, FLAGS
from tests.support.desks import NARROW, sit_down
from tests.support.dispatches import dispatch
from tests.support.inspecting import LIST, inspections, picture, prepare, send, write_report
from tests.support.photos import size_of_jpeg
from tests.support.web import Site
from ticketing.staff import Staff
from ticketing.ticket import Ticket

PLACE: Geolocation = {"latitude": 35.7, "longitude": 51.4, "accuracy": 12}


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
            await expect(page.locator("#kept .receipt:visible")).to_have_count(2)
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
        content = await site.services.attachments.read(each["sha256"])
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
    await expect(page.locator("#finished")).to_contain_text("رسید")
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
    await expect(page.locator("#finished")).to_contain_text("رسید")
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
        await expect(each.locator("#kept .receipt:visible")).to_have_count(1)
    assert len(sent) == 1
    assert await inspections(site) == [ticket.id]
