"""Fresh migrated databases for tests: each a copy of a template that was migrated once a session, or one emptied."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from pathlib import Path
from typing import Protocol

from gateway.migrations import upgrade
from tests.support.postgres import PostgresServer

DIALECTS = ("sqlite", "postgresql")
_TEMPLATE = "migrated"


class Copies(Protocol):
    """Hands out fresh databases by URL, and takes them back."""

    async def make(self, folder: Path) -> str: ...

    async def discard(self, url: str) -> None: ...


class SqliteCopies:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        asyncio.run(upgrade(f"sqlite+aiosqlite:///{self._template}"))

    async def make(self, folder: Path) -> str:
        """A copy in `folder`."""
        path = folder / "gateway.db"
        shutil.copyfile(self._template, path)
        return f"sqlite+aiosqlite:///{path}"

    async def discard(self, url: str) -> None:
        """Nothing: the folder goes as a whole."""


class PostgresCopies:
    """Copies of one migrated database. Making and dropping one is dear: it is emptied for the next."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._emptied: list[str] = []
        self._numbers = itertools.count(1)
        asyncio.run(self._prepare())

    async def _prepare(self) -> None:
        await self._server.hurry()
        await self._server.create(_TEMPLATE)
        await upgrade(self._server.url(_TEMPLATE))

    async def make(self, folder: Path) -> str:
        """A database of the server that nobody else has; `folder` is not needed."""
        if self._emptied:
            return self._server.url(self._emptied.pop())
        name = f"test_{next(self._numbers)}"
        await self._server.create(name, template=_TEMPLATE)
        return self._server.url(name)

    async def discard(self, url: str) -> None:
        """Empty it, for the next who asks."""
        name = url.partition("@/")[2].partition("?")[0]
        await self._server.empty(name)
        self._emptied.append(name)
