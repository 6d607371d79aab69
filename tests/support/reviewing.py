"""Complaints about bodies of the guild system as they stand at some moment, for tests of what is counted of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tests.support.staging import a_ticket, put
from ticketing.database import Database
from ticketing.measuring_period import Period, midnight
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.ticket import Ticket

PERIOD: Final = Period(date(2020, 5, 21), date(2020, 9, 22))  # 1399-03-01 … 1399-07-01
AS_OF: Final = datetime(2020, 10, 4, 20, 30, tzinfo=UTC)  # the end of 1399-07-13
_NOON: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint: about which body, opened and answered on which days, late since which."""

    addressee: str
    opened: date
    answered: date | None = None
    outcome: str = "upheld"
    late: date | None = None
    rating: int | None = None


def complaint_of(rules: Rules, told: Told) -> Ticket:
    """The ticket of it, not saved yet."""
    state = State(4, None, "closed", told.outcome) if told.answered else State(2, "responder")
    ticket = a_ticket(
        rules,
        state,
        procedure="guild_body",
        addressee=told.addressee,
        opened_at=midnight(told.opened) + _NOON,
        closed_at=midnight(told.answered) + _NOON if told.answered else None,
        late_at=midnight(told.late) + _NOON if told.late else None,
    )
    if told.rating is not None and told.answered is not None:
        ticket.record("rated", "citizen", midnight(told.answered) + _NOON, rating=told.rating)
    return ticket


async def stage(database: Database, rules: Rules, *told: Told) -> None:
    """Save them."""
    await put(database, rules, *(complaint_of(rules, each) for each in told), at=AS_OF)


def of_seed() -> Iterator[Told]:
    """A small picture of the letter of 1399/07/13: a few provinces, three kinds of bodies, some unanswered."""
    day, week = PERIOD.first + timedelta(days=10), timedelta(days=7)
    for number in range(8):
        yield Told("02-07-union", day + number * week, day + number * week + timedelta(days=9))
    yield Told("02-07-chamber", day + week)
    yield Told("02-07-chamber", day, late=day + 2 * week)
    for number in range(4):
        yield Told("09-04-union", day + number * week, day + (number + 1) * week, "rejected")
    yield Told("09-04-county_commission", day, day + week, "unrelated", rating=4)
    yield Told("23-01-union", day, late=day + week)
    yield Told("23-01-union", day, day + week, "withdrawn")
