"""Fixtures of ticketing's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.staging import shipped_rules
from ticketing.rules import Rules


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """The rules as shipped."""
    return shipped_rules(tmp_path)
