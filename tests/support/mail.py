"""Builds mails for tests, a client that can misbehave, and a small SMTP relay that fails on request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from channels.channel import Arrival
from channels.listening import stop_accepting

MAILS = Path(__file__).resolve().parent.parent / "channels" / "mails"


def mail(
    text: str = "سوپرمارکت سر کوچه شیر را گران فروخت.",
    *,
    sender: str = "مریم <maryam@example.ir>",
    to: str = "report@124.example",
    subject: str = "شکایت از گران‌فروشی",
    message_id: str | None = "<m1@example.ir>",
    headers: Iterable[tuple[str, str]] = (),
    files: Iterable[tuple[str, bytes, str]] = (),
    html: str | None = None,
) -> bytes:
    """A mail as a common program writes it; `files` are (name, content, media type)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = "Sat, 21 Nov 2026 11:30:00 +0330"
    if message_id is not None:
        message["Message-ID"] = message_id
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content, media_type in files:
        kind, _, subtype = media_type.partition("/")
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def arrival(raw: bytes, **context: Any) -> Arrival:
    """A mail as the gateway hands it to the channel."""
    known = {"envelope_from": "maryam@example.ir"} | context
    return Arrival("report@124.example", raw, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC), known)


def sample(name: str) -> bytes:
    """One of the ugly mails in tests/channels/mails, with the line ends of the wire."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@dataclass
class RawClient:
    """Speaks SMTP by hand, so that it can also do what no client should."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def dial(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def reply(self) -> str:
        """The next reply, its lines joined; "" when the connection is over."""
        lines: list[str] = []
        while line := (await self.reader.readline()).decode():
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    async def say(self, line: str | bytes) -> str:
        raw = line.encode() if isinstance(line, str) else line
        self.writer.write(raw + b"\r\n")
        await self.writer.drain()
        return await self.reply()

    async def greet(self) -> None:
        await self.reply()
        await self.say("EHLO client.example")

    async def begin(self, to: str = "report@124.example", sender: str = "maryam@example.ir") -> str:
        """Up to the 354 of DATA."""
        await self.greet()
        await self.say(f"MAIL FROM:<{sender}>")
        await self.say(f"RCPT TO:<{to}>")
        return await self.say("DATA")

    def hang_up(self) -> None:
        assert self.writer.transport is not None
        self.writer.transport.abort()

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class FakeRelay:
    """Takes mail for the world. `fail` maps a command (MAIL, RCPT, DATA, DOT) to a reply, or to "drop" or "hang"."""

    fail: dict[str, str] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Self:
        self._released = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        await stop_accepting(self._server)
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                command = line[:4].decode().upper().strip()
                await self._answer(command, "354 go on" if command == "DATA" else "250 fine", writer)
                if command == "DATA" and "DATA" not in self.fail:
                    self.received.append(await reader.readuntil(b"\r\n.\r\n"))
                    await self._answer("DOT", "250 queued", writer)
                if command == "QUIT":
                    break
        writer.close()

    async def _answer(self, command: str, usual: str, writer: asyncio.StreamWriter) -> None:
        answer = self.fail.get(command, usual)
        if answer == "hang":
            await self._released.wait()
        if answer in ("drop", "hang"):
            raise ConnectionError
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
