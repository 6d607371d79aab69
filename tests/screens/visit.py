"""A gateway with its demonstration, and a browser that goes round its screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import aiohttp
from playwright.async_api import Browser, BrowserContext, Page, Response, ViewportSize

from gateway.demonstration.demonstrate import PASSWORD
from tests.screens.screens import Screen
from tests.support.chromium import PATIENCE_MS
from tests.support.process import GatewayProcess
from tests.support.questions import to_check, to_reported

WIDTHS: Final[Mapping[str, ViewportSize]] = {
    "desktop": {"width": 1366, "height": 660},
    "phone": {"width": 360, "height": 740},
}
LANGUAGES: Final = ("fa", "en")
CITIZENS: Final[Mapping[str, Callable[[Page], Awaitable[None]]]] = {"answering": to_check, "reporter": to_reported}
"""Citizens by how far they have come."""


@dataclass(slots=True)
class Round:
    """Where the screens are, and what is needed to see them: sessions by account, codes of tickets, who sits."""

    url: str
    browser: Browser
    codes: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    seated: dict[str, BrowserContext] = field(default_factory=dict)

    def address(self, screen: Screen, language: str) -> str:
        """The screen's address in `language`."""
        path = screen.path.format_map(self.codes)
        return path if language == "fa" else f"{path}{'&' if '?' in path else '?'}lang={language}"

    async def page(self, screen: Screen, width: Literal["desktop", "phone"]) -> Page:
        """A page of the browser of whoever the screen is for."""
        if screen.seat not in self.seated:
            self.seated[screen.seat] = await self.sit_down(screen.seat)
        page = await self.seated[screen.seat].new_page()
        await page.set_viewport_size(WIDTHS[width])
        return page

    async def sit_down(self, seat: str, **options: Any) -> BrowserContext:
        """A fresh browser: signed in, where it is an account's; as far as they have come, where it is a citizen's."""
        settings = {"base_url": self.url, "locale": "fa-IR", "timezone_id": "Asia/Tehran", "service_workers": "block"}
        context = await self.browser.new_context(**settings, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        if seat in CITIZENS:
            page = await context.new_page()
            await CITIZENS[seat](page)
            await page.goto("about:blank")  # and left open: a browser without a page may not open another
        elif seat:
            await context.add_cookies([{"name": "desk", "value": await self.session(seat), "url": self.url}])
        return context

    async def session(self, account: str) -> str:
        """What an account of the demonstration is signed in by."""
        if account not in self.sessions:
            said = {"username": account, "password": PASSWORD}
            async with aiohttp.ClientSession(self.url) as http, http.post("/api/v1/staff/login", json=said) as answer:
                self.sessions[account] = (await answer.json())["token"]
        return self.sessions[account]

    async def a_ticket(self, account: str, role: str = "") -> str:
        """One that waits for whoever looks, so that the page has something to do."""
        waiting = await self.asked(account, "tickets", waiting_for=role or account)
        return str(waiting["items"][0]["tracking_code"])

    async def a_case(self, account: str, besides: str) -> str:
        """A parent case of the tickets about another business than `besides`, one of which waits for them."""
        business = besides
        for each in (await self.asked(account, "tickets", waiting_for=account))["items"]:
            ticket = await self.asked(account, f"tickets/{each['tracking_code']}")
            if ticket["facts"]["business"]["id"] not in (None, besides):
                business = ticket["facts"]["business"]["id"]
        its = (await self.asked(account, "tickets", business=business))["items"]
        made = await self.told(
            account, f"businesses/{business}/parent-cases", tickets=[each["tracking_code"] for each in its]
        )
        return str(made["id"])

    async def a_hearing(self, account: str, code: str) -> str:
        """The code of a case, its hearing set and both sides invited."""
        council = await self.told(account, "calendar/officials", name="شورای انتظامی تهران", post="جلسهٔ")
        day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
        times = {"day": day, "begins": "09:00", "ends": "11:00", "minutes": 60, "weeks": 1, "place": "تهران، اتاق ۱۲"}
        await self.told(account, f"calendar/officials/{council['id']}/slots", **times)
        slot = (await self.asked(account, "calendar"))["officials"][0]["slots"][0]["id"]
        version = (await self.asked(account, f"tickets/{code}"))["version"]
        said = {"version": version, "slot": slot, "reason": "ادای توضیح"}
        await self.told(account, f"tickets/{code}/actions/schedule", **said)
        return code

    async def a_letter(self, account: str) -> str:
        """A letter they issue."""
        said = {"first": "1399/03", "last": "1399/06", "number": "60/1", "issued_on": "1399/07/13"}
        signed_in = {"Cookie": f"desk={await self.session(account)}", "Origin": self.url, "Accept": "text/html"}
        async with (
            aiohttp.ClientSession(self.url, headers=signed_in) as http,
            http.post("/desk/letter", data=said, allow_redirects=False) as answer,
        ):
            return answer.headers["Location"].rpartition("/")[2].partition("?")[0]

    async def asked(self, account: str, what: str, **query: str) -> dict[str, Any]:
        """What the API of staff tells an account of something."""
        asked = {"Authorization": f"Bearer {await self.session(account)}"}
        async with (
            aiohttp.ClientSession(self.url, headers=asked) as http,
            http.get(f"/api/v1/staff/{what}", params=query) as answer,
        ):
            found: dict[str, Any] = await answer.json()
            return found

    async def told(self, account: str, what: str, **said: Any) -> dict[str, Any]:
        """What the API of staff answers an account that tells it something."""
        headers = {"Authorization": f"Bearer {await self.session(account)}", "Idempotency-Key": uuid4().hex}
        async with (
            aiohttp.ClientSession(self.url, headers=headers, raise_for_status=True) as http,
            http.post(f"/api/v1/staff/{what}", json=said) as answer,
        ):
            found: dict[str, Any] = await answer.json()
            return found

    async def show(self, page: Page, screen: Screen, language: str) -> Response:
        """Bring the page to the screen; the answer to its address."""
        answer = await page.goto(self.address(screen, language), wait_until="load")
        assert answer is not None
        if screen.walk is not None:
            await screen.walk(page)
        return answer


@asynccontextmanager
async def going_round(folder: Path, browser: Browser) -> AsyncIterator[Round]:
    """Start the demonstration on an empty database in `folder`."""
    gateway = await GatewayProcess.start(folder, "--demonstration")
    try:
        on = Round(gateway.url, browser)
        on.codes |= {"ticket": await on.a_ticket("evaluator"), "dispatch": await on.a_ticket("inspector")}
        on.codes["answered_by_body"] = await on.a_ticket("chamber", "responder")
        on.codes["verified_by_body"] = await on.a_ticket("commission", "responder")
        on.codes["business"] = (await on.asked("evaluator", "businesses"))["items"][0]["business"]["id"]
        on.codes["case"] = await on.a_case("evaluator", besides=on.codes["business"])
        on.codes["letter"] = await on.a_letter("supervisor")
        on.codes["conversation"] = (await on.asked("supervisor", "board"))["items"][0]["id"]
        on.codes["hearing"] = await on.a_hearing("secretary", await on.a_ticket("secretary", "council_secretary"))
        on.codes["request"] = await on.a_ticket("service-desk", "service_clerk")
        yield on
        for context in on.seated.values():
            await context.close()
    finally:
        await gateway.kill()
