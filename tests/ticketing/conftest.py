"""Fixtures of ticketing's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.staffing import PASSWORD, Login, employ
from tests.support.staging import NOW, hire, member, shipped_rules
from ticketing import staff
from ticketing.database import Database
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.vault import Vault

INSPECTOR_PHONE = "+989351112233"


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """The rules as shipped."""
    return shipped_rules(tmp_path)


@pytest.fixture
async def crew(database: Database, rules: Rules) -> dict[str, Staff]:
    """One of each role in Tehran, the inspector with a phone."""
    crew = {role: member(role) for role in ROLES}
    crew["inspector"] = replace(crew["inspector"], phone=INSPECTOR_PHONE)
    await hire(database, rules.vault, *crew.values())
    return crew


@pytest.fixture
def vault(rules: Rules) -> Vault:
    """The keys of those rules."""
    return rules.vault


@pytest.fixture
async def zahra(database: Database, vault: Vault) -> Staff:
    """An evaluator of Tehran with a phone."""
    return await employ(database, vault, NOW, "zahra", "evaluator", organisation="23", phone="09121234567")


@pytest.fixture
def login(database: Database, vault: Vault, zahra: staff.Staff) -> Login:
    """Sign Zahra in, unless told otherwise."""

    async def sign_in(
        password: str = PASSWORD, totp: str | None = None, at: datetime = NOW, name: str = "zahra", **more: Any
    ) -> tuple[str, Staff]:
        return await staff.login(database, vault, name, password, totp, at, more.pop("require_totp", False), **more)

    return sign_in
