"""The one place that wires and runs: from settings to a gateway that serves, and back down in order.

Going down, nobody is let in any more and loops end the pass they are at; last, the writer commits what is waiting.
Together that takes less than ten seconds, whatever hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from channels.smtp import MailServer
from gateway import migrations
from gateway.background import OUTBOX, READING, start_background
from gateway.catalogue import load_catalogue
from gateway.clock import SystemClock
from gateway.config import ConfigError, Settings
from gateway.mail import build_mail_server
from gateway.overriding import apply_overrides
from gateway.parts import Parts, build_parts
from gateway.readiness import Readiness
from gateway.serving_lock import serving_alone
from gateway.understanding import use_classifiers
from gateway.web.connections import ListeningSite, Runner
from gateway.web.server import build_application
from gateway.web.services import BotHook, Services
from sms.clock import Clock
from ticketing.guesses import Guesses

log = structlog.get_logger()

_OUTBOX_GRACE_S = 2.0
_LOOPS_GRACE_S = 3.0
_BOTS_GRACE_S = 0.5


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that serves. The ports are those in use; `smtp_port` is 0 while mail is off."""

    parts: Parts
    http_port: int
    smtp_port: int

    @property
    def url(self) -> str:
        """Where it is reached on this machine."""
        host = self.parts.settings.http.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.http_port}"


@asynccontextmanager
async def open_gateway(
    settings: Settings, clock: Clock | None = None, *, prepare: Callable[[Parts], Awaitable[None]] | None = None
) -> AsyncIterator[Gateway]:
    """A gateway serving from entry to exit; `prepare` is done before anybody is let in.

    Raises `ConfigError` (a port that is taken, too), `VaultError`, `Unavailable`.
    """
    await require_schema(settings)
    use_classifiers(settings.understanding.classifiers)
    parts = build_parts(settings, clock or SystemClock())
    async with AsyncExitStack() as stack:
        stack.enter_context(serving_alone(parts.database.url))
        await _open(parts, stack)
        await apply_overrides(parts.settings, parts.rules, parts.database)
        if prepare is not None:
            await prepare(parts)
        doors = _Doors()
        stack.push_async_callback(_go_down, parts, doors)
        smtp_port = await _serve_mail(parts, doors)
        http_port = await _serve_http(parts, doors)
        start_background(parts)
        log.info("serving", http_port=http_port, smtp_port=smtp_port)
        yield Gateway(parts, http_port, smtp_port)
        log.info("stopping")


async def require_schema(settings: Settings) -> None:
    """Raises `ConfigError` unless the database is at the schema this program is written for."""
    now, needed = await migrations.revision_of(settings.database.url.get_secret_value()), migrations.newest()
    if now != needed:
        raise ConfigError(f"database.url: it is at {now or 'no schema'}, {needed} is needed; run `gateway migrate`")


@dataclass(slots=True)
class _Doors:
    """What lets people in, once it is open."""

    mail: MailServer | None = None
    http: Runner | None = None


async def _open(parts: Parts, stack: AsyncExitStack) -> None:
    await stack.enter_async_context(parts.database)
    stack.push_async_callback(parts.provider.close)
    if parts.push_sender is not None:
        stack.push_async_callback(parts.push_sender.close)
    stack.push_async_callback(parts.sister_sender.close)
    stack.push_async_callback(parts.mail_reader.stop)
    stack.push_async_callback(parts.leadership.close)
    for bot in parts.bots:
        stack.push_async_callback(_within, _BOTS_GRACE_S, bot.account.stop)


async def _go_down(parts: Parts, doors: _Doors) -> None:
    """Let nobody in any more and end the loops, side by side: none of them waits for another."""
    closing = [parts.dispatcher.stop(_OUTBOX_GRACE_S), parts.supervisor.stop(_LOOPS_GRACE_S)]
    closing += [door() for door in (doors.mail and doors.mail.stop, doors.http and doors.http.cleanup) if door]
    await asyncio.gather(*closing)


async def _within(grace_s: float, stop: Callable[[], Awaitable[None]]) -> None:
    try:
        async with asyncio.timeout(grace_s):
            await stop()
    except TimeoutError:
        log.warning("a messenger did not let go in time")


async def _serve_mail(parts: Parts, doors: _Doors) -> int:
    if not parts.settings.channels.email.enabled:
        return 0
    server = build_mail_server(parts.settings, parts.reception, parts.clock)
    try:
        await server.start()
    except OSError as error:
        raise ConfigError(f"channels.email.port: {error.strerror or 'cannot be listened on'}") from error
    doors.mail = server
    return server.port


async def _serve_http(parts: Parts, doors: _Doors) -> int:
    table = parts.settings.http
    doors.http = Runner(build_application(_services(parts)))
    await doors.http.setup()
    try:
        await ListeningSite(doors.http, table.host, table.port).start()
    except OSError as error:
        raise ConfigError(f"http.port: {error.strerror or 'cannot be listened on'}") from error
    return int(doors.http.addresses[0][1])


def _services(parts: Parts) -> Services:
    return Services(
        settings=parts.settings,
        database=parts.database,
        rules=parts.rules,
        now=parts.clock.now,
        attachments=parts.files,
        viewer=parts.viewer,
        catalogue=load_catalogue(),
        guesses=Guesses(parts.database, parts.rules, parts.settings.security.tracking_failures),
        provider=parts.provider,
        push=parts.push,
        reception=parts.reception,
        bots={bot.code: BotHook(bot.account, bot.channel) for bot in parts.bots if bot.takes_hooks},
        readiness=Readiness(parts.database, parts.supervisor, (OUTBOX, READING)),
        metrics=parts.registry,
    )
