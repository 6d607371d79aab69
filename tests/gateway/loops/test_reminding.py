"""The organisations' staff are reminded in the background, at the time of the settings, unless these name none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sms.tables import notices
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways, rows_of, settings_for, until
from tests.support.staging import hire, member
from ticketing.asked import Asked
from ticketing.board import open_conversations

BEFORE = datetime(2026, 11, 21, 5, 29, tzinfo=UTC)  # 8:59 in Tehran


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_unread_messages_are_told_of_at_the_time_of_the_settings(gateways: Gateways) -> None:
    clock = ManualClock(BEFORE)
    changes = {"channels": {"email": {"enabled": False}}, "board": {"reminder": "09:00"}}
    gateway = await gateways.start(changes, clock=clock)
    database, rules = gateway.parts.database, gateway.parts.rules
    centre, liaison = member("supervisor", ""), member("liaison", "23", phone="+989121240001")
    await hire(database, rules.vault, centre, liaison)
    await open_conversations(database, Asked(rules, centre, BEFORE), ["23"], "مهلت", "تا شنبه")
    loop = next(each for each in gateway.parts.supervisor.loops if each.name == "reminders")
    assert await loop.work() is False
    assert await rows_of(gateway, notices) == []
    clock.advance(minutes=1)
    loop.wake.set()

    async def told() -> bool:
        return len(await rows_of(gateway, notices)) == 1

    await until(gateway, told)


def test_no_time_is_no_reminder(tmp_path: Path) -> None:
    assert settings_for("sqlite+aiosqlite:///x", tmp_path, {"board": {"reminder": ""}}).board.reminder is None
