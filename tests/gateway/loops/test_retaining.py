"""The gateway keeps to the terms of [retention] by itself."""

from __future__ import annotations

from gateway.app import Gateway
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways, rows_of, until
from ticketing.desk_tables import sign_ins
from ticketing.sign_ins import record
from ticketing.transaction import UnitTransaction


async def write_one(gateway: Gateway, clock: ManualClock) -> None:
    async def work(tx: UnitTransaction) -> None:
        record(tx, gateway.parts.rules.vault, None, "refused", clock.now(), "")

    await gateway.parts.database.write(work)


async def test_sign_ins_are_kept_for_their_term(gateways: Gateways) -> None:
    clock = ManualClock()
    settings = {"channels": {"email": {"enabled": False}}, "retention": {"sign_ins": "30d"}}
    gateway = await gateways.start(settings, clock=clock)
    await write_one(gateway, clock)
    clock.advance(hours=24 * 31)
    await write_one(gateway, clock)
    next(loop for loop in gateway.parts.supervisor.loops if loop.name == "retention").wake.set()

    async def is_kept() -> bool:
        return [row["at"] for row in await rows_of(gateway, sign_ins)] == [clock.now()]

    await until(gateway, is_kept)
