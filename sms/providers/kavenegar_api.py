"""Kavenegar's own package made asynchronous: its methods all return `self._request(…)`, which here is a coroutine.

It sends over aiohttp under one deadline, follows no redirect, reads a bounded answer, and raises only errors
that carry a code: no URL, for the key is part of it, and no sentence of the provider's.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import aiohttp
from kavenegar import KavenegarAPI
from yarl import URL

from sms.outcome import Outcome
from sms.providers.kavenegar_codes import OK, Meaning, meaning_of

_MAX_ANSWER_BYTES = 2 * 1024 * 1024
"""Five times the longest honest answer (200 messages of 900 characters with their prices)."""

_NOT_REACHED = Meaning(Outcome.RETRY, "unreachable")
_NO_ANSWER = Meaning(Outcome.AMBIGUOUS, "no_answer")
_GARBAGE = Meaning(Outcome.AMBIGUOUS, "garbage")

Entry = dict[str, Any]


class KavenegarError(Exception):
    """A call that did not end in entries: what it means, and the return code where there was one."""

    def __init__(self, meaning: Meaning, code: int | None = None) -> None:
        super().__init__(meaning.reason)
        self.meaning = meaning
        self.code = code


class AsyncKavenegar(KavenegarAPI):  # type: ignore[misc]
    """Every `sms_…` method of the package, awaited. Raises `KavenegarError` only."""

    def __init__(self, api_key: str, base_url: str, timeout_s: float) -> None:
        super().__init__(api_key)
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"AsyncKavenegar({self._base_url!r})"

    __str__ = __repr__

    async def close(self) -> None:
        """Let go of the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def sms_inboxpaged(self, params: dict[str, str]) -> list[Entry]:
        """The inbox page by page, read rows too; newer than the package."""
        return await self._request("sms", "inboxpaged", params)

    async def _request(self, action: str, method: str, params: dict[str, str] | None = None) -> list[Entry]:
        path = f"{self.version}/{quote(self.apikey, safe='')}/{action}/{method}.json"
        failure = _NO_ANSWER
        try:
            url = URL(f"{self._base_url}/{path}", encoded=True)
            async with self._opened().post(url, data=params or {}, allow_redirects=False) as response:
                return _entries(response.status, await _read_capped(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            failure = _NOT_REACHED
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            pass
        # Raised out here, for an error raised above would drag the URL along as its context.
        raise KavenegarError(failure)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                # One connection a batch is cheap; a kept one that went stale makes a batch ambiguous for nothing.
                connector=aiohttp.TCPConnector(force_close=True),
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _read_capped(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _MAX_ANSWER_BYTES:
            raise KavenegarError(_GARBAGE)
    return bytes(body)


def _entries(http_status: int, body: bytes) -> list[Entry]:
    """The entries of a good answer. The HTTP status mirrors the return code, and stands in where that is unreadable."""
    code, entries = _envelope(body)
    if code is None and 400 <= http_status < 500:
        code = http_status
    if code is None and http_status != OK:
        raise KavenegarError(Meaning(Outcome.AMBIGUOUS, f"http_{http_status}"))
    if code is None or (code == OK and (http_status != OK or entries is None)):
        raise KavenegarError(_GARBAGE)
    if code != OK:
        raise KavenegarError(meaning_of(code), code)
    return entries or []


def _envelope(body: bytes) -> tuple[int | None, list[Entry] | None]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    returned = answer.get("return") if isinstance(answer, dict) else None
    code = returned.get("status") if isinstance(returned, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return None, None
    entries = answer.get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return code, None
    return code, entries
