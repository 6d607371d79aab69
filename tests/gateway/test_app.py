"""A gateway put together: it refuses what it cannot serve on, says when it is not ready, and goes down in order."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest

from gateway.app import Gateway, open_gateway
from gateway.config import ConfigError
from tests.support.gateway import Gateways, settings_for
from ticketing.tables import cursors
from ticketing.transaction import UnitTransaction
from ticketing.writer import Unavailable, Work

SQLITE_ONLY = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


async def fetch(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


def adding(name: str) -> Work[str]:
    async def work(tx: UnitTransaction) -> str:
        tx.add(cursors, {"name": name, "value": 1})
        return name

    return work


@SQLITE_ONLY
@pytest.mark.parametrize("key", ["http.port", "channels.email.port"])
async def test_a_port_that_is_taken_is_named(gateways: Gateways, key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        changes = {"http": {"port": port}} if key == "http.port" else {"channels": {"email": {"port": port}}}
        with pytest.raises(ConfigError, match=f"^{key}: "):
            await gateways.start(changes)


async def test_an_unmigrated_database_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^database\.url: .*gateway migrate"):
        async with open_gateway(settings_for(f"sqlite+aiosqlite:///{tmp_path}/empty.db", tmp_path)):
            pass


async def test_it_is_ready_and_shows_figures(gateway_server: Gateway) -> None:
    assert await fetch(f"{gateway_server.url}/readyz") == (200, '{"status": "ready"}')
    status, figures = await fetch(f"{gateway_server.url}/metrics")
    assert status == 200
    assert "gateway_writer_backlog 0.0" in figures


@SQLITE_ONLY
async def test_it_is_not_ready_while_the_database_is_away(gateway_server: Gateway, tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "nowhere").replace(tmp_path / "gateway.db")  # at one stroke: a loop may be connecting at this moment
    await gateway_server.parts.database.engine.dispose()
    status, body = await fetch(f"{gateway_server.url}/readyz")
    assert status == 503
    assert '"database"' in body


async def test_going_down_commits_what_waits_and_then_takes_nothing(gateways: Gateways, tmp_path: Path) -> None:
    async with open_gateway(settings_for(gateways.database_url, tmp_path)) as gateway:
        database = gateway.parts.database
        begun = asyncio.create_task(database.write(adding("begun")))
        await asyncio.sleep(0)
    assert await begun == "begun"
    with pytest.raises(Unavailable):
        await database.write(adding("late"))


@SQLITE_ONLY
async def test_a_second_gateway_on_an_sqlite_file_is_refused_until_the_first_is_gone(
    gateways: Gateways, tmp_path: Path
) -> None:
    settings = settings_for(gateways.database_url, tmp_path)
    async with open_gateway(settings):
        with pytest.raises(ConfigError, match=r"^database\.url: another gateway"):
            await gateways.start()
    async with open_gateway(settings):
        pass


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_two_gateways_share_a_postgresql_database(gateways: Gateways) -> None:
    first, second = await gateways.start(), await gateways.start()
    for gateway in (first, second):
        assert (await fetch(f"{gateway.url}/readyz"))[0] == 200
