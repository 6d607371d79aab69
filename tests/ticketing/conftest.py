"""Fixtures of ticketing's tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.staging import hire, member, shipped_rules
from ticketing.database import Database
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.staff import Staff

INSPECTOR_PHONE = "+989351112233"


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """The rules as shipped."""
    return shipped_rules(tmp_path)


@pytest.fixture
async def crew(database: Database, rules: Rules) -> dict[str, Staff]:
    """One of each role in Tehran, the inspector with a phone."""
    staff = {role: member(role) for role in ROLES}
    staff["inspector"] = replace(staff["inspector"], phone=INSPECTOR_PHONE)
    await hire(database, rules.vault, *staff.values())
    return staff
