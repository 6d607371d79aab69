"""The tabs of a work queue: which ones a role has, which tickets each holds at a moment, in which order.

And which of its conditions an index in that order leads to: what else is asked is tried ticket by ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_

from normalizer.day import TEHRAN
from ticketing.errors import FieldError, Invalid
from ticketing.filter_values import truth
from ticketing.filters import NOBODY, criteria
from ticketing.policy import criterion, reach
from ticketing.roles import OVERSEERS
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import IS_OPEN, tickets
from ticketing.walking import BY_ARRIVAL, BY_CLOSING, BY_DUE, DUE_ONLY, Order

Condition = ColumnElement[bool]
_DATED: Final = frozenset({"mine_overdue", "today", "overdue"})
_OPENED: Final = ("opened_from", "opened_to")
_CLOSED: Final = ("closed_from", "closed_to")
_DUE: Final = ("due_from", "due_to")
_HELD: Final = ("waiting_for", "assignee")
_DISSATISFIED: Final = "dissatisfied"
"""The guard of what follows up a low rating, and the tab of what it may be done to."""
_FEW: Final = ("business",)
"""Filters whose own index leads to few tickets, whatever the order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A queue as somebody asks for it: who, which tab, which filters (names and values of `filters`), when."""

    staff: Staff
    tab: str
    filters: Mapping[str, str]
    at: datetime


def tabs_of(rules: Rules, role: str) -> Sequence[str]:
    """The tabs a role has, in order; the one it begins with is `first_tab`.

    Who may follow up a low rating has a tab of those.
    """
    own = ("unassigned", "today", "overdue", "all") if role in OVERSEERS else _OWN
    actions = (action for procedure in rules.procedures.values() for action in procedure.actions.values())
    follows_up = any(action.provided == _DISSATISFIED and role in action.roles for action in actions)
    return (*own, _DISSATISFIED) if follows_up else own


def first_tab(role: str) -> str:
    """Where a role begins: all that waits for it, or, for those who oversee, all that is late."""
    return "overdue" if role in OVERSEERS else "waiting"


def conditions_of(rules: Rules, asked: Asked) -> list[Condition]:
    """What a ticket of this queue meets. Raises `Invalid` naming a tab the role has not, and bad filters."""
    if asked.tab not in tabs_of(rules, asked.staff.role):
        raise Invalid([FieldError("tab", "not_allowed")])
    return [*held_by(asked, asked.tab), *narrowed(rules, asked)]


def held_by(asked: Asked, tab: str) -> list[Condition]:
    """What a ticket of the tab meets, as policy lets its asker see; of the filters, only the status is looked at."""
    return [criterion(asked.staff), *_scope(asked, tab), _TABS[tab](asked.staff, asked.at)]


def narrowed(rules: Rules, asked: Asked) -> list[Condition]:
    """What the filters ask of a ticket beside. Raises `Invalid`."""
    return _criteria(rules, asked, asked.filters)


def order_of(asked: Asked) -> Order:
    """What falls due first comes first. Where closed ones are listed too, the newest: by when they closed or came."""
    if asked.tab == _DISSATISFIED:
        return BY_CLOSING
    if asked.tab == "all" and asked.filters.get("status", "open") != "open":
        return BY_CLOSING if _given(asked, *_CLOSED) else BY_ARRIVAL
    is_dated = asked.tab in _DATED or _is_overdue(asked) or _given(asked, *_DUE)
    return DUE_ONLY if is_dated else BY_DUE


def led_to(rules: Rules, asked: Asked) -> list[Condition]:
    """Those of a queue's conditions that an index in its order leads to. Raises `Invalid`."""
    order = order_of(asked)
    if order is BY_CLOSING:
        low = [_TABS[asked.tab](asked.staff, asked.at)] if asked.tab == _DISSATISFIED else []
        return [*low, *_criteria(rules, asked, _given(asked, *_CLOSED, *_FEW))]
    if order is BY_ARRIVAL:
        was_open = {"opened_to": asked.filters["open_at"]} if "open_at" in asked.filters else {}
        return _criteria(rules, asked, {**was_open, **_given(asked, *_OPENED, *_FEW)})
    held = {name: value for name, value in _given(asked, *_DUE, *_HELD, *_FEW).items() if value != NOBODY}
    tab = [] if asked.tab == "unassigned" else [_TABS[asked.tab](asked.staff, asked.at)]
    late = [_overdue(asked.staff, asked.at)] if _is_overdue(asked) else []
    return [reach(asked.staff), *_scope(asked, asked.tab), *tab, *late, *_criteria(rules, asked, held)]


def _given(asked: Asked, *names: str) -> dict[str, str]:
    return {name: asked.filters[name] for name in names if name in asked.filters}


def _is_overdue(asked: Asked) -> bool:
    return truth(asked.filters.get("overdue", "no"))


def _criteria(rules: Rules, asked: Asked, filters: Mapping[str, str]) -> list[Condition]:
    errors: list[FieldError] = []
    found = criteria(filters, rules, asked.staff, asked.at, errors)
    if errors:
        raise Invalid(errors)
    return found


def _scope(asked: Asked, tab: str) -> list[Condition]:
    """What waits for the role; those who oversee, and the tab of all, have everything open (or as filtered).

    What was rated is closed.
    """
    if asked.tab == _DISSATISFIED:
        return []
    if tab == "all":
        return [IS_OPEN] if asked.filters.get("status", "open") == "open" else []
    if asked.staff.role in OVERSEERS:
        return [IS_OPEN]
    return [IS_OPEN, tickets.c.waiting_for == asked.staff.role]


def _everything(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.id.is_not(None)


def _dissatisfied(_staff: Staff, _at: datetime) -> Condition:
    return tickets.c.dissatisfied.is_not(None)


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
    _DISSATISFIED: _dissatisfied,
}
_OWN: Final = tuple(tab for tab in _TABS if tab != _DISSATISFIED)
