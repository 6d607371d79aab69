"""Chromium in front of the real site; where there is no Chromium, each test is skipped by name.

One Chromium serves all tests of a process, each in a context of its own: they share an event loop, for a browser is
spoken to from the loop that started it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.chromium import CHROMIUM, PATIENCE_MS, running_chromium
from tests.support.clock import ManualClock
from tests.support.database import SqliteCopies
from tests.support.web import Site, open_site

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if pytest_asyncio.is_async_test(item):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest_asyncio.fixture(loop_scope="session")
async def site(sqlite_copies: SqliteCopies, tmp_path: Path) -> AsyncIterator[Site]:
    url = await sqlite_copies.make(tmp_path)
    async with open_site(url, tmp_path, ManualClock(), {}) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_chromium() as running:
        yield running


@pytest.fixture
def scripts() -> bool:
    """Whether scripts run; a test may override this."""
    return True


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, site: Site, scripts: bool) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 740},
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        java_script_enabled=scripts,
    )
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A phone's page. No test may leave an error of a script, or a breach of the content policy, behind."""
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert wrong == []
