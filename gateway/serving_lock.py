"""One gateway at a time on an SQLite file: a second one would take the first one's notices for a dead process's.

The lock is SQLite's own, on an empty file beside the database, so it works wherever SQLite does and ends with the
process however that ends. On PostgreSQL any number may serve.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy.engine import make_url

from gateway.config import ConfigError


@contextmanager
def serving_alone(database_url: str) -> Iterator[None]:
    """Held while this gateway serves. Raises `ConfigError` where another one does."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with closing(sqlite3.connect(f"{url.database}-serving", isolation_level=None, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ConfigError("database.url: another gateway is serving on this file") from error
        yield
