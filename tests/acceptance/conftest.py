"""The whole gateway between loopback providers, with staff for every desk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.world import World, open_world
from tests.support.gateway import Gateways


@pytest.fixture
async def world(gateways: Gateways) -> AsyncIterator[World]:
    async with open_world(gateways) as opened:
        yield opened
