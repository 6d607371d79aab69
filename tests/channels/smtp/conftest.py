"""A mail server on loopback, in front of a keeper that can be slow and can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from channels.smtp import MailServer
from channels.smtp_session import SmtpLimits
from tests.support.mail import RawClient


@dataclass
class Keeper:
    """Stands where the database does: it can be slow, and it can fail."""

    kept: list[tuple[bytes, str, tuple[str, ...], str]] = field(default_factory=list)
    error: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, raw: bytes, sender: str, recipients: tuple[str, ...], peer: str) -> None:
        self.reached.set()
        await self.gate.wait()
        if self.error:
            raise self.error
        self.kept.append((raw, sender, recipients, peer))
        self.done.set()


@pytest.fixture
def keeper() -> Keeper:
    keeper = Keeper()
    keeper.gate.set()
    return keeper


Open = Callable[..., Awaitable[MailServer]]


@pytest.fixture
async def opened(keeper: Keeper) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_server(limits: SmtpLimits | None = None) -> MailServer:
            server = MailServer(keeper, ["Report@124.example"], port=0, limits=limits)
            await server.start()
            stack.push_async_callback(server.stop)
            return server

        yield open_server


@pytest.fixture
async def server(opened: Open) -> MailServer:
    return await opened()


@pytest.fixture
async def client(server: MailServer) -> AsyncIterator[RawClient]:
    client = await RawClient.dial(server.port)
    yield client
    await client.close()
