"""Whom a ticket may be handed to: those who work for its organisation, the least loaded inspector first."""

from __future__ import annotations

from pathlib import Path

from tests.support import staging
from tests.support.staging import a_ticket, close, hire, member, put
from ticketing.database import Database
from ticketing.dispatching import Inspector, list_bodies, list_inspectors
from ticketing.states import State
from ticketing.tables import staff
from ticketing.transaction import UnitTransaction

OUT = State(4, "inspector")


async def test_inspectors_come_with_their_load(database: Database, tmp_path: Path) -> None:
    rules = staging.shipped_rules(tmp_path)
    busy, idle, national = (
        member("inspector", where, username=name) for name, where in (("busy", "23"), ("idle", "23"), ("national", ""))
    )
    far, gone = member("inspector", "10", username="far"), member("inspector", "23", username="gone")
    await hire(database, rules.vault, busy, idle, national, far, gone, member("dispatcher"))
    done = a_ticket(rules, OUT, inspector=busy.id)
    await put(database, rules, *(a_ticket(rules, OUT, inspector=busy.id) for _ in range(2)), done)
    await close(database, rules, done, "withdrawn")

    async def dismiss(tx: UnitTransaction) -> None:
        await tx.execute(staff.update().where(staff.c.id == gone.id).values(disabled=True))

    await database.write(dismiss)
    assert await list_inspectors(database.read, "23") == [
        Inspector("idle", "23", 0),
        Inspector("national", "", 0),
        Inspector("busy", "23", 2),
    ]
    assert {each.username for each in await list_inspectors(database.read, "")} == {"busy", "far", "idle", "national"}


async def test_bodies_are_those_with_an_officer_here(database: Database, tmp_path: Path) -> None:
    rules = staging.shipped_rules(tmp_path)
    grocers = member("self_regulator", "23", username="g", body="grocers")
    officers = (grocers, member("self_regulator", "23", username="g2", body="grocers"))
    others = (
        member("self_regulator", "10", username="b", body="bakers"),
        member("self_regulator", "", username="c", body="carmaker"),
        member("self_regulator", "23", username="any"),
    )
    await hire(database, rules.vault, *officers, *others)
    assert await list_bodies(database.read, "23") == ["carmaker", "grocers"]
    assert await list_bodies(database.read, "") == ["bakers", "carmaker", "grocers"]
