"""python-telegram-bot bent to our needs: raw updates, no updater, no text of its own in our logs, and its
exceptions translated into the closed set of outcomes.

Updates are taken raw because one odd update (another messenger's dialect) would make the library's own reader raise
for the whole batch, for ever."""

from __future__ import annotations

import json
import logging
import ssl
from functools import cache
from typing import Any, cast

import httpx
import telegram
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from channels.channel import Delivery

ALLOWED_UPDATES = ["message", "callback_query"]
# These put the URL, and in it the token, into their lines.
_LEAKY_LOGGERS = (httpx.__name__, "httpcore", telegram.__name__)
# Transport faults after which the request certainly never left.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class BotFault(Exception):
    """The API failed us; `code` is unreachable, busy, refused, bad_token, conflict or unclear. No text, no URL."""

    def __init__(self, code: str, retry_after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class _Request(HTTPXRequest):
    """The library's transport, except that it logs no payloads, and reads 429 itself (theirs warns)."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError("garbage") from None
        if not isinstance(answer, dict) or ("result" not in answer and answer.get("ok", True) is not False):
            raise TelegramError("garbage")
        parameters = answer.get("parameters")
        wait_s = parameters.get("retry_after") if isinstance(parameters, dict) else None
        if isinstance(wait_s, int | float) and wait_s > 0:
            raise BotFault("busy", float(wait_s))
        return cast("dict[str, Any]", answer)


def _request(connections: int, timeout_s: float) -> _Request:
    return _Request(
        connection_pool_size=connections,
        read_timeout=timeout_s,
        write_timeout=timeout_s,
        connect_timeout=timeout_s,
        pool_timeout=timeout_s,
        httpx_kwargs={"verify": _trusted()},
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are trusted: read once, for every client would read them anew."""
    return httpx.create_ssl_context()


class Api(Bot):
    """A Bot that also hands out updates as they came, and closes without having been initialised.

    `initialize` is never called: it would make the start of the whole program hang on the messenger's getMe.
    """

    def __init__(self, token: str, base_url: str, timeout_s: float) -> None:
        for name in _LEAKY_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._requests = (_request(2, timeout_s), _request(16, timeout_s))
        super().__init__(
            token,
            base_url=base_url,
            base_file_url=file_url(base_url),
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )
        self._timeout_s = timeout_s

    def __repr__(self) -> str:
        return f"Api({self.token.partition(':')[0]})"

    async def updates(self, offset: int, wait_s: int) -> list[dict[str, Any]]:
        """Raw updates from `offset` on, waiting up to `wait_s` for the first; what is no object is left out."""
        wanted = {"offset": offset, "timeout": wait_s, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        result: object = await self._post("getUpdates", wanted, read_timeout=wait_s + self._timeout_s)
        if not isinstance(result, list):
            raise TelegramError("garbage")
        return [update for update in result if isinstance(update, dict)]

    async def release(self) -> None:
        """Close the connections. (The API has a `close` of its own, which moves a bot between servers.)"""
        for request in self._requests:
            await request.shutdown()


def file_url(base_url: str) -> str:
    """Where an API with this base URL keeps its files: `…/bot` → `…/file/bot`."""
    head, slash, tail = base_url.rpartition("/")
    return f"{head}{slash}file/{tail}"


def fault_of(error: Exception) -> BotFault:
    """What went wrong, as a code, whatever the library made of it."""
    if isinstance(error, BotFault):
        return error
    delivery = delivery_of(error)
    codes = {"retry": "unreachable", "paused": "bad_token", "refused": "refused"}
    return BotFault(delivery.reason if delivery.reason == "conflict" else codes.get(delivery.outcome, "unclear"))


def delivery_of(error: Exception) -> Delivery:
    """What became of a message whose sending raised `error`.

    A time-out after the request left is `ambiguous`; one before it (no connection) is `retry`.
    """
    if isinstance(error, BotFault):
        return Delivery("retry", reason=error.code, retry_after_s=error.retry_after_s)
    if isinstance(error.__cause__, TelegramError) or isinstance(error, KeyError):
        # An error page that is not the API's own (a proxy, a filter), or "ok": false without an HTTP status.
        return Delivery("retry", reason="server_error")
    for kind, outcome, reason in _VERDICTS:
        if isinstance(error, kind):
            return Delivery(outcome, reason=reason)
    if isinstance(error, NetworkError):
        return _network_verdict(error.__cause__)
    return Delivery("ambiguous", reason="garbage")


_VERDICTS: tuple[tuple[type[TelegramError], str, str], ...] = (
    (Forbidden, "refused", "blocked"),
    (ChatMigrated, "refused", "moved"),
    (InvalidToken, "paused", "bad_token"),
    (Conflict, "retry", "conflict"),
    (BadRequest, "refused", "bad_request"),  # before NetworkError, whose child it is
)


def _network_verdict(cause: BaseException | None) -> Delivery:
    """`cause` is the transport's exception; none means the server itself answered 5xx, so it took nothing."""
    if isinstance(cause, _UNSENT):
        return Delivery("retry", reason="unreachable")
    if isinstance(cause, httpx.TimeoutException):
        return Delivery("ambiguous", reason="timeout")
    if isinstance(cause, httpx.HTTPError):
        return Delivery("ambiguous", reason="broken_off")
    return Delivery("retry", reason="server_error")
