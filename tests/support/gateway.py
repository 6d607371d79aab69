"""A whole gateway inside the test's own loop, on free loopback ports, its files in a folder that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, Table, select

from gateway.app import Gateway, open_gateway
from gateway.config import Settings, settings_from
from sms.clock import Clock

_PATIENCE_S = 300.0


def settings_for(database_url: str, folder: Path, changes: Mapping[str, Any] | None = None) -> Settings:
    """Settings of a gateway that touches nothing outside `folder`; `changes` are tables as in config.toml."""
    given: dict[str, Any] = {
        "http": {"port": 0},
        "database": {"url": database_url},
        "storage": {"attachments": str(folder / "attachments")},
        "channels": {"email": {"port": 0}},
        "security": {"keys_file": str(folder / "keys")},
    }
    return settings_from(_merged(given, changes or {}))


class Gateways:
    """Starts gateways on one database; they all stop when the test ends."""

    def __init__(self, database_url: str, folder: Path, stack: AsyncExitStack) -> None:
        self.database_url = database_url
        self._folder, self._stack = folder, stack

    async def start(self, changes: Mapping[str, Any] | None = None, *, clock: Clock | None = None) -> Gateway:
        """One more gateway, serving; they share keys and files as one house does."""
        settings = settings_for(self.database_url, self._folder, changes)
        return await self._stack.enter_async_context(open_gateway(settings, clock))


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    both = {**ours, **theirs}
    for name in ours.keys() & theirs.keys():
        if isinstance(ours[name], dict) and isinstance(theirs[name], dict):
            both[name] = _merged(ours[name], theirs[name])
    return both


async def until(gateway: Gateway, holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds, looking after every commit. Raises TimeoutError when it never does."""
    committed = asyncio.Event()

    def look(_touched: set[str]) -> None:
        committed.set()

    gateway.parts.database.writer.on_commit.append(look)
    async with asyncio.timeout(_PATIENCE_S):
        while not await holds():
            await committed.wait()
            committed.clear()


async def rows_of(gateway: Gateway, table: Table) -> Sequence[RowMapping]:
    """Everything in a table, oldest first."""
    return await gateway.parts.database.read(select(table).order_by(table.c.id))
