"""A gateway with its demonstration, and a browser that goes round its screens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, BrowserContext, async_playwright

from gateway.demonstration import PASSWORD
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.screens.screens import Screen
from tests.support.process import GatewayProcess

WIDTHS = {"desktop": {"width": 1366, "height": 660}, "phone": {"width": 360, "height": 740}}
LANGUAGES = ("fa", "en")


@dataclass(slots=True)
class Round:
    """Where the screens are, and what is needed to see them: sessions by account, and codes of tickets."""

    url: str
    browser: Browser
    sessions: dict[str, str]
    codes: dict[str, str]

    def address(self, screen: Screen, language: str) -> str:
        """The screen's address in `language`."""
        path = self.url + screen.path.format_map(self.codes)
        return path if language == "fa" else f"{path}{'&' if '?' in path else '?'}lang={language}"

    async def seat(self, screen: Screen, **options: Any) -> BrowserContext:
        """A browser of its own, signed in as whoever the screen is for."""
        context = await self.browser.new_context(locale="fa-IR", timezone_id="Asia/Tehran", **options)
        if screen.username:
            cookie = {"name": "desk", "value": self.sessions[screen.username], "url": self.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]
        return context


@asynccontextmanager
async def going_round(folder: Path, screens: tuple[Screen, ...]) -> AsyncIterator[Round]:
    """Start the demonstration on an empty database in `folder`, and sign everybody in."""
    gateway = await GatewayProcess.start(folder, "--demonstration")
    try:
        async with aiohttp.ClientSession(gateway.url) as http, async_playwright() as playwright:
            sessions = {name: await _token(http, name) for name in {each.username for each in screens} - {""}}
            codes = {
                "ticket": await _a_ticket(http, "evaluator"),
                "dispatch": await _a_ticket(http, "inspector"),
            }
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            yield Round(gateway.url, browser, sessions, codes)
            await browser.close()
    finally:
        await gateway.kill()


async def _token(http: aiohttp.ClientSession, username: str) -> str:
    said = {"username": username, "password": PASSWORD}
    async with http.post("/api/v1/staff/login", json=said) as answer:
        return str((await answer.json())["token"])


async def _a_ticket(http: aiohttp.ClientSession, username: str) -> str:
    """One that waits for whoever looks, so that the page has something to do."""
    asked = {"Authorization": f"Bearer {await _token(http, username)}"}
    async with http.get(f"/api/v1/staff/tickets?waiting_for={username}", headers=asked) as answer:
        return str((await answer.json())["items"][0]["tracking_code"])
