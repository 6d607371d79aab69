"""Citizens' unfinished reports go from the disk by the gateway's clock, whether or not anybody begins another."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from gateway.app import Gateway
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways

KEPT_FOR = {"channels": {"email": {"enabled": False}}, "retention": {"drafts": "2h"}}


def on_disk(gateway: Gateway) -> list[Path]:
    folder = gateway.parts.settings.storage.attachments.with_name("drafts")
    return sorted(folder.iterdir()) if folder.exists() else []


async def sweep_now(gateway: Gateway) -> None:
    await next(loop for loop in gateway.parts.supervisor.loops if loop.name == "drafts").work()


async def answer(gateway: Gateway, category: str) -> None:
    own = {"Origin": gateway.url, "Sec-Fetch-Site": "same-origin"}
    async with (
        aiohttp.ClientSession(gateway.url) as http,
        http.post("/report/subject", data={"category": category}, headers=own, allow_redirects=False) as answer,
    ):
        assert answer.status == 303


async def test_an_old_draft_goes_and_a_young_one_stays(gateways: Gateways) -> None:
    clock = ManualClock()
    gateway = await gateways.start(KEPT_FOR, clock=clock)
    await answer(gateway, "fraud")
    (old,) = on_disk(gateway)
    clock.advance(minutes=90)
    await answer(gateway, "hoarding")
    (young,) = set(on_disk(gateway)) - {old}
    clock.advance(minutes=40)
    await sweep_now(gateway)
    assert on_disk(gateway) == [young]
    clock.advance(hours=2)
    await sweep_now(gateway)
    assert on_disk(gateway) == []
