"""Ways to screens that have no address of their own: what somebody presses once the page is there."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.support.questions import GO_ON, PHONE, shown_code


async def ask_wrongly(page: Page) -> None:
    """A phone that is none: the page says so."""
    await page.fill("#phone", "۰۹۱۲")
    await page.click(GO_ON)
    await expect(page.locator("#summary")).to_be_visible()
    await page.wait_for_load_state("load")


async def find_report(page: Page) -> None:
    """The ticket of the report this browser sent."""
    language = "?lang=en" if "lang=en" in page.url else ""
    await page.goto(f"/reported{language}")
    code = await shown_code(page)
    await page.goto(f"/track{language}")
    await page.fill("#code", code)
    await page.fill("#phone_last4", PHONE[-4:])
    await page.click("main form button[type=submit]")
    await expect(page.locator(".steps li").first).to_be_visible()
    await page.wait_for_load_state("load")


async def think_of_withdrawing(page: Page) -> None:
    """What withdrawing does, before it is pressed."""
    await find_report(page)
    await page.click("#withdrawal summary")
    await expect(page.locator("#withdrawal button")).to_be_visible()


async def open_outcomes(page: Page) -> None:
    """The outcomes of a call no ticket comes of."""
    await page.click("#log summary")
    await expect(page.locator(".outcomes button").first).to_be_visible()


async def open_new_message(page: Page) -> None:
    """The form of a message to organisations."""
    await page.click(".new summary")
    await expect(page.locator("#subject")).to_be_visible()


async def send_nothing(page: Page) -> None:
    """A whole form sent empty."""
    await page.click("main form button[type=submit]")
    await expect(page.locator("#summary")).to_be_visible()
    await page.wait_for_load_state("load")


async def press_withdraw(page: Page) -> None:
    """What cannot be taken back is asked about first; nothing is done yet."""
    await page.click("#deed-withdraw > summary")
    await page.click("#act-withdraw > button")
    await expect(page.locator(".confirm")).to_be_visible()
    await page.wait_for_load_state("load")


async def change_role(page: Page) -> None:
    """An inspector with a dispatch becomes something else: what goes back is named first."""
    await page.select_option("#role", "operator")
    await page.click("form.card button")
    await expect(page.locator("form.card .owed")).to_be_visible()
    await page.wait_for_load_state("load")


async def add_rule(page: Page) -> None:
    """A new rule of routing, its row open, refused for want of a route."""
    await page.click("button[value=add]")
    await page.click("button[value=keep]")
    await expect(page.locator("#summary")).to_be_visible()
    await page.wait_for_load_state("load")


async def open_times(page: Page) -> None:
    """The form of more times of an official."""
    await page.click(".official .more summary")
    await expect(page.locator("#day")).to_be_visible()
