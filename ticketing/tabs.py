"""The tabs of a work queue: which ones a role has, and which tickets each holds at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_

from ticketing.deadlines import TEHRAN
from ticketing.errors import FieldError, Invalid
from ticketing.filters import IS_OPEN, criteria
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

Condition = ColumnElement[bool]
_OVERSEERS: Final = frozenset({"supervisor", "admin"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A queue as somebody asks for it: who, which tab, which filters (names and values of `filters`), when."""

    staff: Staff
    tab: str
    filters: Mapping[str, str]
    at: datetime


def tabs_of(role: str) -> Sequence[str]:
    """The tabs a role has, in order; the one it begins with is `first_tab`."""
    return ("unassigned", "today", "overdue", "all") if role in _OVERSEERS else tuple(_TABS)


def first_tab(role: str) -> str:
    """Where a role begins: all that waits for it, or, for those who oversee, all that is late."""
    return "overdue" if role in _OVERSEERS else "waiting"


def conditions_of(rules: Rules, asked: Asked) -> list[Condition]:
    """What a ticket of this queue meets. Raises `Invalid` naming a tab the role has not, and bad filters."""
    if asked.tab not in tabs_of(asked.staff.role):
        raise Invalid([FieldError("tab", "not_allowed")])
    return [*held_by(asked, asked.tab), *narrowed(rules, asked)]


def held_by(asked: Asked, tab: str) -> list[Condition]:
    """What a ticket of the tab meets, as policy lets its asker see; of the filters, only the status is looked at."""
    return [criterion(asked.staff), *_scope(asked, tab), _TABS[tab](asked.staff, asked.at)]


def narrowed(rules: Rules, asked: Asked) -> list[Condition]:
    """What the filters ask of a ticket beside. Raises `Invalid`."""
    errors: list[FieldError] = []
    found = criteria(asked.filters, rules, asked.staff, asked.at, errors)
    if errors:
        raise Invalid(errors)
    return found


def _scope(asked: Asked, tab: str) -> list[Condition]:
    """What waits for the role; those who oversee, and the tab of all, have everything open (or as filtered)."""
    if tab == "all":
        return [] if "status" in asked.filters else [IS_OPEN]
    if asked.staff.role in _OVERSEERS:
        return [IS_OPEN]
    return [IS_OPEN, tickets.c.waiting_for == asked.staff.role]


def _everything(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.id.is_not(None)


def _mine(staff: Staff, _at: datetime) -> Condition:
    return tickets.c.assignee == staff.id


def _overdue(_staff: Staff, at: datetime) -> Condition:
    return tickets.c.due_at < at


def _mine_overdue(staff: Staff, at: datetime) -> Condition:
    return and_(_mine(staff, at), _overdue(staff, at))


def _today(_staff: Staff, at: datetime) -> Condition:
    """Still to come, before midnight in Tehran."""
    tomorrow = at.astimezone(TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return and_(tickets.c.due_at >= at, tickets.c.due_at < tomorrow.astimezone(UTC))


def _unassigned(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.assignee.is_(None)


_TABS: Final[Mapping[str, Callable[[Staff, datetime], Condition]]] = {
    "mine_overdue": _mine_overdue,
    "mine": _mine,
    "today": _today,
    "unassigned": _unassigned,
    "overdue": _overdue,
    "waiting": _everything,
    "all": _everything,
}
