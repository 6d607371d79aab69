"""The SMTP server for incoming mail, in the running loop: a mail is handed to `keep`, and 250 said only after that.

It knows who may be written to and how much is too much; it reads no mail and stores none. aiosmtpd is kept on a short
lead where it would lose mail: it cancels a handler when the client hangs up, answers a handler's exception with a
permanent 500, drops mails with long lines, and has no cap on recipients, connections or memory."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

from channels.listening import stop_accepting
from channels.smtp_session import KeptMail, Session, SessionHost, SmtpLimits

Keep = Callable[[bytes, str, tuple[str, ...], str], Awaitable[None]]

_log = logging.getLogger(__name__)


class MailServer(SessionHost):
    """`start` opens the port, `stop` closes it when every mail taken is kept. `port` is the one in use.

    `keep(raw, envelope_from, recipients, peer)` must return only when the mail is durable; what it raises becomes
    451 and the client tries again. `addresses` are those we take mail for; "*" takes any.
    """

    def __init__(
        self,
        keep: Keep,
        addresses: Collection[str],
        *,
        host: str = "127.0.0.1",
        port: int = 8025,
        limits: SmtpLimits | None = None,
        hostname: str = "gateway-124",
    ) -> None:
        # aiosmtpd logs senders, recipients and tracebacks of bad clients under this name.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self.limits = limits or SmtpLimits()
        self.hostname = hostname
        self._keep = keep
        self._addresses = {address.casefold() for address in addresses}
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._sessions: set[Session] = set()
        self._peers: Counter[str] = Counter()
        self._keeping: set[asyncio.Task[str]] = set()
        self._held_bytes = 0

    @property
    def port(self) -> int:
        """The port listened on, once started (it may have been given as 0)."""
        return self._port

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more connections, let the mails being kept be kept and answered, then close the rest."""
        if self._server is None:
            return
        await stop_accepting(self._server)
        self._server.close()
        for session in tuple(self._sessions):
            session.leave()
        if self._keeping:
            await asyncio.wait(self._keeping)
        ending = [session.ended for session in self._sessions]
        if ending:
            await asyncio.wait(ending, timeout=self.limits.farewell_s)
        for session in tuple(self._sessions):
            session.abort()
        await self._server.wait_closed()
        self._server = None

    # What a session asks of its server

    def enter(self, session: Session, peer: str) -> bool:
        """Count a connection in, or say that there are too many."""
        full = len(self._sessions) >= self.limits.connections or self._peers[peer] >= self.limits.connections_per_peer
        if full or self._server is None or not self._server.is_serving():
            return False
        self._sessions.add(session)
        self._peers[peer] += 1
        return True

    def exit(self, session: Session, peer: str) -> None:
        """Count a connection out."""
        self._sessions.discard(session)
        self._peers[peer] -= 1
        if not self._peers[peer]:
            del self._peers[peer]

    def knows(self, address: str) -> bool:
        """Whether mail for `address` is taken here."""
        return "*" in self._addresses or address.casefold() in self._addresses

    def hold(self, size: int) -> bool:
        """Reserve memory for `size` more bytes of mail in flight (negative gives it back); False when there is none."""
        most = max(self.limits.held_bytes, 2 * self.limits.message_bytes)
        if size > 0 and self._held_bytes + size > most:
            return False
        self._held_bytes += size
        return True

    async def take(self, mail: KeptMail) -> str:
        """Keep a mail, whatever becomes of the client, and say with which reply to answer it."""
        task = asyncio.create_task(self._kept(mail))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)
        return await asyncio.shield(task)

    async def _kept(self, mail: KeptMail) -> str:
        try:
            await self._keep(mail.raw, mail.envelope_from, mail.recipients, mail.peer)
        except Exception as error:
            # Neither the client nor the log gets the error's words: a database quotes the mail in them.
            _log.error("mail not kept", extra={"action": "mail_not_kept", "error": type(error).__name__})
            return "451 4.3.0 Not stored, please try again later"
        finally:
            self.hold(-len(mail.raw))
        return "250 2.0.0 OK"
