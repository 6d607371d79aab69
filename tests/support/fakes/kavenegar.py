"""A small Kavenegar on loopback: the REST calls we use, as FACTS 1.2 describes them, and its bad days as data.

`fail("sendarray", "hang", "code:409")` breaks the next two calls of that method, `fail(method, fault, always=True)`
every one. What was really sent is counted by local id, so a doubled text shows. Run it by hand with
`python -m tests.support.fakes.kavenegar --port 9124`; `/_/sent`, `/_/fail` and `/_/inbox` steer it from outside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from gateway.web.connections import ListeningSite

Entry = dict[str, Any]
FAULTS = ("hang", "http_500", "html", "wrong_count", "truncated", "drip", "redirect", "huge", "drop")


@dataclass(slots=True)
class Message:
    """A text that was taken."""

    messageid: int
    localid: str
    sender: str
    receptor: str
    message: str
    status: int = 1

    def entry(self) -> Entry:
        return {
            "messageid": self.messageid,
            "message": self.message,
            "status": self.status,
            "statustext": "در صف ارسال",
            "sender": self.sender,
            "receptor": self.receptor,
            "date": int(time.time()),
            "cost": 120,
        }


@dataclass(slots=True)
class InboxRow:
    """A text that came in; `receive` marks it read."""

    messageid: int
    message: str
    sender: str
    receptor: str
    is_read: bool = False

    def entry(self) -> Entry:
        row = asdict(self)
        del row["is_read"]
        return row | {"date": int(time.time())}


@dataclass(slots=True)
class FakeKavenegar:
    """The server. `received` holds every call as (method, form); `messages` what was taken, by message id."""

    api_key: str = "6B65792D666F722D74657374733D3D"
    port: int = 0
    drip_s: float = 1.0
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    by_localid: dict[str, Message] = field(default_factory=dict)
    really_sent: Counter[str] = field(default_factory=Counter)
    inbox: list[InboxRow] = field(default_factory=list)
    bad_receptors: set[str] = field(default_factory=set)
    initial_status: int = 1
    url: str = ""
    _faults: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, str] = field(default_factory=dict)
    _next_id: int = 850_000_000
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> FakeKavenegar:
        app = web.Application()
        app.router.add_route("*", "/v1/{key}/{action}/{method}.json", self._call)
        app.router.add_get("/_/sent", self._show_sent)
        app.router.add_post("/_/fail", self._take_faults)
        app.router.add_post("/_/inbox", self._take_inbox)
        app.router.add_get("/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = ListeningSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, method: str, *faults: str, always: bool = False) -> None:
        """Break the next calls of `method`, one fault each (`hang`, `code:418`, …), or `always` by the one given."""
        if always:
            self._always[method] = faults[0]
        else:
            self._faults[method].extend(faults)

    def heal(self) -> None:
        """Forget every fault that is still to come."""
        self._faults.clear()
        self._always.clear()

    def text_in(self, sender: str, message: str, line: str = "30001240") -> InboxRow:
        """Someone texts the line; the text waits to be received."""
        row = InboxRow(self._new_id(), message, sender, line)
        self.inbox.append(row)
        return row

    def calls(self, method: str) -> list[dict[str, str]]:
        """The forms of every call of `method`, in order."""
        return [form for called, form in self.received if called == method]

    async def deliver_receipts(self, hook_url: str, status: int = 10) -> None:
        """Tell the hook what became of every message taken so far, one GET each, as the panel's push does."""
        async with aiohttp.ClientSession() as session:
            for message in self.messages.values():
                message.status = status
                await session.get(hook_url, params={"messageid": str(message.messageid), "status": str(status)})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
        self.received.append((method, form))
        self.called.set()
        if request.match_info["key"] != self.api_key:
            return _refusal(403)
        fault = self._faults[method].popleft() if self._faults[method] else self._always.get(method, "")
        if fault.startswith("code:"):
            return _refusal(int(fault.removeprefix("code:")))
        handler = self._methods().get((request.match_info["action"], method))
        if handler is None:
            return _refusal(404)
        return await self._spoilt(request, fault, lambda: handler(form))

    def _methods(self) -> dict[tuple[str, str], Callable[[dict[str, str]], list[Entry] | int]]:
        return {
            ("sms", "sendarray"): self._sendarray,
            ("sms", "send"): self._send,
            ("sms", "status"): self._status,
            ("sms", "statuslocalmessageid"): self._status_by_localid,
            ("sms", "receive"): self._receive,
            ("sms", "inboxpaged"): self._inboxpaged,
        }

    async def _spoilt(
        self, request: web.Request, fault: str, handle: Callable[[], list[Entry] | int]
    ) -> web.StreamResponse:
        """Answer, or what `fault` makes of it. All but `http_500` and `redirect` come after it took effect."""
        before: dict[str, Callable[[], web.Response]] = {
            "http_500": lambda: web.Response(status=500, text="Internal Server Error"),
            "redirect": lambda: web.Response(status=302, headers={"Location": f"{self.url}/elsewhere"}),
        }
        if fault in before:
            return before[fault]()
        answer = handle()
        body = _body(answer)
        if fault == "hang":
            await self._closing.wait()
        if fault == "drop" and request.transport is not None:
            request.transport.close()
        if fault == "drip":
            return await _streamed(request, (body[i : i + 1] for i in range(len(body))), self._pause)
        if fault == "huge":
            return await _streamed(request, (b" " * 65536 for _ in range(3200)), self._no_pause)
        if fault == "html":
            return web.Response(text="<html><body>OK</body></html>", content_type="text/html")
        if fault == "truncated":
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        if fault == "wrong_count" and isinstance(answer, list):
            return web.Response(body=_body(answer[:-1]), content_type="application/json")
        status = answer if isinstance(answer, int) else 200
        return web.Response(status=_http(status), body=body, content_type="application/json")

    async def _pause(self) -> bool:
        try:
            await asyncio.wait_for(self._closing.wait(), self.drip_s)
        except TimeoutError:
            return True
        return False

    async def _no_pause(self) -> bool:
        return not self._closing.is_set()

    def _sendarray(self, form: dict[str, str]) -> list[Entry] | int:
        try:
            receptors, senders, texts = (json.loads(form[name]) for name in ("receptor", "sender", "message"))
            localids = json.loads(form["localmessageids"]) if "localmessageids" in form else [""] * len(receptors)
        except (KeyError, ValueError):
            return 400
        if len({len(receptors), len(senders), len(texts), len(localids)}) != 1:
            return 419
        if len(receptors) > 200:
            return 414
        if any(receptor in self.bad_receptors or not receptor for receptor in receptors):
            return 411
        if any(not text or len(text) > 900 for text in texts):
            return 413
        calls = zip(receptors, senders, texts, localids, strict=True)
        return [self._taken(receptor, sender, text, str(localid)).entry() for receptor, sender, text, localid in calls]

    def _send(self, form: dict[str, str]) -> list[Entry] | int:
        if not form.get("receptor") or not form.get("message"):
            return 406
        receptors = form["receptor"].split(",")
        localids = form.get("localid", "").split(",") if form.get("localid") else [""] * len(receptors)
        sender, text = form.get("sender", "10004346"), form["message"]
        return [self._taken(r, sender, text, localid).entry() for r, localid in zip(receptors, localids, strict=True)]

    def _taken(self, receptor: str, sender: str, text: str, localid: str) -> Message:
        known = self.by_localid.get(localid) if localid else None
        if known is not None:
            return known
        message = Message(self._new_id(), localid, sender, receptor, text, self.initial_status)
        self.messages[message.messageid] = message
        self.really_sent[localid] += 1
        if localid:
            self.by_localid[localid] = message
        return message

    def _status(self, form: dict[str, str]) -> list[Entry] | int:
        ids = form.get("messageid", "").split(",")
        if len(ids) > 500:
            return 414
        return [_status_entry(int(one), self.messages.get(int(one))) for one in ids]

    def _status_by_localid(self, form: dict[str, str]) -> list[Entry] | int:
        ids = form.get("localid", "").split(",")
        if len(ids) > 500:
            return 414
        known = [(localid, self.by_localid.get(localid)) for localid in ids]
        return [
            _status_entry(message.messageid if message else 0, message) | {"localid": localid}
            for localid, message in known
        ]

    def _receive(self, form: dict[str, str]) -> list[Entry] | int:
        wanted = form.get("isread") == "1"
        rows = [row for row in self.inbox if row.is_read is wanted and row.receptor == form.get("linenumber")][:100]
        for row in rows:
            row.is_read = True
        return [row.entry() for row in rows]

    def _inboxpaged(self, form: dict[str, str]) -> list[Entry] | int:
        wanted, page = form.get("isread") == "1", int(form.get("pagenumber", "1"))
        rows = [row for row in self.inbox if row.is_read is wanted and row.receptor == form.get("linenumber")]
        return [row.entry() for row in rows[(page - 1) * 200 : page * 200]]

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    async def _elsewhere(self, _request: web.Request) -> web.Response:
        self.received.append(("elsewhere", {}))
        return web.json_response({"return": {"status": 200, "message": ""}, "entries": []})

    async def _show_sent(self, _request: web.Request) -> web.Response:
        texts = [asdict(message) for message in self.messages.values()]
        return web.json_response({"really_sent": self.really_sent, "messages": texts})

    async def _take_faults(self, request: web.Request) -> web.Response:
        for method, faults in (await request.json()).items():
            self.fail(method, *faults)
        return web.Response(status=204)

    async def _take_inbox(self, request: web.Request) -> web.Response:
        for row in await request.json():
            self.text_in(row["from"], row["message"], row.get("to", "30001240"))
        return web.Response(status=204)


def _status_entry(messageid: int, message: Message | None) -> Entry:
    return {"messageid": messageid, "status": message.status if message else 100, "statustext": ""}


def _body(answer: list[Entry] | int) -> bytes:
    code, entries = (answer, None) if isinstance(answer, int) else (200, answer)
    envelope = {"return": {"status": code, "message": "تایید شد" if code == 200 else "خطا"}, "entries": entries}
    return json.dumps(envelope, ensure_ascii=False).encode()


def _http(code: int) -> int:
    return code if code < 600 else 400


def _refusal(code: int) -> web.Response:
    return web.Response(status=_http(code), body=_body(code), content_type="application/json")


async def _streamed(
    request: web.Request, chunks: Iterable[bytes], go_on: Callable[[], Awaitable[bool]]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        for chunk in chunks:
            if not await go_on():
                break
            await response.write(chunk)
    except ConnectionError:
        return response  # the client has seen enough
    return response


async def _serve(port: int, api_key: str) -> None:
    async with FakeKavenegar(api_key=api_key, port=port) as fake:
        print(f"{fake.url}/v1/{fake.api_key}/", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9124)
    parser.add_argument("--api-key", default=FakeKavenegar().api_key)
    arguments = parser.parse_args()
    try:
        asyncio.run(_serve(arguments.port, arguments.api_key))
    except KeyboardInterrupt:
        print("stopped")
