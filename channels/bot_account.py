"""One enabled bot on one Bot API: fetches updates, talks back, fetches files. It stores nothing itself.

An update is confirmed (by the next offset) only after `keep` has returned for it, so a crash repeats and never loses
one. The token rides in every URL: no exception, log line or repr of this module carries a URL or a library's text."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from channels.bot import handle
from channels.bot_api import Api, BotFault, delivery_of, fault_of
from channels.channel import Delivery

Keep = Callable[[dict[str, Any]], Awaitable[None]]
Choices = Sequence[Sequence[str]]

MAX_TEXT_UNITS = 4096
MAX_BUTTON_BYTES = 64
MAX_FILE_BYTES = 20 * 1024 * 1024
_SHARING = ("contact", "location")
_WIDE_LABEL = 18

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Messenger:
    """What tells one messenger from another: its name, where its API lives, and in which header its hooks carry
    the secret (None where they have it in the path only)."""

    code: str
    base_url: str
    secret_header: str | None


class FileRefused(Exception):
    """A file that will not be fetched; the text is a code: file_too_big, file_gone."""


class BotAccount:
    """A bot account: `start`, then `poll_once` in a loop or updates by hook, `send`, `fetch`, `stop`.

    `offset` is the first update not yet confirmed: set it from the store before the first poll.
    """

    def __init__(
        self,
        messenger: Messenger,
        token: str,
        *,
        base_url: str = "",
        secret: str = "",
        timeout_s: float = 10,
        poll_s: int = 25,
    ) -> None:
        url = base_url or messenger.base_url
        self.code = messenger.code
        self.account = token.partition(":")[0]
        self.offset = 0
        self._messenger, self._secret, self._poll_s, self._timeout_s = messenger, secret, poll_s, timeout_s
        self._api = Api(token, url, timeout_s)
        self._answers: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"BotAccount({self.code}, {self.account})"

    async def start(self, hook_url: str = "") -> None:
        """Tell the API how updates are to come: by `hook_url`, or by polling where it is empty.

        Raises BotFault when the API cannot be reached or refuses the token; call again later.
        """
        try:
            if hook_url:
                signature = self._secret if self._messenger.secret_header and self._secret else None
                await self._api.set_webhook(hook_url, secret_token=signature, drop_pending_updates=False)
            else:
                await self._api.delete_webhook(drop_pending_updates=False)
        except Exception as error:  # whatever it is, its text may carry the URL
            raise fault_of(error) from None

    async def stop(self) -> None:
        """Let the last button answers finish and close every connection."""
        if self._answers:
            await asyncio.wait(self._answers)
        await self._api.release()

    async def poll_once(self, keep: Keep) -> int:
        """One long poll: every update is handed to `keep`, then counted as confirmed. Returns how many came.

        What `keep` raises ends the batch and is raised here, the offset standing before that update.
        Raises BotFault when the API fails; its `retry_after_s` says how long to leave it alone.
        """
        try:
            updates = await self._api.updates(self.offset, self._poll_s)
        except Exception as error:
            raise fault_of(error) from None
        for update in updates:
            await keep(update)
            update_id = update.get("update_id")
            if isinstance(update_id, int):
                self.offset = max(self.offset, update_id + 1)
            self.acknowledge(update)
        return len(updates)

    def acknowledge(self, update: Mapping[str, Any]) -> None:
        """Stop the waiting mark on a pressed button, in the background: a courtesy, whose failure costs nothing."""
        query = update.get("callback_query")
        query_id = query.get("id") if isinstance(query, Mapping) else None
        if isinstance(query_id, str) and query_id:
            task = asyncio.create_task(self._answer(query_id))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._api.answer_callback_query(query_id)
        except Exception as error:
            _log.info("button answer failed", extra={"action": "bot_answer_failed", "code": fault_of(error).code})

    async def send(self, chat: str, text: str, choices: Choices = (), question: str = "") -> Delivery:
        """Say `text` in `chat`, with `choices` as [value, label] buttons that come back as `<question>:<value>`.

        The values `contact` and `location` become the buttons that share the phone and the place. Never raises:
        the Delivery says what happened, `provider_id` being the message's thread handle.
        """
        if len(text.encode("utf-16-le", "replace")) // 2 > MAX_TEXT_UNITS:
            return Delivery("refused", reason="text_too_long")
        markup = _markup(choices, question)
        if markup is _UNFIT:
            return Delivery("refused", reason="button_too_long")
        try:
            message = await self._api.send_message(chat, text, reply_markup=markup)
        except Exception as error:
            return delivery_of(error)
        return Delivery("accepted", provider_id=handle(chat, message.message_id))

    async def fetch(self, source: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """The content of the file `source`. Raises FileRefused (never to be had) or BotFault (try later)."""
        try:
            async with asyncio.timeout(6 * self._timeout_s):
                file = await self._api.get_file(source)
                if (file.file_size or 0) > max_bytes:
                    raise FileRefused("file_too_big")
                if not file.file_path:
                    raise FileRefused("file_gone")
                return await _download(file.file_path, max_bytes)
        except FileRefused:
            raise
        except Exception as error:
            fault = fault_of(error)
            if fault.code == "refused":
                raise FileRefused("file_gone") from None
            raise fault from None

    def admits(self, headers: Mapping[str, str], path_secret: str) -> bool:
        """Says whether a hook call is the messenger's: its secret in the path, and in the header where it signs."""
        if not self._secret or not _same(path_secret, self._secret):
            return False
        header = self._messenger.secret_header
        signed = headers.get(header) if header else None
        return signed is None or _same(signed, self._secret)


_UNFIT = InlineKeyboardMarkup(())


def _markup(choices: Choices, question: str) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """The keyboard for `choices`; None for none, `_UNFIT` where a button would not fit the API."""
    if not choices:
        return None
    if any(value in _SHARING for value, _ in choices):
        keys = [
            [KeyboardButton(label, request_contact=value == "contact", request_location=value == "location")]
            for value, label in choices
        ]
        return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True)
    data = [f"{question}:{value}" for value, _ in choices]
    if any(len(each.encode()) > MAX_BUTTON_BYTES for each in data):
        return _UNFIT
    buttons = [InlineKeyboardButton(label, callback_data=each) for (_, label), each in zip(choices, data, strict=True)]
    width = 1 if any(len(label) > _WIDE_LABEL for _, label in choices) else 2
    return InlineKeyboardMarkup([buttons[start : start + width] for start in range(0, len(buttons), width)])


async def _download(url: str, max_bytes: int) -> bytes:
    """The bytes at `url`, given up as soon as they are too many; redirects are not followed (they could leave)."""
    async with (
        aiohttp.ClientSession(trust_env=True, auto_decompress=False) as session,
        session.get(url, allow_redirects=False) as response,
    ):
        if response.status != 200:
            raise FileRefused("file_gone") if response.status == 404 else BotFault("busy")
        content = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            content += chunk
            if len(content) > max_bytes:
                raise FileRefused("file_too_big")
    return bytes(content)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
