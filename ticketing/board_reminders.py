"""One text a day to each of the organisations' staff who have unread messages on the board, and never two.

That a day's texts were sent is kept with them, in one unit of work: however many gateways try, and whenever they stop.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from normalizer.day import TEHRAN, tehran_day
from ticketing.board import MEMBERS
from ticketing.board_view import count_unread
from ticketing.cursors import fetch_cursor, keep_cursor
from ticketing.database import Database
from ticketing.notify import STAFF_LANGUAGE, send
from ticketing.organisations import NATIONAL
from ticketing.rules import Rules
from ticketing.staff import staff_from
from ticketing.tables import staff as staff_table
from ticketing.transaction import UnitTransaction
from ticketing.working_time import WorkingTime

_CURSOR: Final = "board_reminders"
_LATEST: Final = timedelta(hours=6)
"""A gateway that was down at the time makes up for it so long after; later, that day has no texts."""


def is_time(at: datetime, reminder: time, calendar: WorkingTime) -> bool:
    """True from `reminder` (Tehran's clock) on, for some hours of a day that is worked."""
    local = at.astimezone(TEHRAN)
    begins = datetime.combine(local.date(), reminder, TEHRAN)
    return begins <= local < begins + _LATEST and calendar.is_worked(local.date())


async def remind(database: Database, rules: Rules, reminder: time, at: datetime) -> int:
    """Text everybody who has unread messages, where it is time to, unless the day of `at` in Tehran had its texts.

    How many there are.
    """
    if not is_time(at, reminder, rules.deadlines.calendar):
        return 0
    today = tehran_day(at).toordinal()

    async def work(tx: UnitTransaction) -> int:
        if await fetch_cursor(tx.rows, _CURSOR) >= today:
            return 0
        await keep_cursor(tx, _CURSOR, today)
        return await _text_all(tx, rules, at)

    if await fetch_cursor(database.read, _CURSOR) >= today:
        return 0
    return await database.write(work)


async def _text_all(tx: UnitTransaction, rules: Rules, at: datetime) -> int:
    column, sent = staff_table.c, 0
    at_board = (column.role.in_(sorted(MEMBERS)), column.organisation != NATIONAL, column.disabled.is_(False))
    for row in await tx.rows(select(staff_table).where(*at_board, column.phone.is_not(None)).order_by(column.id)):
        member = staff_from(rules.vault, row)
        unread = await count_unread(tx.rows, member)
        if unread and member.phone:
            text = rules.texts.render("board_unread", STAFF_LANGUAGE, count=str(unread))
            once = f"board:{member.id}:{tehran_day(at).isoformat()}"
            send(tx, rules, None, at, kind="board", medium="sms", address=member.phone, text=text, once=once)
            sent += 1
    return sent
