"""`gateway serve` as a process: it says where it is, stops when told, survives kill -9, and gives a demonstration."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from gateway.demonstration.demonstrate import PASSWORD, STAFF
from tests.support.fakes.botapi import TOKEN, FakeBotApi
from tests.support.fakes.kavenegar import FakeKavenegar
from tests.support.process import GatewayProcess, run_gateway
from tests.support.reports import REPORT
from ticketing.procedure_files import load_procedures


async def post(url: str, body: Any, **headers: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as response:
        return response.status, await response.json()


async def get(url: str, **headers: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.json()


async def test_it_serves_stops_in_time_and_keeps_what_it_took_over_kill_9(tmp_path: Path) -> None:
    assert (await run_gateway(tmp_path, "migrate", "--config", await configured(tmp_path)))[0] == 0
    gateway = await GatewayProcess.start(tmp_path)
    assert await get(f"{gateway.url}/readyz") == (200, {"status": "ready"})
    key = {"Idempotency-Key": "the-same"}
    status, first = await post(f"{gateway.url}/api/v1/reports", REPORT, **key)
    assert status == 201
    await gateway.kill()

    gateway = await GatewayProcess.start(tmp_path)
    assert await post(f"{gateway.url}/api/v1/reports", REPORT, **key) == (200, first)
    async with asyncio.timeout(10):
        assert await gateway.stop(signal.SIGTERM) == 0
    assert "Stopped." in gateway.said
    for private in ("9121234567", first["tracking_code"], "سوپرمارکت"):
        assert private not in gateway.log


async def test_a_demonstration_can_be_walked_through_at_once(tmp_path: Path) -> None:
    gateway = await GatewayProcess.start(tmp_path, "--demonstration")
    for username, role, *_ in STAFF[:2]:
        signed_in = await post(f"{gateway.url}/api/v1/staff/login", {"username": username, "password": PASSWORD})
        assert signed_in[0] == 200
        assert signed_in[1]["role"] == role
    token = {"Authorization": f"Bearer {signed_in[1]['token']}"}
    status, page = await get(f"{gateway.url}/api/v1/staff/tickets", **token)
    assert status == 200
    steps = {item["step"] for item in page["items"]}
    known = {step.code for step in load_procedures()["consumer"].steps}
    assert steps == known - {"contacted"}, "the demonstration has a ticket at every step of the desks"
    async with asyncio.timeout(10):
        assert await gateway.stop(signal.SIGINT) == 0
    for said in ("DEMONSTRATION", PASSWORD, "/desk", "/sandbox", *(username for username, *_ in STAFF)):
        assert said in gateway.said


async def test_it_stops_in_time_while_everything_hangs(tmp_path: Path) -> None:
    await configured(tmp_path)
    async with FakeKavenegar() as provider, FakeBotApi() as messenger:
        provider.fail("sendarray", "hang", always=True)
        settings = {
            "sms.provider": "kavenegar",
            "sms.kavenegar": json.dumps({"api_key": provider.api_key, "base_url": provider.url, "sender": "30001240"}),
            "channels.telegram": json.dumps({"enabled": True, "token": TOKEN, "base_url": messenger.base_url}),
        }
        assert (await run_gateway(tmp_path, "migrate", settings=settings))[0] == 0
        gateway = await GatewayProcess.start(tmp_path, settings=settings)
        assert (await post(f"{gateway.url}/api/v1/reports", REPORT))[0] == 201
        await provider.called.wait()
        await messenger.called.wait()
        _, half_sent = await asyncio.open_connection("127.0.0.1", URL(gateway.url).port)
        half_sent.write(b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        await half_sent.drain()
        async with asyncio.timeout(10):
            assert await gateway.stop(signal.SIGINT) == 0
        half_sent.close()
    assert provider.api_key not in gateway.log
    assert TOKEN not in gateway.log


async def configured(folder: Path) -> str:
    """A config.toml in `folder` for free ports; its name."""
    path = folder / "config.toml"
    path.write_text("[http]\nport = 0\n[channels.email]\nport = 0\n", encoding="utf-8")
    return path.name
