"""A small Bot API on loopback: keeps updates until they are confirmed, remembers what was sent, fails on request.

`fail_next(mode)` makes the coming calls of a method go wrong: "500", "html", "429", "403", "400", "401", "409",
"garbage", "drop" (connection closed), "hang" (accepted, never answered), "not_ok" (ok: false under HTTP 200).
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from gateway.web.connections import ListeningSite

TOKEN = "7001:test-token-never-to-be-seen"
PERSON = {"id": 501, "is_bot": False, "first_name": "مریم", "last_name": "احمدی", "language_code": "fa"}
_STATUS = {"500": 500, "html": 502, "403": 403, "400": 400, "401": 401, "409": 409}


@dataclass(frozen=True)
class Call:
    """One request as it came: the method and its form fields, JSON fields decoded."""

    method: str
    fields: Mapping[str, Any]


@dataclass
class FakeBotApi:
    """`async with FakeBotApi() as api:` — then `api.base_url`, `api.push_text(...)`, `api.sent`."""

    token: str = TOKEN
    port: int = 0
    received: list[Call] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    webhook: str = ""

    def __post_init__(self) -> None:
        self._updates: deque[dict[str, Any]] = deque()
        self._failures: dict[str, deque[tuple[str, float]]] = defaultdict(deque)
        self._arrived = asyncio.Event()
        self._released = asyncio.Event()
        self.called = asyncio.Event()
        self._next_update, self._next_message = 1, 100
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def sent(self) -> list[Mapping[str, Any]]:
        """The fields of every sendMessage, in order."""
        return [call.fields for call in self.received if call.method == "sendMessage"]

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = ListeningSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        self._arrived.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def fail_next(self, mode: str, *, method: str = "sendMessage", times: int = 1, retry_after: float = 7) -> None:
        self._failures[method].extend([(mode, retry_after)] * times)

    # What people do in a chat

    def push_update(self, body: dict[str, Any], update_id: int | None = None) -> dict[str, Any]:
        """Queue an update as the API would hold it (for polling); returns it whole (for a hook)."""
        update = {"update_id": self._next_update if update_id is None else update_id, **body}
        self._next_update = update["update_id"] + 1
        self._updates.append(update)
        self._arrived.set()
        return update

    def push_message(self, chat: int = 501, **fields: Any) -> dict[str, Any]:
        self._next_message += 1
        head = {"message_id": self._next_message, "date": 1795248000, "chat": {"id": chat, "type": "private"}}
        return self.push_update({"message": head | {"from": PERSON | {"id": chat}} | fields})

    def push_text(self, text: str, chat: int = 501) -> dict[str, Any]:
        return self.push_message(chat, text=text)

    def push_contact(self, phone: str, chat: int = 501, owner: int | None = None) -> dict[str, Any]:
        contact = {"phone_number": phone, "first_name": "مریم", "user_id": chat if owner is None else owner}
        return self.push_message(chat, contact=contact)

    def push_location(self, lat: float, lon: float, chat: int = 501) -> dict[str, Any]:
        return self.push_message(chat, location={"latitude": lat, "longitude": lon})

    def push_photo(self, content: bytes, caption: str = "", chat: int = 501) -> dict[str, Any]:
        file_id = f"photo-{len(self.files) + 1}"
        self.files[file_id] = content
        sizes = [{"file_id": f"{file_id}-small", "width": 90}, {"file_id": file_id, "width": 1280}]
        return self.push_message(chat, photo=sizes, **({"caption": caption} if caption else {}))

    def push_button(self, data: str, chat: int = 501, message_id: int | None = None) -> dict[str, Any]:
        message = {"message_id": message_id or self._next_message, "chat": {"id": chat, "type": "private"}}
        query = {"id": f"q{self._next_update}", "from": PERSON | {"id": chat}, "data": data}
        return self.push_update({"callback_query": query | {"message": message | {"date": 1795248000}}})

    def buttons(self, index: int = -1) -> list[tuple[str, str]]:
        """(data, label) of every inline button of a sent message, top to bottom."""
        rows = self.sent[index].get("reply_markup", {}).get("inline_keyboard", [])
        return [(key["callback_data"], key["text"]) for row in rows for key in row]

    # The API

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields = {name: _decoded(value) for name, value in {**request.query, **await request.post()}.items()}
        self.received.append(Call(method, fields))
        self.called.set()
        if request.match_info["token"] != self.token:
            return _failure(401, "Unauthorized")
        if self._failures[method]:
            return await self._fail(request, method, fields, *self._failures[method].popleft())
        return web.json_response({"ok": True, "result": await self._answer(method, fields)})

    async def _fail(
        self, request: web.Request, method: str, fields: dict[str, Any], mode: str, retry_after: float
    ) -> web.StreamResponse:
        if mode == "429":
            parameters = {"retry_after": retry_after}
            return _failure(429, f"Too Many Requests: retry after {retry_after}", parameters=parameters)
        if mode == "html":
            return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
        if mode == "not_ok":
            return web.json_response({"ok": False, "error_code": 500, "description": "Internal"})
        await self._answer(method, fields)
        if mode == "garbage":
            return web.Response(text='{"ok": tru', content_type="application/json")
        if mode in ("hang", "drop"):
            if mode == "hang":
                await self._released.wait()
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return _failure(_STATUS[mode], f"refused with {mode}")

    async def _answer(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await self._wait_for_updates(fields)
        if method == "getMe":
            return {"id": 7001, "is_bot": True, "first_name": "124", "username": "gateway_124_bot"}
        if method == "sendMessage":
            self._next_message += 1
            chat = {"id": int(fields["chat_id"]), "type": "private"}
            return {"message_id": self._next_message, "date": 1795248000, "chat": chat, "text": fields["text"]}
        if method == "getFile":
            file_id = fields["file_id"]
            return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"files/{file_id}"}
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = fields.get("url", "")
        return True

    async def _wait_for_updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        """Everything before `offset` is confirmed and forgotten; then what there is, or what comes in time."""
        offset = int(fields.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates and int(fields.get("timeout", 0)):
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), int(fields["timeout"]))
            except TimeoutError:
                return []
        return list(self._updates)[: int(fields.get("limit", 100))]

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"].removeprefix("files/"))
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content)


def _decoded(value: Any) -> Any:
    """A form field as the API reads it: JSON where it is an object or a list, else the text."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _failure(status: int, description: str, **more: Any) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, **more}
    return web.json_response(body, status=status)


async def _main(port: int, token: str) -> None:
    async with FakeBotApi(token=token, port=port) as api:
        print(f"base_url {api.base_url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A Bot API on loopback, for trying things out.")
    arguments.add_argument("--port", type=int, default=8081)
    arguments.add_argument("--token", default=TOKEN)
    given = arguments.parse_args()
    asyncio.run(_main(given.port, given.token))
