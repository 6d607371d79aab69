"""Filters that figures link to: when a ticket arrived, was closed, rated or reopened, and how it ended.

Days are Tehran's, the last one included; where a part of a day is meant a bound is a moment on Tehran's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, select

from normalizer.day import parse_day
from normalizer.text import digits
from ticketing.deadlines import TEHRAN
from ticketing.measuring import Span, hour_of, tehran_s, weekday_of
from ticketing.measuring_period import midnight
from ticketing.measuring_record import CLOSED, RATED, merging_outcomes, reopening_kinds, was_late
from ticketing.organisations import NATIONAL
from ticketing.rules import Rules
from ticketing.tables import events, tickets

Condition = ColumnElement[bool]
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_ONE_OFFSET: Final = timedelta(days=365 * 3)
"""Tehran gave up summer time in 2022; tickets are younger. A span is needed only to look its offset up."""


class Asking(Protocol):
    """Who asks, as far as these filters care: the rules, and when."""

    @property
    def rules(self) -> Rules: ...

    @property
    def at(self) -> datetime: ...


class WrongFilter(ValueError):
    """A value no filter takes; its text is the code of what is wrong with it."""


Filter = Callable[[str, Asking], Condition]


def bound(written: str, *, ends: bool) -> datetime:
    """The moment a day begins, or, where it `ends` something, is over; or the moment written. Raises WrongFilter."""
    day = parse_day(written)
    if day is not None:
        return midnight(day + timedelta(days=1) if ends else day)
    try:
        moment = datetime.fromisoformat(digits(written))
        return moment if moment.tzinfo else moment.replace(tzinfo=TEHRAN)
    except (ValueError, OverflowError) as error:
        raise WrongFilter("invalid_date") from error


def _side(column: ColumnElement[Any], *, ends: bool) -> Filter:
    def make(value: str, _asking: Asking) -> Condition:
        moment = bound(value, ends=ends)
        return column < moment if ends else column >= moment

    return make


def _rated(value: str, _asking: Asking) -> Condition:
    return _happened((RATED,), value)


def _reopened(value: str, asking: Asking) -> Condition:
    return _happened(reopening_kinds(asking.rules), value)


def _happened(kinds: tuple[str, ...], value: str) -> Condition:
    """An event of these kinds on one of the days `first..last`."""
    since, mark, until = value.partition("..")
    if not mark:
        raise WrongFilter("wrong_value")
    when = Span(bound(since, ends=False), bound(until, ends=True)).holds(events.c.at)
    return tickets.c.id.in_(select(events.c.ticket_id).where(events.c.kind.in_(kinds), when))


def _outcome(value: str, asking: Asking) -> Condition:
    if not any(value in procedure.outcomes for procedure in asking.rules.procedures.values()):
        raise WrongFilter("not_allowed")
    ended: Condition = tickets.c.outcome == value
    return ended


def _closed_late(value: str, asking: Asking) -> Condition:
    said = digits(value).strip().lower()
    if said not in (*_TRUE, *_FALSE):
        raise WrongFilter("wrong_type")
    last = and_(events.c.ticket_id == tickets.c.id, events.c.kind == CLOSED, events.c.at == tickets.c.closed_at)
    late = select(events.c.id).where(last, was_late()).exists()
    own = tickets.c.outcome.not_in(merging_outcomes(asking.rules))  # which had no work of their own to end
    return and_(tickets.c.closed_at.is_not(None), own, late if said in _TRUE else ~late)


def _unknown(value: str, _asking: Asking) -> Condition:
    if value not in _UNKNOWN:
        raise WrongFilter("not_allowed")
    return _UNKNOWN[value]


def _weekday(value: str, asking: Asking) -> Condition:
    return weekday_of(_arrived_s(asking.at)) == _whole(value, 6)


def _hours(value: str, asking: Asking) -> Condition:
    first, mark, last = value.partition("-")
    return hour_of(_arrived_s(asking.at)).between(_whole(first, 23), _whole(last if mark else first, 23))


def _whole(value: str, most: int) -> int:
    written = digits(value).strip()
    if not (written.isascii() and written.isdecimal() and len(written) <= 2 and int(written) <= most):
        raise WrongFilter("out_of_range")
    return int(written)


def _arrived_s(at: datetime) -> ColumnElement[int]:
    return tehran_s(tickets.c.opened_at, Span(at - _ONE_OFFSET, at))


_UNKNOWN: Final[Mapping[str, Condition]] = {
    "category": tickets.c.category.is_(None),
    "place": tickets.c.organisation == NATIONAL,
}
MEASURING_FILTERS: Final[Mapping[str, Filter]] = {
    "opened_from": _side(tickets.c.opened_at, ends=False),
    "opened_to": _side(tickets.c.opened_at, ends=True),
    "closed_from": _side(tickets.c.closed_at, ends=False),
    "closed_to": _side(tickets.c.closed_at, ends=True),
    "closed_late": _closed_late,
    "rated": _rated,
    "reopened": _reopened,
    "outcome": _outcome,
    "unknown": _unknown,
    "weekday": _weekday,
    "hours": _hours,
}
"""By name: what makes the condition of a value, given who asks when (`filters` says what that holds)."""
