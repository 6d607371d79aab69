"""Requests and meetings: answered, objected to; a time offered, confirmed, held; lapsed, declined, called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.meetings import CLERK, OFFICE, STARTS_AT, SUPERVISOR, filed, free, opened
from tests.support.reports import AT, text_message
from tests.support.staging import act
from ticketing import desk
from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.sweep import sweep

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
SILENCE = timedelta(hours=48)


class Desk:
    """The service desk with one request to meet an official, who has three free times."""

    def __init__(self, database: Database, rules: Rules, code: str) -> None:
        self.database, self.rules, self.code, self.at = database, rules, code, AT

    async def does(self, action: str, by: Any = CLERK, **body: Any) -> None:
        await act(self.database, self.rules, by, self.code, action, at=self.at, **body)

    async def offers(self) -> None:
        await self.does("offer", slot=(await self.free())[0])

    async def free(self) -> list[str]:
        return await free(self.database, self.at)

    async def hears(self, text: str) -> None:
        await take_in(self.database, self.rules, text_message(text, received_at=self.at))

    async def waits(self, until: datetime) -> None:
        self.at = until
        await sweep(self.database, self.rules, self.at)

    async def ticket(self) -> dict[str, Any]:
        return await desk.get_ticket(self.database, self.rules, SUPERVISOR, self.code, self.at)

    async def stands(self) -> tuple[str, str | None, str | None]:
        ticket = await self.ticket()
        return ticket["step"], ticket["waiting_for"], ticket["outcome"]

    async def states(self) -> list[str]:
        return [each["state"] for each in (await self.ticket())["appointments"]]


@pytest.fixture
async def meeting(database: Database, rules: Rules) -> Desk:
    await opened(database, rules)
    return Desk(database, rules, await filed(database, rules))


async def test_it_is_answered_and_an_objection_goes_up_to_the_supervisor(meeting: Desk) -> None:
    assert await meeting.stands() == ("reviewed", "service_clerk", None)
    await meeting.does("answer", outcome="declined", text="در صلاحیت این سازمان نیست.")
    closed = await meeting.ticket()
    assert [each["step"] for each in closed["notices"]] == [1, 2, 5]
    assert closed["outcome"] == "declined"
    await meeting.does("object", text="قبول ندارم")
    assert await meeting.stands() == ("closed", "supervisor", None)
    await meeting.does("decide", SUPERVISOR, outcome="review")
    await meeting.offers()
    await meeting.hears("1")
    assert await meeting.stands() == ("closed", "office", None)


async def test_a_time_is_confirmed_by_text_and_the_meeting_held_with_its_result(meeting: Desk) -> None:
    await meeting.offers()
    ticket = await meeting.ticket()
    assert (ticket["step"], ticket["waiting_for"]) == ("offered", "citizen")
    asked = ticket["notices"][-1]
    assert asked["kind"] == "question"
    assert "مدیرکل رضا احمدی" in asked["text"]
    assert "پنج‌شنبه ۵ آذر ۱۰:۰۰" in asked["text"]
    await meeting.hears("۱")
    assert await meeting.stands() == ("confirmed", "office", None)
    assert "اتاق ۱۲" in (await meeting.ticket())["replies"][-1]["text"]
    with pytest.raises(Conflict) as early:
        await meeting.does("record", OFFICE, result="missed")
    assert early.value.code == "too_early"
    assert datetime.fromisoformat((await meeting.ticket())["due_at"]) > STARTS_AT
    meeting.at = STARTS_AT + timedelta(hours=1)
    await meeting.does("record", OFFICE, result="held", text="پرونده دوباره بررسی می‌شود.")
    assert await meeting.stands() == ("closed", None, "held")
    assert await meeting.states() == ["held"]
    assert len(await free(meeting.database)) == 2, "what was held is not free again"


@pytest.mark.parametrize(
    ("said", "stands", "states"),
    [
        ("2", ("offered", "service_clerk", None), ["declined"]),
        ("3", ("offered", None, "cancelled"), ["declined"]),
        ("منصرف شدم", ("offered", None, "cancelled"), ["declined"]),
        ("شاید", ("offered", "citizen", None), ["offered"]),
    ],
)
async def test_what_else_is_answered_gives_the_time_back(
    meeting: Desk, said: str, stands: tuple[str, str | None, str | None], states: list[str]
) -> None:
    await meeting.offers()
    await meeting.hears(said)
    assert await meeting.stands() == stands
    assert await meeting.states() == states
    assert len(await meeting.free()) == (2 if states == ["offered"] else 3)


async def test_silence_gives_the_time_back_and_after_the_second_offer_closes(meeting: Desk) -> None:
    await meeting.offers()
    await meeting.waits(AT + SILENCE)
    assert await meeting.stands() == ("offered", "service_clerk", None)
    await meeting.offers()
    await meeting.waits(meeting.at + SILENCE)
    assert await meeting.stands() == ("offered", None, "unanswered")
    assert await meeting.states() == ["lapsed", "lapsed"]
    assert len(await meeting.free()) == 3


async def test_a_meeting_the_office_calls_off_is_told_and_another_time_offered(meeting: Desk) -> None:
    await meeting.offers()
    await meeting.hears("1")
    await meeting.does("record", OFFICE, result="not_held")
    assert await meeting.stands() == ("confirmed", "service_clerk", None)
    assert "برگزار نمی‌شود" in (await meeting.ticket())["replies"][-1]["text"]
    await meeting.offers()
    await meeting.hears("1")
    assert await meeting.stands() == ("confirmed", "office", None)
    assert await meeting.states() == ["cancelled", "confirmed"]
