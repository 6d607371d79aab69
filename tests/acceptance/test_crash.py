"""The short version of `make crash`, and one hook that comes fifty times at once and again after kill -9."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import aiohttp
from sqlalchemy import select

from sms.tables import notices
from tests.crash.campaign import run_campaign, settings_for
from tests.crash.citizens import SECRET
from tests.support.fakes.kavenegar import FakeKavenegar
from tests.support.process import GatewayProcess, run_gateway
from ticketing.database import Database
from ticketing.tables import tickets

SAID = {
    "from": "09121234567",
    "to": "30001240",
    "messageid": "777",
    "message": "سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است",
}


async def test_threats_1_and_2_kill_9_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    verdict = await run_campaign(tmp_path, kills=3, seed=7)
    assert verdict.clean, verdict


async def test_threats_29_and_30_a_hook_fifty_times_and_again_after_kill_9(tmp_path: Path) -> None:
    async with FakeKavenegar() as provider, aiohttp.ClientSession() as session:
        settings = settings_for(provider)
        (tmp_path / "config.toml").write_text("[http]\nport = 0\n[channels.email]\nport = 0\n", encoding="utf-8")
        assert (await run_gateway(tmp_path, "migrate", settings=settings))[0] == 0

        async def hook(gateway: GatewayProcess) -> int:
            url = f"{gateway.url}/hooks/kavenegar/{SECRET}/inbound"
            async with session.post(url, data=SAID) as answer:
                return answer.status

        gateway = await GatewayProcess.start(tmp_path, settings=settings)
        assert set(await asyncio.gather(*(hook(gateway) for _ in range(50)))) == {200}
        await gateway.kill()
        gateway = await GatewayProcess.start(tmp_path, settings=settings)
        assert set(await asyncio.gather(*(hook(gateway) for _ in range(50)))) == {200}
        assert await gateway.stop(signal.SIGTERM) == 0
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/var/gateway.db") as database:
        opened = await database.read(select(tickets.c.id))
        said = await database.read(select(notices.c.kind, notices.c.step))
    assert len(opened) == 1
    assert sorted((row["kind"], row["step"]) for row in said) == [("step", 1), ("step", 2)]
    assert set(provider.really_sent.values()) <= {1}
