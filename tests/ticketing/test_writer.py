"""The one writer: groups, isolation of failures, and what later units see."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from sms.tables import metadata
from ticketing.database import Database
from ticketing.tables import cursors, staff
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.writer import Unavailable


def add(name: str, value: int = 0) -> Any:
    async def work(tx: UnitTransaction) -> str:
        tx.add(cursors, {"name": name, "value": value})
        return name

    return work


async def names(database: Database) -> set[str]:
    return {row["name"] for row in await database.read(select(cursors.c.name))}


async def test_waiting_units_are_committed_as_one_group(database: Database) -> None:
    commits: list[set[str]] = []
    database.writer.on_commit.append(commits.append)
    await asyncio.gather(*(database.write(add(f"n{i}")) for i in range(50)))
    assert len(await names(database)) == 50
    assert len(commits) == 1
    assert commits[0] == {"cursors"}


async def test_a_unit_that_raises_fails_alone(database: Database) -> None:
    async def broken(tx: UnitTransaction) -> None:
        tx.add(cursors, {"name": "never", "value": 1})
        raise LookupError("mine")

    results = await asyncio.gather(
        database.write(add("a")), database.write(broken), database.write(add("b")), return_exceptions=True
    )
    assert isinstance(results[1], LookupError)
    assert await names(database) == {"a", "b"}


async def test_a_unit_that_wrote_and_raised_leaves_nothing(database: Database) -> None:
    async def broken(tx: UnitTransaction) -> None:
        await tx.execute(insert(cursors).values(name="never", value=1))
        raise LookupError("mine")

    results = await asyncio.gather(
        database.write(add("a")), database.write(broken), database.write(add("b")), return_exceptions=True
    )
    assert isinstance(results[1], LookupError)
    assert await names(database) == {"a", "b"}


async def test_a_constraint_in_the_group_is_heard_by_the_guilty_unit_only(database: Database) -> None:
    results = await asyncio.gather(
        database.write(add("a")), database.write(add("b")), database.write(add("a")), return_exceptions=True
    )
    assert results[:2] == ["a", "b"]
    assert type(results[2]).__name__ == "IntegrityError"
    assert await names(database) == {"a", "b"}
    assert await database.write(add("c")) == "c"


async def test_later_units_see_earlier_ones_through_fetched_look_ups(database: Database) -> None:
    look_up = LookUp(cursors, ("name",), ("same",))

    async def once(tx: UnitTransaction) -> str:
        if await tx.find(look_up):
            return "found"
        tx.add(cursors, {"name": "same", "value": 1})
        return "made"

    results = await asyncio.gather(*(database.write(once, [look_up]) for _ in range(20)))
    assert results.count("made") == 1
    assert results.count("found") == 19


async def test_a_statement_makes_fetched_look_ups_stale(database: Database) -> None:
    await database.write(add("x", 1))
    look_up = LookUp(cursors, ("name", "value"), ("x", 1))

    async def change(tx: UnitTransaction) -> None:
        await tx.execute(update(cursors).where(cursors.c.name == "x").values(value=2))

    async def look(tx: UnitTransaction) -> int:
        return len(await tx.find(look_up))

    _, seen = await asyncio.gather(database.write(change, [look_up]), database.write(look, [look_up]))
    assert seen == 0


@pytest.mark.parametrize("reads", [True, False], ids=["a read between", "a write between"])
async def test_rows_sent_early_are_seen_by_the_look_ups_of_later_units(database: Database, reads: bool) -> None:
    look_up = LookUp(cursors, ("name",), ("early",))

    async def between(tx: UnitTransaction) -> None:
        if reads:
            await tx.rows(select(cursors))
        else:
            await tx.execute(update(staff).values(disabled=False))

    async def look(tx: UnitTransaction) -> int:
        return len(await tx.find(look_up))

    units = [database.write(add("early"), [look_up]), database.write(between), database.write(look, [look_up])]
    assert (await asyncio.gather(*units))[2] == 1


async def test_a_unit_sees_its_own_rows_through_a_fetched_look_up(database: Database) -> None:
    look_up = LookUp(cursors, ("name",), ("own",))

    async def work(tx: UnitTransaction) -> int:
        tx.add(cursors, {"name": "own", "value": 1})
        await tx.rows(select(cursors))
        return len(await tx.find(look_up))

    assert await asyncio.gather(database.write(work, [look_up]), database.write(add("other"))) == [1, "other"]


async def test_a_cancelled_caller_changes_nothing(database: Database) -> None:
    task = asyncio.create_task(database.write(add("kept")))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.write(add("after"))
    assert await names(database) == {"kept", "after"}


async def test_stop_commits_what_waits_and_refuses_what_comes_later(database: Database) -> None:
    waiting = asyncio.create_task(database.write(add("waiting")))
    await asyncio.sleep(0)
    await database.writer.stop()
    assert await waiting == "waiting"
    with pytest.raises(Unavailable):
        await database.write(add("late"))


async def test_threat_5_a_full_disk_refuses_the_write_and_recovers_unaided(tmp_path: Path) -> None:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/full.db") as opened:
        async with opened.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await opened.write(limit_pages(below_what_is_used=True))
        with pytest.raises(Unavailable):
            await opened.write(add("x" * 5000))
        await opened.write(limit_pages(below_what_is_used=False))
        assert await opened.write(add("y" * 5000)) == "y" * 5000
        assert await names(opened) == {"y" * 5000}


def limit_pages(*, below_what_is_used: bool) -> Any:
    async def work(tx: UnitTransaction) -> None:
        pages = 1 if below_what_is_used else 1_000_000
        await tx.execute(text(f"PRAGMA max_page_count = {pages}"))

    return work


async def test_a_database_that_is_not_there_is_unavailable_not_lost() -> None:
    async with Database("postgresql+asyncpg://nobody@127.0.0.1:1/none") as opened:
        with pytest.raises(Unavailable):
            await opened.write(add("a"))
        with pytest.raises(Unavailable):
            await opened.read(select(cursors))
