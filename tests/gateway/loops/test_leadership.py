"""What must run once runs in one process, and in another when the first is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from gateway.loops.leadership import Leadership
from ticketing.database import Database


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Leadership]:
    """Another gateway's leadership on the same database."""
    async with Database(database_url) as second:
        leadership = Leadership(second)
        yield leadership
        await leadership.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_the_only_process_always_leads(database: Database) -> None:
    assert await Leadership(database).holds("sweep")


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_one_of_two_leads_each_task(database: Database, other: Leadership) -> None:
    first = Leadership(database)
    assert await first.holds("sweep")
    assert await first.holds("sweep")
    assert not await other.holds("sweep")
    assert await other.holds("inbox")
    assert not await first.holds("inbox")
    await first.close()
    assert await other.holds("sweep")


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_leader_whose_connection_breaks_finds_out(database: Database, other: Leadership) -> None:
    first = Leadership(database)
    assert await first.holds("sweep")
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    assert await other.holds("sweep")
    assert not await first.holds("sweep")
    assert not await first.holds("sweep")
    await first.close()
