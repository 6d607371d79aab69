"""The real HTTP face over a real socket, on a migrated SQLite file, under a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.citizen import Citizen
from tests.support.clock import ManualClock
from tests.support.database import SqliteCopies
from tests.support.web import Site, open_site


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def overrides() -> dict[str, dict[str, object]]:
    """Settings that differ from the defaults, by section; a test module may override this."""
    return {}


@pytest.fixture
async def site(
    sqlite_copies: SqliteCopies, tmp_path: Path, clock: ManualClock, overrides: dict[str, dict[str, object]]
) -> AsyncIterator[Site]:
    """The site, served on a port of its own."""
    url = await sqlite_copies.make(tmp_path)
    async with open_site(url, tmp_path, clock, overrides) as opened:
        yield opened


@pytest.fixture
async def http(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the site that keeps no cookies and follows nothing by itself."""
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def citizen(site: Site) -> AsyncIterator[Citizen]:
    """A citizen whose browser keeps cookies and runs no scripts."""
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Citizen(site, http)
