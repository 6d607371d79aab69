"""Drafts: sealed, one's own, given back, and gone once they are filed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.staging import NOW, hire, member
from ticketing.database import Database
from ticketing.desk_tables import drafts
from ticketing.drafts import KEPT, drafts_of, forget, keep
from ticketing.rules import Rules
from ticketing.tables import reports
from ticketing.transaction import LookUp, UnitTransaction

MINE, THEIRS = member("operator", id=801), member("operator", id=802, username="another")


@pytest.fixture(autouse=True)
async def hired(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, MINE, THEIRS)


async def kept(database: Database, rules: Rules, staff_id: int = MINE.id) -> dict[str, str]:
    found = await drafts_of(database, rules.vault, staff_id, "call", NOW)
    return {each.form_id: each.body["text"] for each in found}


async def test_draft_is_given_back_to_its_writer_only(database: Database, rules: Rules) -> None:
    await keep(database, rules.vault, MINE.id, "call", "f1", {"text": "گران"}, NOW)
    await keep(database, rules.vault, MINE.id, "call", "f1", {"text": "گران‌فروشی"}, NOW)
    assert await kept(database, rules) == {"f1": "گران‌فروشی"}
    assert await kept(database, rules, THEIRS.id) == {}


async def test_words_of_a_draft_are_sealed(database: Database, rules: Rules) -> None:
    await keep(database, rules.vault, MINE.id, "call", "f1", {"text": "secret words"}, NOW)
    (row,) = await database.read(select(drafts))
    assert b"secret" not in row["body"]


async def test_newest_draft_comes_first_and_a_forgotten_one_is_gone(database: Database, rules: Rules) -> None:
    for minutes, form_id in enumerate(("f1", "f2", "f3")):
        at = NOW - timedelta(minutes=minutes)
        await keep(database, rules.vault, MINE.id, "call", form_id, {"text": form_id}, at)
    await forget(database, MINE.id, "call", "f2")
    await forget(database, MINE.id, "call", "f2")
    assert list(await kept(database, rules)) == ["f1", "f3"]


async def test_late_draft_of_a_filed_form_brings_nothing_back(database: Database, rules: Rules) -> None:
    look_up = LookUp(reports, ("channel", "account", "external_id"), ("phone", "calls", "f1"))

    async def file(tx: UnitTransaction) -> None:
        row = {"id": 1, "channel": "phone", "account": "calls", "external_id": "f1", "state": "ticketed"}
        tx.add(reports, {**row, "raw": b"", "received_at": NOW})

    await database.write(file)
    body = {"text": "گران"}
    assert not await keep(database, rules.vault, MINE.id, "call", "f1", body, NOW, filed_as=[look_up])
    assert await kept(database, rules) == {}


async def test_old_drafts_and_too_many_make_room(database: Database, rules: Rules) -> None:
    await keep(database, rules.vault, THEIRS.id, "call", "old", {"text": "old"}, NOW - KEPT - timedelta(hours=1))
    for number in range(23):
        at = NOW + timedelta(seconds=number)
        await keep(database, rules.vault, MINE.id, "call", f"f{number}", {"text": str(number)}, at)
    assert list(await kept(database, rules)) == [f"f{number}" for number in range(22, 2, -1)]
    assert len(await database.read(select(drafts))) == 20
