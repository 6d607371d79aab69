"""A gateway, a Kavenegar, a Bot API and a mail relay on loopback, and the people who meet there."""

from __future__ import annotations

import asyncio
import json
import re
import smtplib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from typing import Any

import aiohttp

from gateway.app import Gateway
from sms.clock import Clock
from tests.support.clock import ManualClock
from tests.support.fakes.botapi import FakeBotApi
from tests.support.fakes.kavenegar import FakeKavenegar
from tests.support.fakes.kavenegar_panel import Message
from tests.support.gateway import Gateways, until
from tests.support.mail import FakeRelay, mail
from tests.support.staffing import PASSWORD, employ
from ticketing.mentions import codes_in

HOOK_SECRET = "hook-secret-hook-secret-hook-secret"
INSPECTOR_PHONE = "+989350000001"
_PERSIAN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
Account = tuple[str, str, dict[str, Any]]
File = tuple[str, bytes, str]
_A_ROUND_S = 61
"""Every loop that looks at the clock has looked."""
STAFF: tuple[Account, ...] = (
    ("op", "operator", {}),
    ("ev", "evaluator", {}),
    ("sr", "self_regulator", {"organisation": "23", "body": "grocers"}),
    ("di", "dispatcher", {}),
    ("in", "inspector", {"organisation": "23", "phone": INSPECTOR_PHONE}),
    ("pc", "penalties_clerk", {}),
)


@dataclass(slots=True)
class World:
    """What a test acts on. `tokens` are staff's sessions by username."""

    gateway: Gateway
    kavenegar: FakeKavenegar
    bots: FakeBotApi
    relay: FakeRelay
    http: aiohttp.ClientSession
    tokens: dict[str, str] = field(default_factory=dict)

    async def call(
        self, method: str, path: str, body: Any = None, *, by: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """One JSON request: status and decoded answer."""
        sent = dict(headers or {})
        if by:
            sent["Authorization"] = f"Bearer {self.tokens[by]}"
        async with self.http.request(method, self.gateway.url + path, json=body, headers=sent) as response:
            return response.status, await response.json(content_type=None)

    async def act(self, by: str, code: str, action: str, files: Iterable[File] = (), **body: Any) -> dict[str, Any]:
        """Do something to a ticket as `by`, on the version they see; the ticket afterwards."""
        status, ticket = await self.try_to(by, code, action, files, **body)
        assert status == 200, ticket
        return ticket

    async def try_to(
        self, by: str, code: str, action: str, files: Iterable[File] = (), **body: Any
    ) -> tuple[int, dict[str, Any]]:
        """The same where it may be refused: the status, and the ticket or the problem."""
        said = {"version": (await self.ticket(code, by=by))["version"], **body}
        form = _multipart({"action": json.dumps(said)}, files)
        url = f"{self.gateway.url}/api/v1/staff/tickets/{code}/actions/{action}"
        headers = {"Authorization": f"Bearer {self.tokens[by]}"}
        async with self.http.post(url, data=form, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def file(self, procedure: str, typed: Mapping[str, str], files: Iterable[File] = ()) -> str:
        """A citizen fills in a procedure's form, with files, and reads the code on the page they come to."""
        url, ours = f"{self.gateway.url}/file/{procedure}", {"Sec-Fetch-Site": "same-origin"}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(url) as response:
                held = dict(re.findall(r'"hidden" name="([^"]+)" value="([^"]*)"', await response.text()))
            async with browser.post(url, data=_multipart({**held, **typed}, files), headers=ours) as response:
                page = _words(await response.text())
                assert response.url.path == "/reported", page
        return codes_in(page)[0]

    async def track(self, code: str, last4: str) -> str:
        """The words of the page that shows its citizen a ticket."""
        typed, headers = {"code": code, "phone_last4": last4}, {"Sec-Fetch-Site": "same-origin"}
        async with self.http.post(f"{self.gateway.url}/track", data=typed, headers=headers) as response:
            assert response.status == 200
            return _words(await response.text())

    async def ticket(self, code: str, by: str = "ev") -> dict[str, Any]:
        """A ticket as staff see it."""
        status, ticket = await self.call("GET", f"/api/v1/staff/tickets/{code}", by=by)
        assert status == 200, ticket
        return dict(ticket)

    async def text_in(self, phone: str, message: str, message_id: str) -> int:
        """A citizen's SMS comes in by the provider's hook; the hook's answer."""
        query = {"from": phone, "to": "30001240", "messageid": message_id, "message": message}
        url = f"{self.gateway.url}/hooks/kavenegar/{HOOK_SECRET}/inbound"
        async with self.http.get(url, params=query) as response:
            return response.status

    async def mail_in(self, text: str, **more: Any) -> None:
        """A citizen's mail is handed over by SMTP."""
        raw = mail(text, **more)

        def deliver() -> None:
            with smtplib.SMTP("127.0.0.1", self.gateway.smtp_port) as client:
                client.sendmail("maryam@example.ir", ["report@124.example"], raw)

        await asyncio.to_thread(deliver)

    def texts_to(self, phone: str) -> list[Message]:
        """What the provider has really sent to a number, in order."""
        national = "0" + phone.removeprefix("+98")
        return [each for each in self.kavenegar.messages.values() if each.receptor == national]

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What has come to the world's mail for an address, in order."""
        raw = (each.removesuffix(b"\r\n.\r\n") for each in self.relay.received)
        mails = [message_from_bytes(each, policy=default) for each in raw]
        return [each for each in mails if each["To"] == address]

    async def at(self, moment: datetime) -> None:
        """It is that moment by a clock that is moved by hand, everybody at their desk again and the loops awake."""
        clock = self.gateway.parts.clock
        assert isinstance(clock, ManualClock)
        clock.advance(seconds=(moment - clock.now()).total_seconds())
        for username in self.tokens:
            await self.sign_in(username)
        clock.advance(seconds=_A_ROUND_S)  # who was at work when the clock was moved looks again

    async def sign_in(self, username: str) -> None:
        """Somebody of the staff signs in, anew."""
        said = {"username": username, "password": PASSWORD}
        _, answer = await self.call("POST", "/api/v1/staff/login", said)
        self.tokens[username] = answer["token"]

    async def until_true(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something that has to be asked for holds, looking after every commit."""
        await until(self.gateway, holds)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, looking after every commit."""

        async def look() -> bool:
            return holds()

        await until(self.gateway, look)


@asynccontextmanager
async def open_world(
    gateways: Gateways,
    changes: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    staff: Iterable[Account] = STAFF,
) -> AsyncIterator[World]:
    """Everything started; staff signed in."""
    async with (
        FakeKavenegar() as kavenegar,
        FakeBotApi() as bots,
        FakeRelay() as relay,
        aiohttp.ClientSession() as http,
    ):
        settings = settings_between(kavenegar, bots, relay) | dict(changes or {})
        gateway = await gateways.start(settings, clock=clock)
        world = World(gateway, kavenegar, bots, relay, http)
        for username, role, more in staff:
            await _employ(world, username, role, more)
        yield world


def settings_between(kavenegar: FakeKavenegar, bots: FakeBotApi, relay: FakeRelay) -> dict[str, Any]:
    """The settings that join a gateway to its loopback neighbours."""
    provider = {"api_key": kavenegar.api_key, "base_url": kavenegar.url, "sender": "30001240", "timeout_s": 2}
    return {
        "sms": {"provider": "kavenegar", "kavenegar": provider},
        "channels": {
            "sms": {"secret": HOOK_SECRET, "line": "30001240"},
            "telegram": {"enabled": True, "token": bots.token, "base_url": bots.base_url},
        },
        "email_out": {"host": "127.0.0.1", "port": relay.port, "security": "none"},
        "security": {"reports_per_minute": 0},
    }


async def _employ(world: World, username: str, role: str, more: dict[str, Any]) -> None:
    parts = world.gateway.parts
    await employ(parts.database, parts.rules.vault, parts.clock.now(), username, role, **more)
    await world.sign_in(username)


def _multipart(typed: Mapping[str, str], files: Iterable[File]) -> aiohttp.FormData:
    form = aiohttp.FormData(typed, default_to_multipart=True, quote_fields=False)
    for name, content, media_type in files:
        form.add_field("files", content, filename=name, content_type=media_type)
    return form


def _words(page: str) -> str:
    main = page.partition("<main ")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def figures(text: str) -> str:
    """Every digit of a text, ASCII: a tracking code is found in it whatever it is grouped by."""
    return "".join(each for each in text.translate(_PERSIAN) if each in "0123456789")
