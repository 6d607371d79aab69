"""Whose ticket it is, found by index: also where statistics tell that hardly anybody has a chat."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.support.staging import a_ticket, put
from ticketing.database import Database
from ticketing.matter import open_tickets_from
from ticketing.rules import Rules
from ticketing.ticket import Identity

_MANY = 500
"""Of fewer SQLite would rather read all."""


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # whose statistics count what is not there
@pytest.mark.parametrize("phone_is_known", [True, False])
async def test_senders_tickets_are_found_by_index_though_hardly_anybody_has_a_chat(
    database: Database, rules: Rules, phone_is_known: bool
) -> None:
    phones = [f"+98912{number:07}" for number in range(_MANY)]
    await put(database, rules, *(a_ticket(rules, identity=Identity(phone=each)) for each in phones))
    phone = rules.vault.index("phone", phones[0]) if phone_is_known else None
    asked = open_tickets_from(phone, b"chat").compile(dialect=database.engine.dialect)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
        values = tuple(asked.params[name] for name in asked.positiontup or ())
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)).all()
    steps = [row[3] for row in plan]
    assert any("ix_tickets_voice_index" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
