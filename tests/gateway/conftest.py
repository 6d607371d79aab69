"""Fixtures for the program as a whole."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.support.database import SqliteCopies


@pytest.fixture
async def house(sqlite_copies: SqliteCopies, tmp_path: Path) -> Path:
    """A folder with settings and a migrated, empty database."""
    url = await sqlite_copies.make(tmp_path)
    settings = f'[database]\nurl = "{url}"\n[security]\nkeys_file = "{tmp_path / "keys"}"\n'
    (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
    return tmp_path


@pytest.fixture
def restored_logs() -> Iterator[None]:
    """For tests that set up the log: afterwards it is as it was before."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
