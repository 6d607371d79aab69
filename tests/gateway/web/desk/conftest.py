"""Who sits at the desks that the tests of several files look at."""

from __future__ import annotations

import aiohttp
import pytest

from tests.support.desk_pages import sign_in
from tests.support.web import Site


@pytest.fixture
async def boss(http: aiohttp.ClientSession, site: Site) -> str:
    """An administrator's cookie."""
    await site.add_staff("boss", "admin")
    return await sign_in(http, "boss")
