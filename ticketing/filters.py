"""Filters of the list of tickets: a name, what it accepts, and the condition it makes. Nothing else reaches SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from normalizer.complaint import CATEGORIES
from normalizer.phone import Phone, parse_phone
from normalizer.text import digits
from normalizer.tracking_code import parse_code
from ticketing.errors import FieldError
from ticketing.filter_values import WrongFilter, truth
from ticketing.ids import parse_id
from ticketing.measuring_filters import MEASURING_FILTERS
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.policy import knows_citizens
from ticketing.roles import ROLES
from ticketing.routing import routes_of
from ticketing.rules import Rules
from ticketing.searching import words_of
from ticketing.staff import Staff
from ticketing.tables import IS_OPEN, tickets
from ticketing.tables import staff as staff_table

Condition = ColumnElement[bool]
NOBODY: Final = "nobody"
ME: Final = "me"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class _Asking:
    rules: Rules
    staff: Staff
    at: datetime


def criteria(
    filters: Mapping[str, Any], rules: Rules, staff: Staff, at: datetime, errors: list[FieldError]
) -> list[Condition]:
    """The conditions of `filters`; what cannot be one is added to `errors`."""
    asking = _Asking(rules, staff, at)
    conditions: list[Condition] = []
    for name, value in filters.items():
        make = FILTERS.get(name)
        if make is None:
            errors.append(FieldError(name[:64], "unknown_field"))
            continue
        try:
            conditions.append(make(_plain(value), asking))
        except WrongFilter as wrong:
            errors.append(FieldError(name, str(wrong)))
    return conditions


def sought(value: Any, rules: Rules, staff: Staff, errors: list[FieldError]) -> Condition | list[str]:
    """What `q` searches by: the condition of a tracking code or of a phone, else words for `searching`."""
    try:
        written = _plain(value)
    except WrongFilter as wrong:
        errors.append(FieldError("q", str(wrong)))
        return []
    code, phone = parse_code(written), parse_phone(written)
    if code is not None:
        return tickets.c.code_index == rules.vault.index("code", code)
    if isinstance(phone, Phone):
        return and_(tickets.c.phone_index == rules.vault.index("phone", phone.e164), knows_citizens(staff))
    return words_of(written)


def _plain(value: Any) -> str:
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if len(written) > _LONGEST:
        raise WrongFilter("too_long")
    if "\x00" in written or any("\ud800" <= letter <= "\udfff" for letter in written):
        raise WrongFilter("wrong_value")
    return written


def _step(value: str, asking: _Asking) -> Condition:
    written = digits(value)
    matching = [
        and_(tickets.c.procedure == procedure.code, tickets.c.step == step.number)
        for procedure in asking.rules.procedures.values()
        for step in procedure.steps
        if written in (step.code, str(step.number))
    ]
    if not matching:
        raise WrongFilter("not_allowed")
    return or_(*matching)


def _status(value: str, _asking: _Asking) -> Condition:
    if value == "any":  # said where a list holds open ones only unless told otherwise
        return tickets.c.status.in_(("open", "closed"))
    if value not in ("open", "closed"):
        raise WrongFilter("not_allowed")
    return IS_OPEN if value == "open" else tickets.c.status == "closed"


def _equals(column: str, known: Callable[[_Asking], Any] | None) -> Callable[[str, _Asking], Condition]:
    def make(value: str, asking: _Asking) -> Condition:
        if known is not None and value not in known(asking):
            raise WrongFilter("not_allowed")
        matches: Condition = tickets.c[column] == value
        return matches

    return make


def _waiting_for(value: str, _asking: _Asking) -> Condition:
    if value == NOBODY:
        return and_(IS_OPEN, tickets.c.waiting_for.is_(None))
    if value not in (*ROLES, "citizen"):
        raise WrongFilter("not_allowed")
    waits: Condition = tickets.c.waiting_for == value
    return waits


def _routes(asking: _Asking) -> set[str]:
    return {route for procedure in asking.rules.procedures.values() for route in routes_of(procedure)}


def _overdue(value: str, asking: _Asking) -> Condition:
    late = and_(IS_OPEN, tickets.c.due_at.is_not(None), tickets.c.due_at < asking.at)
    return late if truth(value) else or_(~IS_OPEN, tickets.c.due_at.is_(None), ~late)


def _mine(value: str, asking: _Asking) -> Condition:
    """What waits for my role, was dispatched to me, or was filed by me."""
    staff = asking.staff
    waits = and_(IS_OPEN, tickets.c.waiting_for == staff.role)
    filed = and_(tickets.c.filed_by.is_not(None), tickets.c.filed_by == staff.id)
    sent = and_(tickets.c.inspector.is_not(None), tickets.c.inspector == staff.id)
    return or_(waits, filed, sent) if truth(value) else tickets.c.id.is_not(None)


def _assignee(value: str, asking: _Asking) -> Condition:
    """Taken on by me, by nobody, or by a colleague named."""
    if value == NOBODY:
        return tickets.c.assignee.is_(None)
    if value == ME:
        return tickets.c.assignee == asking.staff.id
    named = select(staff_table.c.id).where(staff_table.c.username == value.strip().lower())
    return tickets.c.assignee == named.scalar_subquery()


def _business(value: str, _asking: _Asking) -> Condition:
    business_id = parse_id(value)
    if business_id is None:
        raise WrongFilter("wrong_value")
    its: Condition = tickets.c.business_id == business_id
    return its


FILTERS: Final[Mapping[str, Callable[[str, _Asking], Condition]]] = {
    "procedure": _equals("procedure", lambda asking: asking.rules.procedures),
    "step": _step,
    "status": _status,
    "waiting_for": _waiting_for,
    "route": _equals("route", _routes),
    "province": _equals("province", lambda _: PROVINCE_CODES),
    "organisation": _equals("organisation", lambda _: ORGANISATIONS),
    "category": _equals("category", lambda _: CATEGORIES),
    "channel": _equals("channel", None),
    "overdue": _overdue,
    "mine": _mine,
    "assignee": _assignee,
    "business": _business,
    **MEASURING_FILTERS,
}
"""What each filter makes of its value, by the filter's name in addresses and queries."""
LEADING: Final = frozenset({"business"})
"""Filters with an index of their own that leads to few tickets: none need be passed over beside them."""
