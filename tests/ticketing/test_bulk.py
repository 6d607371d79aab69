"""Bulk inserts write what the toolkit would have written, whatever the type."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from ticketing.database import Database
from ticketing.tables import tickets
from ticketing.transaction import UnitTransaction

AT = datetime(2026, 11, 21, 8, 0, 0, 120, tzinfo=timezone(timedelta(hours=3, minutes=30)))
ROW: dict[str, Any] = {
    "id": 2**62,
    "code": b"\x00sealed",
    "code_index": b"index",
    "procedure": "consumer",
    "channel": "web",
    "language": "fa",
    "step": 1,
    "opened_at": AT,
    "updated_at": AT,
    "text": "متن با نیم‌فاصله و 'نقل'",
    "happened_on": date(2026, 11, 20),
    "lat": 35.7,
    "damages_rial": 10**15,
    "missing": ["phone", "کالا"],
    "last_event": 3,
    "last_hash": b"\xff",
}


def adding(row: dict[str, Any]) -> Any:
    async def work(tx: UnitTransaction) -> None:
        tx.add(tickets, row)

    return work


async def test_every_type_reads_back_as_it_was_and_defaults_are_filled_in(database: Database) -> None:
    await database.write(adding(ROW))
    stored = (await database.read(select(tickets)))[0]
    assert {name: stored[name] for name in ROW} == {**ROW, "opened_at": AT, "updated_at": AT}
    assert stored["opened_at"].tzinfo == UTC
    assert (stored["status"], stored["version"], stored["anonymous"], stored["urgent"]) == ("open", 1, False, False)
    found = await database.read(select(tickets.c.id).where(tickets.c.opened_at == AT))
    assert len(found) == 1, "a bulk insert writes moments as the toolkit looks for them"


async def test_the_hour_a_clock_shows_twice_is_written_as_two_moments(database: Database) -> None:
    first = datetime(2021, 9, 21, 23, 30, tzinfo=ZoneInfo("Asia/Tehran"))
    await database.write(adding({**ROW, "opened_at": first, "updated_at": first.replace(fold=1)}))
    stored = (await database.read(select(tickets)))[0]
    assert stored["updated_at"] - stored["opened_at"] == timedelta(hours=1)


async def test_a_column_the_table_does_not_have_is_an_error_not_silence(database: Database) -> None:
    with pytest.raises(KeyError, match="colour"):
        await database.write(adding({**ROW, "colour": "red"}))


async def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive"):
        await database.write(adding({**ROW, "opened_at": datetime(2026, 11, 21)}))  # noqa: DTZ001
