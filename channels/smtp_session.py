"""One SMTP connection: aiosmtpd's protocol with our reading of DATA, our limits, and no traceback for a bad client."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.errors import MessageError
from typing import Any, Protocol, cast

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Facts

_END = b".\r\n"
_READ_CHUNK = 64 * 1024
# Calls per connection, which also bounds how long one can be held open; who has more mail dials again.
_CALLS = {"*": 1000, "HELO": 20, "EHLO": 20, "NOOP": 50, "HELP": 20, "VRFY": 20, "EXPN": 20, "AUTH": 5}


@dataclass(frozen=True, slots=True)
class SmtpLimits:
    """How much is too much. Sizes in bytes, times in seconds; `held_bytes` is for all mails in flight together."""

    message_bytes: int = 20 * 1024 * 1024
    held_bytes: int = 128 * 1024 * 1024
    recipients: int = 20
    connections: int = 200
    connections_per_peer: int = 64
    command_s: float = 60
    data_s: float = 300
    farewell_s: float = 2


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A whole mail with its envelope, dots unstuffed, its line ends as they came."""

    raw: bytes
    envelope_from: str
    recipients: tuple[str, ...]
    peer: str


class SessionHost(Protocol):
    """What a session needs of its server."""

    limits: SmtpLimits
    hostname: str

    def enter(self, session: Session, peer: str) -> bool: ...
    def exit(self, session: Session, peer: str) -> None: ...
    def knows(self, address: str) -> bool: ...
    def hold(self, size: int) -> bool: ...
    async def take(self, mail: KeptMail) -> str: ...


class _Doorman:
    """aiosmtpd's handler: who may send, to whom, and what to say when a command trips the library."""

    def __init__(self, host: SessionHost) -> None:
        self._host = host

    async def handle_MAIL(self, _server: SMTP, _facts: Facts, envelope: Envelope, address: str, options: Any) -> str:
        if _unspeakable(address):
            return "553 5.1.7 Sender address not understood"
        # The library keeps the null sender as "<>"; an empty one would read as no MAIL at all.
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, _server: SMTP, _facts: Facts, envelope: Envelope, address: str, options: Any) -> str:
        if not self._host.knows(address):
            return "550 5.1.1 No such address here"
        if len(envelope.rcpt_tos) >= self._host.limits.recipients:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_exception(self, _error: Exception) -> str:
        return "451 4.3.0 Command not understood"


class Session(SMTP):
    """One client. Lives until it quits, is cut off by a limit, or `leave` sends it away."""

    line_length_limit = _READ_CHUNK  # the reader's buffer; in DATA a line may be longer, and is read in stretches

    def __init__(self, host: SessionHost) -> None:
        limits = host.limits
        super().__init__(
            _Doorman(host),
            data_size_limit=limits.message_bytes,
            enable_SMTPUTF8=True,
            hostname=host.hostname,
            ident="ready",
            timeout=limits.command_s,
            command_call_limit=_CALLS,
            loop=asyncio.get_running_loop(),
        )
        self.ended: asyncio.Future[None] = self.loop.create_future()
        self._host = host
        self._peer = ""
        self._keeping = self._leaving = self._entered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = transport.get_extra_info("peername")
        self._peer = str(address[0]) if isinstance(address, tuple) else ""
        wire = cast("asyncio.Transport", transport)
        if not self._host.enter(self, self._peer):
            wire.set_protocol(asyncio.Protocol())
            wire.write(b"421 4.7.0 Too many connections, try again later\r\n")
            wire.close()
            return
        self._entered = True
        super().connection_made(transport)
        if self._handler_coroutine is not None:
            self._handler_coroutine.add_done_callback(_look_at)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self._entered:
            self._host.exit(self, self._peer)
            self._entered = False
        if not self.ended.done():
            self.ended.set_result(None)

    def eof_received(self) -> bool | None:
        """A client may close its half after the last dot and still deserves its answer: only the reader is told.

        (The library would cancel whatever is being done.)"""
        return asyncio.StreamReaderProtocol.eof_received(self)

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, asyncio.IncompleteReadError | ConnectionError) and self.transport is not None:
            self.transport.close()
            return "421 4.4.2 Connection ended"
        return await _Doorman(self._host).handle_exception(error)

    def leave(self) -> None:
        """Send the client away: now, or after the answer where a mail of its is being kept."""
        self._leaving = True
        if not self._keeping and isinstance(self.transport, asyncio.WriteTransport):
            if not self.transport.is_closing():
                self.transport.write(b"421 4.3.2 Closing, try again later\r\n")
            self.transport.close()

    def abort(self) -> None:
        """Cut the line."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def _getaddr(self, arg: str) -> Any:
        """The library's address reader, with what it trips over counted as no address (553)."""
        try:
            return super()._getaddr(arg)
        except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
            return None, None

    async def smtp_DATA(self, arg: str) -> None:
        envelope, facts = self.envelope, self.session
        if await self.check_helo_needed() or envelope is None or facts is None:
            return
        if not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._reset_timeout(self._host.limits.data_s)
        intake = _Intake(self._host)
        try:
            await intake.read(self._reader)
            reply = intake.complaint or await self._taken(intake, envelope)
        finally:
            intake.release()
            self.envelope = self._create_envelope()
        await self.push(reply)
        if self._leaving:
            self.leave()

    async def _taken(self, intake: _Intake, envelope: Envelope) -> str:
        sender = envelope.mail_from or ""
        mail = KeptMail(intake.whole(), "" if sender == "<>" else sender, tuple(envelope.rcpt_tos), self._peer)
        self._keeping = True
        try:
            return await self._host.take(mail)
        finally:
            self._keeping = False


class _Intake:
    """Reads one mail up to its lone dot: lines of any length, memory reserved as it grows, the surplus drained.

    The reply to an oversize mail waits for its end, or the client would never read it (RFC 5321 §4.2.5).
    """

    def __init__(self, host: SessionHost) -> None:
        self._host = host
        self._content = bytearray()
        self._held = 0
        self._size = 0
        self.complaint = ""

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Raises IncompleteReadError when the client goes before the end."""
        at_line_start = True
        while True:
            line, ends = await _next_piece(reader)
            if at_line_start and line == _END:
                break
            self._take(line[1:] if at_line_start and line.startswith(b".") else line)
            at_line_start = ends
        if self._size > self._host.limits.message_bytes:
            self.complaint = "552 5.3.4 Message too big"

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self.complaint:
            return
        if self._size > self._held and not self._reserve():
            self.complaint = "452 4.3.1 Too much mail at once, try again later"
            self._drop()
        elif self._size > self._host.limits.message_bytes:
            self.complaint = "552 5.3.4 Message too big"
            self._drop()
        else:
            self._content += piece

    def _reserve(self) -> bool:
        """Reserve ahead in steps; at most what a mail may have."""
        step = max(_READ_CHUNK, self._size - self._held)
        if not self._host.hold(step):
            return False
        self._held += step
        return True

    def whole(self) -> bytes:
        """The mail. Its own length stays reserved until the server has kept it; the rest is given back."""
        raw = bytes(self._content)
        self._content = bytearray()
        self._host.hold(len(raw) - self._held)
        self._held = 0
        return raw

    def _drop(self) -> None:
        self._content = bytearray()
        self.release()

    def release(self) -> None:
        """Give back what is still reserved."""
        self._host.hold(-self._held)
        self._held = 0


async def _next_piece(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """A line with its CRLF, or a stretch of one too long for the buffer; and whether it ends the line.

    Only CRLF ends a line: a bare LF before a dot must not end a mail (smuggling)."""
    try:
        return await reader.readuntil(b"\r\n"), True
    except asyncio.LimitOverrunError as overrun:
        return await reader.read(overrun.consumed), False


def _unspeakable(address: str) -> bool:
    """Bytes that are no UTF-8 come as surrogates, which no column and no log can hold."""
    return any("\ud800" <= mark <= "\udfff" for mark in address)


def _look_at(task: asyncio.Task[None]) -> None:
    """Fetch a session's end, so that a client's rudeness is not reported as our unhandled exception."""
    if not task.cancelled():
        task.exception()
