"""Fixtures every test may use: a real database of each kind, migrated and empty."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import settings

from gateway.app import Gateway
from tests.support.database import DIALECTS, Copies, PostgresCopies, SqliteCopies
from tests.support.gateway import Gateways
from tests.support.postgres import PostgresServer, running_postgres
from ticketing.database import Database

settings.register_profile("suite", deadline=None)  # a busy machine is no finding
settings.load_profile("suite")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# asyncio takes the default handler over in every run, and Python describes the whole task, settings and all, each time
signal.signal(signal.SIGINT, _interrupt)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server. Where it cannot start, tests that need it fail: they are never skipped."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> SqliteCopies:
    return SqliteCopies(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_copies(postgres: PostgresServer) -> PostgresCopies:
    return PostgresCopies(postgres)


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each kind of database."""
    return str(request.param)


@pytest.fixture
def copies(request: pytest.FixtureRequest, dialect: str) -> Copies:
    """Where fresh databases of this dialect come from."""
    source: Copies = request.getfixturevalue("sqlite_copies" if dialect == "sqlite" else "postgres_copies")
    return source


@pytest.fixture
async def database_url(copies: Copies, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a migrated, empty database."""
    url = await copies.make(tmp_path)
    yield url
    await copies.discard(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database, opened; every connection must have been given back when the test ends."""
    async with Database(database_url) as opened:
        yield opened
        assert opened.engine.pool.checkedout() == 0, "a connection was not given back"  # type: ignore[attr-defined]


@pytest.fixture
async def gateways(database_url: str, tmp_path: Path) -> AsyncIterator[Gateways]:
    """Starts whole gateways on one migrated database."""
    async with AsyncExitStack() as stack:
        yield Gateways(database_url, tmp_path, stack)


@pytest.fixture
async def gateway_server(gateways: Gateways) -> Gateway:
    """A whole gateway on free loopback ports, by the system's clock and with settings as they come."""
    return await gateways.start()
