"""Stopped in mid-conversation and started again: SMS and bot go on where they were; a replayed hook changes nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import select

from sms.tables import notices
from tests.acceptance.world import World, open_world
from tests.support.gateway import Gateways
from ticketing.tables import tickets

WORDS = "از یک مغازه خرید کردم و برنج را خیلی گران‌فروشی کرد"


async def only_ticket(world: World) -> dict[str, object]:
    rows = await world.gateway.parts.database.read(select(tickets))
    assert len(rows) == 1
    return dict(rows[0])


async def test_a_conversation_by_sms_goes_on_after_a_restart(database_url: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack)) as world:
        await world.text_in("09121234567", WORDS, "one")
        await world.until(lambda: len(world.texts_to("+989121234567")) == 1)
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack), staff=()) as world:
        await world.text_in("09121234567", "فروشگاه نور", "two")
        await world.until(lambda: len(world.texts_to("+989121234567")) == 1)
        await world.text_in("09121234567", "اصفهان", "three")
        await world.until(lambda: len(world.texts_to("+989121234567")) == 2)
        ticket = await only_ticket(world)
        assert (ticket["step"], ticket["business_name"], ticket["province"]) == (2, "فروشگاه نور", "10")


async def test_a_conversation_with_the_bot_goes_on_after_a_restart(database_url: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack)) as world:
        world.bots.push_text(WORDS)
        await world.until(lambda: len(world.bots.sent) == 1)
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack), staff=()) as world:
        for count in range(2):  # the fake counts its updates anew: those two were seen before the restart
            world.bots.push_text(f"پیش از این {count}")
        world.bots.push_text("فروشگاه نور")
        await world.until(lambda: len(world.bots.sent) >= 1)
        world.bots.push_location(32.65, 51.67)
        await world.until(lambda: len(world.bots.sent) >= 2)
        world.bots.push_contact("989121234567")
        await world.until(lambda: bool(world.texts_to("+989121234567")))
        ticket = await only_ticket(world)
        assert (ticket["step"], ticket["province"]) == (2, "10")


async def test_threats_29_and_30_a_hook_fifty_times_and_again_after_a_restart(
    database_url: str, tmp_path: Path
) -> None:
    said = "سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است"
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack)) as world:
        answers = await asyncio.gather(*(world.text_in("09121234567", said, "same") for _ in range(50)))
        assert set(answers) == {200}
        await world.until(lambda: len(world.texts_to("+989121234567")) == 2)
    async with AsyncExitStack() as stack, open_world(Gateways(database_url, tmp_path, stack), staff=()) as world:
        assert await world.text_in("09121234567", said, "same") == 200
        await only_ticket(world)
        rows = await world.gateway.parts.database.read(select(notices.c.kind, notices.c.step))
        assert sorted((row["kind"], row["step"]) for row in rows) == [("step", 1), ("step", 2)]
