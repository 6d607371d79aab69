"""The provider's bad days: intake goes on, and in the end every notice has been sent once."""

from __future__ import annotations

import pytest

from tests.acceptance.world import World, open_world
from tests.support.gateway import Gateways
from tests.support.moving import MovingClock
from tests.support.reports import REPORT


@pytest.mark.parametrize("fault", ["hang", "http_500", "html", "code:409", "wrong_count", "truncated", "drop"])
async def test_threats_18_to_20_every_notice_is_sent_once_in_the_end(gateways: Gateways, fault: str) -> None:
    clock = MovingClock()
    async with open_world(gateways, clock=clock, staff=[("ev", "evaluator", {})]) as world:
        world.kavenegar.fail("sendarray", fault, fault)
        for number in range(3):
            status, _ = await world.call("POST", "/api/v1/reports", {**REPORT, "phone": f"0912111000{number}"})
            assert status == 201, "intake does not wait for the provider"
        await world.until(lambda: bool(world.kavenegar.calls("sendarray")))
        clock.hurry()
        await world.until(lambda: len(world.kavenegar.messages) == 6)
        await settled(world)
        assert set(world.kavenegar.really_sent.values()) == {1}
        assert [len(world.texts_to(f"+98912111000{number}")) for number in range(3)] == [2, 2, 2]
        assert world.kavenegar.api_key not in repr(world.gateway.parts)


async def settled(world: World) -> None:
    """Until the gateway itself knows that all six are gone."""

    async def all_accepted() -> bool:
        return {notice["state"] for notice in await notices(world)} == {"accepted"}

    await world.until_true(all_accepted)


async def notices(world: World) -> list[dict[str, str]]:
    _, listed = await world.call("GET", "/api/v1/staff/tickets", by="ev")
    found = [await world.ticket(item["tracking_code"]) for item in listed["items"]]
    return [notice for ticket in found for notice in ticket["notices"]]
