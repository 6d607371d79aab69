"""The message board: who sees which conversation, what is unread, who read it; nothing is lost or told twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sms.tables import notices
from tests.support.staging import NOW, a_ticket, errors_of, hire, member, put
from ticketing.asked import Asked
from ticketing.board import ADDRESSEES, mark_read, open_conversations, set_open, write_message
from ticketing.board_reminders import is_time, remind
from ticketing.board_tables import board_messages, conversations
from ticketing.board_view import Wanted, count_unread, get_conversation, list_conversations
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, NotFound
from ticketing.idempotency import keyed
from ticketing.mentions import codes_in
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.working_time import WorkingTime

ELEVEN = time(11)
CENTRE = member("supervisor", "", username="maryam")
TEHRAN = member("liaison", "23", username="ali", phone="+989121240001")
COLLEAGUE = member("liaison", "23", username="reza", phone="+989121240002")
GILAN = member("liaison", "01", username="sima", phone="+989121240003")
OPERATOR = member("operator", "23")
# Written out by hand: who sees the conversation of the centre with Tehran that the centre began, and may close it.
SEEN = [(CENTRE, True, True), (TEHRAN, True, False), (GILAN, False, False), (OPERATOR, False, False)]


@pytest.fixture(autouse=True)
async def staff(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, CENTRE, TEHRAN, COLLEAGUE, GILAN, OPERATOR)


class Board:
    """The board as the tests use it."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self.database, self.rules = database, rules

    def asked(self, staff: Staff, key: str | None = None, body: str = "") -> Asked:
        request = keyed(self.rules.vault, "board", key, body.encode()) if key else None
        return Asked(self.rules, staff, NOW, request)

    async def began(self, staff: Staff, *to: str, text: str = "سلام", key: str | None = None) -> str:
        """The id of the first of the conversations."""
        opened = await open_conversations(self.database, self.asked(staff, key), to, "مهلت پاسخ", text)
        return str(opened["conversations"][0]["id"])

    async def wrote(self, staff: Staff, conversation: str, text: str = "پاسخ") -> int:
        return int((await write_message(self.database, self.asked(staff), conversation, text))["number"])

    async def shown(self, staff: Staff, conversation: str, **more: Any) -> dict[str, Any]:
        return await get_conversation(self.database.read, self.rules, staff, conversation, **more)

    async def listed(self, staff: Staff, **wanted: Any) -> dict[str, Any]:
        return await list_conversations(self.database.read, self.rules, staff, Wanted(**wanted))

    async def unread(self, staff: Staff) -> int:
        return await count_unread(self.database.read, staff)

    async def read(self, staff: Staff, conversation: str, number: int, at: datetime = NOW) -> None:
        await mark_read(self.database, staff, conversation, number, at)


@pytest.fixture
def board(database: Database, rules: Rules) -> Board:
    return Board(database, rules)


async def test_who_sees_and_closes_a_conversation(board: Board) -> None:
    conversation = await board.began(CENTRE, "23", "10")
    for staff, sees, closes in SEEN:
        assert [each["organisation"] for each in (await board.listed(staff))["items"]].count("23") == sees
        closing = set_open(board.database, board.asked(staff), conversation, is_open=False)
        if closes:
            assert (await closing)["status"] == "closed"
            await set_open(board.database, board.asked(staff), conversation, is_open=True)
        else:
            with pytest.raises(Forbidden if sees else NotFound):
                await closing
        if not sees:
            for refused in (board.shown(staff, conversation), board.wrote(staff, conversation)):
                with pytest.raises(NotFound):
                    await refused
    with pytest.raises(Forbidden):
        await board.began(OPERATOR, "23")
    assert await errors_of(board.began(TEHRAN, "01", text=" ")) == {"organisations": "not_allowed", "text": "required"}
    assert await errors_of(board.began(CENTRE)) == {"organisations": "required"}
    assert await errors_of(board.began(CENTRE, "", "77")) == {"organisations": "not_allowed"}


async def test_unread_is_what_the_other_side_wrote_and_one_has_not_seen(board: Board) -> None:
    conversation = await board.began(CENTRE, "23")
    await board.wrote(CENTRE, conversation)
    assert [await board.unread(each) for each in (TEHRAN, COLLEAGUE, CENTRE, GILAN, OPERATOR)] == [2, 2, 0, 0, 0]
    await board.read(TEHRAN, conversation, 1)
    await board.read(TEHRAN, conversation, 1, NOW + timedelta(hours=1))
    assert [await board.unread(each) for each in (TEHRAN, COLLEAGUE)] == [1, 2]
    assert await board.wrote(TEHRAN, conversation) == 3
    await board.read(COLLEAGUE, conversation, 99, NOW + timedelta(hours=2))
    first, second, own = (await board.shown(CENTRE, conversation))["messages"]
    assert first["read_by"] == [
        {"username": "ali", "at": NOW.isoformat()},
        {"username": "reza", "at": (NOW + timedelta(hours=2)).isoformat()},
    ]
    assert [each["username"] for each in second["read_by"]] == ["reza"]
    assert (own["read_by"], own["is_new"], await board.unread(CENTRE)) == ([], True, 1)
    seen = await board.shown(TEHRAN, conversation)
    assert [each["is_new"] for each in seen["messages"]] == [False, True, False]
    assert [each["read_by"] for each in seen["messages"]] == [[], [], []]  # the centre's receipts are the centre's


async def test_who_follows_somebody_begins_where_they_were(board: Board) -> None:
    conversation = await board.began(CENTRE, "23")
    await board.read(TEHRAN, conversation, 1, NOW - timedelta(days=1))
    await board.wrote(CENTRE, conversation)
    successor = member("liaison", "23", username="leila")
    await hire(board.database, board.rules.vault, successor)
    assert await board.unread(successor) == 1


async def test_what_is_unread_comes_first_even_if_it_is_closed_and_pages_leave_none_out(board: Board) -> None:
    ids = [await board.began(CENTRE, "23") for _ in range(4)]
    for number in (1, 3):
        await board.read(TEHRAN, ids[number], 1)
    await set_open(board.database, board.asked(CENTRE), ids[0], is_open=False)
    listed, after = [], ""
    while after is not None:
        page = await board.listed(TEHRAN, limit=1, after=after)
        listed += [each["id"] for each in page["items"]]
        after = page["next_cursor"]
    assert listed == [ids[2], ids[0], ids[3], ids[1]]
    assert [each["id"] for each in (await board.listed(CENTRE, status="closed"))["items"]] == [ids[0]]
    assert (await board.listed(CENTRE, organisation="01"))["items"] == []
    assert await errors_of(board.listed(TEHRAN, after="2.x")) == {"cursor": "wrong_value"}


async def test_a_message_goes_to_all_at_once_is_sealed_and_is_posted_only_once(board: Board) -> None:
    for _ in range(2):
        await board.began(CENTRE, *ADDRESSEES, text="متن محرمانه", key="k")
    rows = await board.database.read(select(conversations.c.organisation, conversations.c.subject))
    assert sorted(row["organisation"] for row in rows) == sorted(ADDRESSEES)
    assert len(ADDRESSEES) == 32
    texts = [row["text"] for row in await board.database.read(select(board_messages.c.text))]
    assert not any("محرمانه".encode() in text for text in texts)


async def test_messages_written_at_once_are_all_kept_and_none_into_a_closed_conversation(board: Board) -> None:
    conversation = await board.began(TEHRAN)
    numbers = await asyncio.gather(*(board.wrote(each, conversation) for each in (TEHRAN, CENTRE, COLLEAGUE)))
    assert sorted(numbers) == [2, 3, 4]
    shown = await board.shown(CENTRE, conversation)
    assert [each["number"] for each in shown["messages"]] == [1, 2, 3, 4]
    assert (shown["is_all"], shown["unread"]) == (True, 3)
    assert [each["number"] for each in (await board.shown(TEHRAN, conversation, before=3))["messages"]] == [1, 2]
    await set_open(board.database, board.asked(TEHRAN), conversation, is_open=False)
    with pytest.raises(Conflict, match="conversation_closed"):
        await board.wrote(CENTRE, conversation)


async def test_a_code_leads_to_its_ticket_only_for_who_may_see_it(board: Board, database: Database) -> None:
    ours, theirs, nobodys = (
        a_ticket(board.rules, organisation=each, procedure="guild_body") for each in ("23", "01", "23")
    )
    await put(database, board.rules, ours, theirs)
    persian = ours.code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    grouped = f"\u2066{persian[:4]}–{persian[4:8]}\u00a0{persian[8:]}\u2069"
    text = f"پرونده‌های {grouped}\r\n\r\nو {theirs.code}، نه {nobodys.code}"
    assert codes_in(text) == [ours.code, theirs.code, nobodys.code]
    conversation = await board.began(CENTRE, "23", text=text)
    seen = {staff: (await board.shown(staff, conversation))["messages"][0] for staff in (CENTRE, TEHRAN)}
    assert seen[CENTRE]["tickets"] == [ours.code, theirs.code]
    assert seen[TEHRAN]["tickets"] == [ours.code]
    assert seen[TEHRAN]["text"] == text


async def test_one_text_a_day_to_everybody_with_unread_messages(board: Board, database: Database) -> None:
    conversation = await board.began(CENTRE, "23")
    for _ in range(2):
        await board.wrote(CENTRE, conversation)
    await board.read(COLLEAGUE, conversation, 3)
    async with Database(database.url) as elsewhere:
        both = await asyncio.gather(*(remind(each, board.rules, ELEVEN, NOW) for each in (database, elsewhere)))
    assert sorted(both) == [0, 1]
    await board.began(CENTRE, "01")
    assert await remind(database, board.rules, ELEVEN, NOW + timedelta(hours=3)) == 0
    assert await remind(database, board.rules, ELEVEN, NOW + timedelta(days=1)) == 2
    rows = await database.read(select(notices).order_by(notices.c.id))
    said = [board.rules.vault.unseal("notices.body", row["id"], row["body"]) for row in rows]
    assert "۳" in said[0]
    assert [(row["kind"], row["medium"], row["ticket_id"]) for row in rows] == [("board", "sms", None)] * 3


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), False),  # a Saturday, 8:29 in Tehran
        (datetime(2026, 11, 21, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 10, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 11, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), False),  # a Friday
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_reminders_have_their_time_on_days_that_are_worked(at: datetime, due: bool) -> None:
    assert is_time(at, time(8, 30), WorkingTime()) == due
