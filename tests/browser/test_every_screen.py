"""Every screen, as its people find it: readable by assistive technology, no wider than a phone, and light."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from gateway.web.routes import ROUTES
from tests.screens.screens import SCREENS, Screen
from tests.screens.visit import LANGUAGES, Round, going_round
from tests.support.axe import pale, violations

_MOST_BYTES = 60_000


@dataclass(slots=True)
class _Tab:
    """A page that is led from screen to screen, for a new one costs more than a look; what came and went wrong."""

    page: Page
    received: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        line = await self.page.context.new_cdp_session(self.page)
        await line.send("Network.enable")
        line.on("Network.loadingFinished", lambda event: self.received.append(int(event["encodedDataLength"])))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_screens_are_accessible_narrow_and_light(browser: Browser, tmp_path: Path, language: str) -> None:
    wrong: list[str] = []
    tabs: dict[str, _Tab] = {}
    async with going_round(tmp_path, browser) as on:
        for screen in SCREENS:
            if screen.seat not in tabs:
                tabs[screen.seat] = _Tab(await on.page(screen, "phone"))
                await tabs[screen.seat].listen()
            wrong += [f"{screen.name}: {each}" for each in await _seen(on, screen, tabs[screen.seat], language)]
    assert wrong == []


async def _seen(on: Round, screen: Screen, tab: _Tab, language: str) -> list[str]:
    """What is wrong with one screen at a phone's width: in Persian for everybody, by day and in the dark."""
    wrong: list[str] = []
    page = tab.page
    tab.received.clear()
    await page.emulate_media(color_scheme="light")
    answer = await on.show(page, screen, language)
    if answer.status not in (200, 404):
        return [f"answered {answer.status}"]
    if screen.walk is None and sum(tab.received) > _MOST_BYTES:
        wrong.append(f"{sum(tab.received)} bytes")
    if await page.locator("h1").count() != 1:
        wrong.append("has not one h1")
    if await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append("is wider than a phone")
    if language == "fa":
        wrong += await violations(page)
        await page.emulate_media(color_scheme="dark")
        wrong += await pale(page)
    wrong += tab.errors
    tab.errors.clear()
    return wrong


_NO_PAGES = {
    "/desk/quarantine/{report}",  # the demonstration has none: its own tests look at it
    "/desk/calls/now",
    "/desk/dashboard.csv",
    "/desk/dashboard.xlsx",
    "/desk/dispatches/jobs",
    "/desk/letter.json",
    "/desk/letter.xlsx",
    "/desk/letter/{letter}/letter.json",
    "/desk/letter/{letter}/letter.xlsx",
    "/desk/events",
    "/desk/queue/assign",
    "/desk/queue/news",
    "/desk/queue/next",
    "/desk/queue/row",
    "/desk/tickets/{code}/attachments/{attachment}",  # nor files
    "/desk/tickets/{code}/attachments/{attachment}/pages/{page}",
    "/desk/tickets/{code}/attachments/{attachment}/recording",
    "/desk/tickets/{code}/attachments/{attachment}/thumb",
    "/desk/tickets/{code}/news",
    "/track/add",
    "/track/answer",
    "/track/object",
    "/track/surveys",
    "/track/withdraw",
}
"""What answers with data, a part of a page, or the way to another."""


def test_every_page_is_in_the_table_of_screens() -> None:
    pages = {route.path for route in ROUTES if route.method == "GET" and route.path.startswith(("/desk", "/track"))}
    unseen = [path for path in pages - _NO_PAGES if not any(_is_of(screen.path, path) for screen in SCREENS)]
    assert unseen == []


def _is_of(shown: str, path: str) -> bool:
    """Whether the address of a screen is of the route `path`."""
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), shown.partition("?")[0]) is not None
