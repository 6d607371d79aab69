"""The schema's history, and bringing a database up to it. Each step is one numbered file in `versions`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ticketing.database import open_engine


def newest() -> str:
    """The revision a database must be at for this program to run on it."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the program comes with migrations"  # noqa: S101
    return head


async def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database to `revision`; all of it or nothing. Several processes may call this at once."""
    engine = open_engine(database_url, writes=True, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


async def revision_of(database_url: str) -> str | None:
    """The revision the database is at, None when it is empty."""
    engine = open_engine(database_url, writes=False, pool_size=1)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda plain: MigrationContext.configure(plain).get_current_revision())
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
