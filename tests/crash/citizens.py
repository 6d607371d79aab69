"""Citizens who do not give up: each report is sent again, word for word, until somebody acknowledges it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.support.mail import RawClient, mail

SECRET = "crash-secret-crash-secret-crash-sec"
_WORDS = "سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است"


@dataclass(slots=True)
class Where:
    """The gateway's present addresses; empty between a kill and the next start."""

    url: str = ""
    smtp_port: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Ledger:
    """What was acknowledged, by channel and identity; on the web with the code that was answered."""

    web: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    sent_again: int = 0

    @property
    def acknowledged(self) -> int:
        return len(self.web) + len(self.texts) + len(self.mails)


class Citizens:
    """A crowd on three channels at once; it stops between reports, never in the middle of one."""

    def __init__(self, where: Where, session: aiohttp.ClientSession) -> None:
        self._where, self._session = where, session
        self._numbers = itertools.count(1)
        self._leaving = False
        self.ledger = Ledger()

    def leave(self) -> None:
        """Finish the report under way and send no more."""
        self._leaving = True

    async def crowd(self, web: int, texting: int, mailing: int) -> None:
        """So many at once on each channel, until `leave`."""
        kinds = [self._by_web] * web + [self._by_text] * texting + [self._by_mail] * mailing
        await asyncio.gather(*(self._keep_at_it(kind) for kind in kinds))

    async def _keep_at_it(self, kind: Callable[[int], Awaitable[bool]]) -> None:
        while not self._leaving:
            number, tries = next(self._numbers), 0
            while not await self._tried(kind, number):
                tries += 1
                await self._where.up.wait()
                await asyncio.sleep(0)
            self.ledger.sent_again += tries

    async def _tried(self, kind: Callable[[int], Awaitable[bool]], number: int) -> bool:
        await self._where.up.wait()
        with suppress(aiohttp.ClientError, OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(20):
                return await kind(number)
        return False

    async def _by_web(self, number: int) -> bool:
        report = {
            "text": _WORDS,
            "phone": _phone(number),
            "category": "overcharging",
            "business": {"name": f"سوپرمارکت {number}"},
            "place": {"province": "23"},
        }
        key = f"crash-{number}"
        url, headers = f"{self._where.url}/api/v1/reports", {"Idempotency-Key": key}
        async with self._session.post(url, json=report, headers=headers) as answer:
            if answer.status not in (200, 201):
                return False
            self.ledger.web[key] = (await answer.json())["tracking_code"]
            return True

    async def _by_text(self, number: int) -> bool:
        said = {"from": _phone(number), "to": "30001240", "messageid": f"9{number}", "message": f"{_WORDS} {number}"}
        url = f"{self._where.url}/hooks/kavenegar/{SECRET}/inbound"
        async with self._session.post(url, data=said) as answer:
            if answer.status != 200:
                return False
            self.ledger.texts.add(said["messageid"])
            return True

    async def _by_mail(self, number: int) -> bool:
        identity = f"<crash-{number}@example.ir>"
        client = await RawClient.dial(self._where.smtp_port)
        try:
            if not (await client.begin()).startswith("354"):
                return False
            said = f"{_WORDS}. شماره من {_phone(number)} است."
            raw = mail(said, sender=f"citizen-{number}@example.ir", message_id=identity)
            if not (await client.say(raw + b"\r\n.")).startswith("250"):
                return False
            self.ledger.mails.add(identity)
            return True
        finally:
            client.hang_up()


def _phone(number: int) -> str:
    return f"0912{number:07d}"
