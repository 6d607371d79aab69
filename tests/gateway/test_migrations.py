"""Migrations lead to the schema the program is written for, on both databases, and say so in order."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from gateway import migrations
from sms.tables import metadata
from tests.support.postgres import PostgresServer
from ticketing.database import Database, open_engine
from ticketing.searching import OWN_NAMES

MANUAL = Path(__file__).parents[2] / "config.toml"
VERSIONS = sorted((Path(migrations.__file__).parent / "versions").glob("0*.py"))


async def migrate_elsewhere(url: str) -> int:
    """Migrate in a process of its own; its exit code."""
    environment = {**os.environ, "GATEWAY_DATABASE__URL": url}
    command = (sys.executable, "-m", "gateway.cli", "migrate", "--config", str(MANUAL))
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    return await process.wait()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"include_name": is_the_programs})
    return list(compare_metadata(context, metadata))


def is_the_programs(name: str | None, _kind: str, _of: object) -> bool:
    """False for what a database's own index of words consists of."""
    return name not in OWN_NAMES


async def test_the_migrated_schema_is_the_programs(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_empty_database_has_no_revision_and_a_migrated_one_the_newest(
    tmp_path: Path, database_url: str
) -> None:
    assert await migrations.revision_of(f"sqlite+aiosqlite:///{tmp_path}/empty.db") is None
    assert await migrations.revision_of(database_url) == migrations.newest()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrations.upgrade(database_url)
    assert await migrations.revision_of(database_url) == migrations.newest()


async def test_two_processes_may_migrate_at_once(postgres: PostgresServer) -> None:
    await postgres.create("twice")
    url = postgres.url("twice")
    assert await asyncio.gather(migrate_elsewhere(url), migrate_elsewhere(url)) == [0, 0]
    assert await migrations.revision_of(url) == migrations.newest()
    await postgres.drop("twice")


async def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/half.db"
    engine = open_engine(url, writes=True, pool_size=1)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE tickets (id INTEGER)")  # in the way of the first migration
    with pytest.raises(Exception, match="already exists"):
        await migrations.upgrade(url)
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert [row[0] for row in rows] == ["tickets"]
    await engine.dispose()


def test_files_are_numbered_and_named_by_their_revision() -> None:
    for number, path in enumerate(VERSIONS, start=1):
        assert path.name.startswith(f"{number:04d}_")
        assert re.search(rf'^revision = "{number:04d}"$', path.read_text(encoding="utf-8"), re.MULTILINE)
