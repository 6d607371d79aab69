"""Clocks of silence run in the background, by the gateway's clock."""

from __future__ import annotations

from gateway.app import Gateway
from sms.providers.provider import Inbound
from sms.tables import notices
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways, rows_of, until
from ticketing.tables import tickets


async def told(gateway: Gateway) -> int:
    return len(await rows_of(gateway, notices))


def look_now(gateway: Gateway) -> None:
    next(loop for loop in gateway.parts.supervisor.loops if loop.name == "sweep").wake.set()


async def test_silence_brings_one_reminder_and_then_the_end(gateways: Gateways) -> None:
    clock = ManualClock()
    gateway = await gateways.start({"channels": {"email": {"enabled": False}}}, clock=clock)
    inbound = Inbound("09121234567", "30001240", "1", "مغازه سر کوچه گران فروخت")
    await gateway.parts.reception.receive_text("sandbox", inbound)
    assert await told(gateway) == 1

    async def reminded() -> bool:
        return await told(gateway) == 2

    async def closed() -> bool:
        return [row["outcome"] for row in await rows_of(gateway, tickets)] == ["unreachable"]

    for hours, holds in ((25, reminded), (73, closed)):
        clock.advance(hours=hours)
        look_now(gateway)  # it may have been at work when the clock was moved
        await until(gateway, holds)
    assert await told(gateway) == 3
