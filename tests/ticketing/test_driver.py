"""What is held back travels with the next statement that wants an answer, and fails with it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ticketing.driver import Driver

_INSERT = "INSERT INTO rows VALUES (?)"


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[Driver]:
    async with Driver(str(tmp_path / "driver.db"), isolation_level=None) as opened:
        await _asked(opened, "CREATE TABLE rows (id INTEGER PRIMARY KEY)")
        yield opened


async def _asked(driver: Driver, statement: str) -> list[tuple[object, ...]]:
    cursor = driver.cursor()
    await cursor.execute(statement)
    return await cursor.fetchall()


def _stored(tmp_path: Path) -> list[int]:
    connection = sqlite3.connect(tmp_path / "driver.db")
    rows = [row[0] for row in connection.execute("SELECT id FROM rows ORDER BY id")]
    connection.close()
    return rows


async def test_commit_takes_along_what_was_held_back(driver: Driver, tmp_path: Path) -> None:
    driver.hold("BEGIN IMMEDIATE")
    await driver.executemany(_INSERT, [(1,), (2,)])
    assert _stored(tmp_path) == []
    await driver.commit()
    assert _stored(tmp_path) == [1, 2]


async def test_a_select_sees_rows_held_back_before_it(driver: Driver) -> None:
    driver.hold("BEGIN IMMEDIATE")
    await driver.executemany(_INSERT, [(1,)])
    assert await _asked(driver, "SELECT id FROM rows") == [(1,)]


async def test_rows_that_are_refused_are_not_committed_by_the_commit_that_brought_them(
    driver: Driver, tmp_path: Path
) -> None:
    driver.hold("BEGIN IMMEDIATE")
    await driver.executemany(_INSERT, [(1,), (1,)])
    with pytest.raises(sqlite3.IntegrityError):
        await driver.commit()
    await driver.rollback()
    assert _stored(tmp_path) == []


async def test_a_database_that_is_held_is_told_by_the_statement_that_begin_travelled_with(
    tmp_path: Path, driver: Driver
) -> None:
    other = sqlite3.connect(tmp_path / "driver.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await _asked(driver, "PRAGMA busy_timeout=0")
    driver.hold("BEGIN IMMEDIATE")
    await driver.executemany(_INSERT, [(1,)])
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await driver.commit()
    other.execute("ROLLBACK")
    other.close()
    await driver.commit()
    assert _stored(tmp_path) == []


async def test_rollback_forgets_what_was_held_back(driver: Driver, tmp_path: Path) -> None:
    driver.hold("BEGIN IMMEDIATE")
    await driver.executemany(_INSERT, [(1,)])
    await driver.rollback()
    await driver.commit()
    assert _stored(tmp_path) == []
