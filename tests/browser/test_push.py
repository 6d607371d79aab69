"""Hints on a citizen's device, from the press to what is shown.

Headless Chromium has no push service behind it, so its own part is played: an init script gives pages a subscription
whose keys the test holds. The page, the endpoint, the outbox, the encryption, the push service that decrypts, and the
service worker that shows the message are the real ones; the message reaches the worker by the browser's debugging door.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.test_citizen_pages import SEND, fill_report, shown_code
from tests.support.axe import violations
from tests.support.clock import ManualClock
from tests.support.database import SqliteCopies
from tests.support.fakes.pushservice import FakeBrowser, FakePushService
from tests.support.pushing import push_table
from tests.support.reports import REPORT
from tests.support.staging import act
from tests.support.web import Site, open_site

BUTTON = "#device button"
STATUS = "#device [role=status]"
ON, OFF = "روی همین دستگاه خبر بده", "دیگر روی این دستگاه خبر نده"
SHOWN = """async () => {
  const all = await (await navigator.serviceWorker.ready).getNotifications();
  return all.map(({ title, body, dir, lang }) => ({ title, body, dir, lang }));
}"""
ARE_SHOWN = """async (count) => (await (await navigator.serviceWorker.ready).getNotifications()).length === count"""
PRESS = """async () => {
  const [notification] = await registration.getNotifications();
  return new Promise((resolve) => {
    clients.openWindow = async (url) => resolve(url);  // a browser opens windows for people's own presses only
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
}"""
SUBSCRIBED = """
const json = %s;
const plain = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
const bytes = (text) => Uint8Array.from(plain(text), (each) => each.charCodeAt());
const subscription = (key) => ({
  endpoint: json.endpoint, options: { applicationServerKey: bytes(key).buffer }, toJSON: () => json,
  unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
});
PushManager.prototype.getSubscription = async () => {
  const key = localStorage.getItem("subscribed");
  return key && subscription(key);
};
PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
  if (!userVisibleOnly) throw new Error("browsers refuse silent messages");
  localStorage.setItem("subscribed", key);
  return subscription(key);
};
"""


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[FakePushService]:
    async with FakePushService() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def site(sqlite_copies: SqliteCopies, tmp_path: Path, service: FakePushService) -> AsyncIterator[Site]:
    url = await sqlite_copies.make(tmp_path)
    async with open_site(url, tmp_path, ManualClock(), {"push": push_table(service)}) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def device(context: BrowserContext, site: Site, service: FakePushService) -> FakeBrowser:
    """What stands for the browser at the push service."""
    made = service.browser()
    await context.add_init_script(SUBSCRIBED % json.dumps(made.to_json()))
    await context.grant_permissions(["notifications"], origin=site.url)
    return made


async def filed(site: Site) -> str:
    """A report's tracking code."""
    async with aiohttp.ClientSession(site.url) as http, http.post("/api/v1/reports", json=REPORT) as answer:
        return str((await answer.json())["tracking_code"])


async def track(page: Page, code: str) -> None:
    await page.goto(f"/track?code={code}")
    await page.fill("#phone_last4", "4567")
    await page.click("main form button")


async def goes_to_the_union(site: Site, code: str) -> None:
    """Step 3, and everything in the outbox sent."""
    parts = site.parts
    evaluator = await site.add_staff("evaluator", "evaluator", organisation="23")
    at = site.clock.now()
    await act(parts.database, parts.rules, evaluator, code, "evaluate", at, route="self_regulation")
    await parts.dispatcher.drain()


async def deliver(page: Page, site: Site, message: dict[str, str]) -> None:
    """Hand a decrypted message to the site's service worker, as the browser's push client would."""
    door = await page.context.new_cdp_session(page)
    registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def learn(event: dict[str, Any]) -> None:
        if event["registrations"] and not registered.done():
            registered.set_result(event["registrations"][0]["registrationId"])

    door.on("ServiceWorker.workerRegistrationUpdated", learn)
    await door.send("ServiceWorker.enable")
    async with asyncio.timeout(120):
        registration = await registered
    said = {"origin": site.url, "registrationId": registration, "data": json.dumps(message)}
    await door.send("ServiceWorker.deliverPushMessage", said)
    await door.detach()


async def pressed(page: Page) -> str:
    """Press the one hint that is shown; the address it opens."""
    [worker] = page.context.service_workers
    return str(await worker.evaluate(PRESS))


async def test_a_press_brings_the_next_step_to_this_device(
    page: Page, site: Site, service: FakePushService, device: FakeBrowser
) -> None:
    code = await filed(site)
    await track(page, code)
    await expect(page.locator(BUTTON)).to_have_text(ON)
    await page.click(BUTTON)
    await expect(page.locator(STATUS)).to_have_text("از این پس روی همین دستگاه هم خبر می‌دهیم.")
    assert await violations(page) == []
    await track(page, code)
    await expect(page.locator(BUTTON)).to_have_text(OFF)
    await goes_to_the_union(site, code)
    [message] = service.messages_to(device)
    for _ in range(2):  # the outbox says it twice where an answer was lost
        await deliver(page, site, message)
    await page.wait_for_function(ARE_SHOWN, arg=1)
    [shown] = await page.evaluate(SHOWN)
    assert shown == {"title": "صمت ۱۲۴", "body": message["body"], "dir": "rtl", "lang": "fa"}
    opened = await page.context.new_page()
    await opened.goto(await pressed(page))
    await expect(opened.locator("#phone_last4")).to_be_focused()
    assert await opened.input_value("#code") == code
    assert code not in opened.url


async def test_the_confirmation_asks_nothing_again_and_what_is_on_can_be_turned_off(
    page: Page, site: Site, service: FakePushService, device: FakeBrowser
) -> None:
    await page.goto("/report/whole")
    await fill_report(page)
    await page.click(SEND)
    await page.wait_for_url("**/reported")
    code = await shown_code(page)
    await page.click(BUTTON)
    await expect(page.locator(BUTTON)).to_have_text(OFF)
    await page.reload()
    await expect(page.locator(BUTTON)).to_have_text(OFF)
    await page.click(BUTTON)
    await expect(page.locator(STATUS)).to_have_text("دیگر روی این دستگاه خبر نمی‌دهیم؛ پیامک‌ها می‌آیند.")
    await goes_to_the_union(site, code)
    assert service.messages_to(device) == []


async def test_a_browser_that_does_not_allow_it_is_told_that_texts_come_anyway(page: Page, site: Site) -> None:
    await track(page, await filed(site))
    await page.click(BUTTON)
    await expect(page.locator(STATUS)).to_contain_text("مرورگر اجازه نداد")
    await expect(page.locator(BUTTON)).to_have_text(ON)


async def test_a_browser_without_push_is_offered_nothing(page: Page, site: Site) -> None:
    await page.add_init_script("delete window.PushManager")
    await track(page, await filed(site))
    await page.evaluate("navigator.serviceWorker.getRegistration()")
    await expect(page.locator("#device")).to_be_hidden()
