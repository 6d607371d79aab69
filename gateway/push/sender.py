"""Carries the outbox's hints to push services: encrypted for the browser (RFC 8291), signed by our key (RFC 8292).

Where a device is reached is looked up as its notice leaves, and forgotten as soon as its service says it is gone. No
redirect is followed and no answer is read beyond its head.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from pywebpush import WebPusher
from yarl import URL

from gateway.catalogue import DEFAULT
from gateway.push.keys import Push
from gateway.push.services import endpoint_url
from gateway.web.render import page_url
from sms.clock import Clock
from sms.digits import is_ascii_number
from sms.outbox import PUSH
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice
from ticketing.database import Database
from ticketing.devices import Address, find_address, forget_endpoint
from ticketing.vault import Vault, VaultError
from ticketing.writer import Unavailable

_TIMEOUT_S: Final = 10.0
_KEPT_FOR: Final = timedelta(days=3)
"""A telephone that stays off longer has heard it by text."""
_LONGEST_WAIT_S: Final = 6 * 3600.0
_PADDED_TO: Final = 1024
"""Every message is of one length: a service cannot tell a question from a close."""
_GONE: Final = (404, 410)
_BUSY: Final = (408, 429)
_DIRECTIONS: Final = {"fa": "rtl", "en": "ltr"}

Say = Callable[[str, str], str]
"""A sentence of the catalogue by language and code."""


class PushSender:
    """One notice is one message to one browser.

    A service cannot be asked what it took: what nobody knows the end of is sent again under the same topic and id,
    and the browser shows it once.
    """

    code = PUSH
    batch_size = 20
    resend_when_unknown = True

    def __init__(self, push: Push, database: Database, vault: Vault, clock: Clock, say: Say) -> None:
        self._push, self._database, self._vault, self._clock, self._say = push, database, vault, clock, say
        self._session: aiohttp.ClientSession | None = None

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Send them, side by side."""
        return await asyncio.gather(*(self._send(notice) for notice in notices))

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Nobody can tell."""
        return [SendOutcome(Outcome.AMBIGUOUS, reason="cannot_ask")] * len(notices)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _send(self, notice: OutgoingNotice) -> SendOutcome:
        try:
            address = await find_address(self._database.read, self._vault, int(notice.recipient))
        except Unavailable:
            return SendOutcome(Outcome.RETRY, reason="database")
        except VaultError:
            return SendOutcome(Outcome.REFUSED, reason="unreadable")
        if address is None:
            return SendOutcome(Outcome.REFUSED, reason="forgotten")
        url = endpoint_url(address.subscription.endpoint)
        if url is None or self._push.services.entry_of(address.subscription.endpoint) is None:
            return SendOutcome(Outcome.REFUSED, reason="not_allowed")
        return await self._post(url, address, notice)

    async def _post(self, url: URL, address: Address, notice: OutgoingNotice) -> SendOutcome:
        body = _encrypted(address, self._message(address, notice))
        headers = self._headers(url, address, notice)
        try:
            async with self._opened().post(url, data=body, headers=headers, allow_redirects=False) as response:
                status, retry_after = response.status, response.headers.get("Retry-After", "")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return SendOutcome(Outcome.RETRY, reason="unreachable")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return SendOutcome(Outcome.AMBIGUOUS, reason="no_answer")
        if status in _GONE:
            return await self._forget(address)
        return _outcome(status, _wait_s(retry_after, self._clock.now()))

    async def _forget(self, address: Address) -> SendOutcome:
        try:
            await forget_endpoint(self._database, self._vault, address.subscription.endpoint)
        except Unavailable:  # it will say so once more
            return SendOutcome(Outcome.RETRY, reason="database")
        return SendOutcome(Outcome.REFUSED, reason="gone")

    def _headers(self, url: URL, address: Address, notice: OutgoingNotice) -> dict[str, str]:
        return {
            "Authorization": self._push.authorization(str(url.origin()), self._clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(_KEPT_FOR.total_seconds())),
            "Topic": address.topic,
            "Urgency": (notice.headers or {}).get("urgency", "normal"),
        }

    def _message(self, address: Address, notice: OutgoingNotice) -> Mapping[str, Any]:
        """What sw.js shows. The code stands behind `#`: it opens nothing by itself and is sent to nobody."""
        language = address.language if address.language in _DIRECTIONS else DEFAULT
        return {
            "id": str(notice.id),
            "tag": address.topic,
            "title": self._say(language, "app.name"),
            "body": notice.text,
            "lang": language,
            "dir": _DIRECTIONS[language],
            "url": f"{page_url('/track', language)}#{address.code}",
        }

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session


def _encrypted(address: Address, message: Mapping[str, Any]) -> bytes:
    subscription = address.subscription
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    said = json.dumps(message, ensure_ascii=False).encode()
    padded = said + b" " * (-len(said) % _PADDED_TO)
    body: bytes = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(padded)["body"]
    return body


def _outcome(status: int, wait_s: float | None) -> SendOutcome:
    if 200 <= status < 300:
        return SendOutcome(Outcome.ACCEPTED)
    if status in _BUSY or status >= 500:
        return SendOutcome(Outcome.RETRY, reason=f"http_{status}", retry_after_s=wait_s)
    return SendOutcome(Outcome.REFUSED, reason=f"http_{status}")


def _wait_s(retry_after: str, now: datetime) -> float | None:
    """How long a Retry-After asks to wait (RFC 9110 §10.2.3: seconds or a date), within reason; None where it says
    nothing."""
    if is_ascii_number(retry_after):
        wait_s = float(retry_after[:9])
    else:
        try:
            wait_s = (parsedate_to_datetime(retry_after) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(wait_s, _LONGEST_WAIT_S) if wait_s > 0 else None
