"""Filters that figures link to: when a ticket arrived, fell due, was closed, rated or reopened, and how it ended.

Days are Tehran's, the last one included; where a part of a day is meant a bound is a moment on Tehran's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, or_, select

from ticketing.filter_values import WrongFilter, bound, hours, span, truth, whole
from ticketing.measuring import Span, hour_of, tehran_s, weekday_of
from ticketing.measuring_record import RATED, merging_outcomes, reopening_kinds, was_late, was_open
from ticketing.organisations import NATIONAL
from ticketing.rules import Rules
from ticketing.survey_tables import surveys
from ticketing.tables import events, tickets

Condition = ColumnElement[bool]
_ONE_OFFSET: Final = timedelta(days=365 * 3)
"""Tehran gave up summer time in 2022; tickets are younger. A span is needed only to look its offset up."""
_LAST_WEEKDAY: Final = 6


class Asking(Protocol):
    """Who asks, as far as these filters care: the rules, and when."""

    @property
    def rules(self) -> Rules: ...

    @property
    def at(self) -> datetime: ...


Filter = Callable[[str, Asking], Condition]


def _side(column: ColumnElement[Any], *, ends: bool) -> Filter:
    def make(value: str, _asking: Asking) -> Condition:
        moment = bound(value, ends=ends)
        return column < moment if ends else column >= moment

    return make


def _open_at(value: str, _asking: Asking) -> Condition:
    return was_open(bound(value, ends=False))


def _rated(value: str, _asking: Asking) -> Condition:
    return _happened((RATED,), value)


def _reopened(value: str, asking: Asking) -> Condition:
    return _happened(reopening_kinds(asking.rules), value)


def _surveyed(value: str, _asking: Asking) -> Condition:
    return _asked_about(value)


def _answered(value: str, _asking: Asking) -> Condition:
    return _asked_about(value, surveys.c.rating.is_not(None))


def _low_rated(value: str, asking: Asking) -> Condition:
    return _asked_about(value, surveys.c.rating <= asking.rules.survey.low)


def _asked_about(value: str, *more: Condition) -> Condition:
    """Its citizen was sent a survey on one of the days `first..last`."""
    when = span(value).holds(surveys.c.asked_at)
    return tickets.c.id.in_(select(surveys.c.ticket_id).where(when, *more))


def _happened(kinds: tuple[str, ...], value: str) -> Condition:
    """An event of these kinds on one of the days `first..last`."""
    when = span(value).holds(events.c.at)
    return tickets.c.id.in_(select(events.c.ticket_id).where(events.c.kind.in_(kinds), when))


def _outcome(value: str, asking: Asking) -> Condition:
    if not any(value in procedure.outcomes for procedure in asking.rules.procedures.values()):
        raise WrongFilter("not_allowed")
    ended: Condition = tickets.c.outcome == value
    return ended


def _merged(value: str, asking: Asking) -> Condition:
    """Went on as part of another ticket."""
    merged: Condition = tickets.c.outcome.in_(merging_outcomes(asking.rules))
    return merged if truth(value) else or_(tickets.c.outcome.is_(None), ~merged)


def _closed_late(value: str, asking: Asking) -> Condition:
    is_late = truth(value)
    own = tickets.c.outcome.not_in(merging_outcomes(asking.rules))  # which had no work of their own to end
    return and_(tickets.c.closed_at.is_not(None), own, was_late() if is_late else ~was_late())


def _unknown(value: str, _asking: Asking) -> Condition:
    if value not in _UNKNOWN:
        raise WrongFilter("not_allowed")
    return _UNKNOWN[value]


def _weekday(value: str, asking: Asking) -> Condition:
    return weekday_of(_arrived_s(asking.at)) == whole(value, _LAST_WEEKDAY)


def _hours(value: str, asking: Asking) -> Condition:
    return hour_of(_arrived_s(asking.at)).between(*hours(value))


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
    "due_from": _side(tickets.c.due_at, ends=False),
    "due_to": _side(tickets.c.due_at, ends=True),
    "open_at": _open_at,
    "closed_late": _closed_late,
    "merged": _merged,
    "rated": _rated,
    "reopened": _reopened,
    "surveyed": _surveyed,
    "answered": _answered,
    "low_rated": _low_rated,
    "outcome": _outcome,
    "unknown": _unknown,
    "weekday": _weekday,
    "hours": _hours,
}
"""By name: what makes the condition of a value, given who asks when (`filters` says what that holds)."""
