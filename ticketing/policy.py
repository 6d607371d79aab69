"""Who sees which tickets: one place, one criterion in every query, nothing unless it says so.

Organisations are kept apart here: staff of one see its tickets, national staff see all; narrower roles
see less. What a role may do to a ticket it sees is the procedure's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, true

from ticketing.organisations import NATIONAL
from ticketing.staff import Staff
from ticketing.tables import tickets

Sight = Callable[[Staff], ColumnElement[bool]]


def criterion(staff: Staff) -> ColumnElement[bool]:
    """What a ticket's row must meet for this member of staff to know of it."""
    return _SIGHTS.get(staff.role, _nothing)(staff)


def reach(staff: Staff) -> ColumnElement[bool]:
    """The part of `criterion` that indexes of tickets lead to: what they see lies within, and perhaps more."""
    return _REACHES.get(staff.role, _organisation)(staff)


def _everything(_staff: Staff) -> ColumnElement[bool]:
    return true()


def _nothing(_staff: Staff) -> ColumnElement[bool]:
    return false()


def _organisation(staff: Staff) -> ColumnElement[bool]:
    return true() if staff.organisation == NATIONAL else tickets.c.organisation == staff.organisation


def _organisation_and_filed(staff: Staff) -> ColumnElement[bool]:
    return or_(_organisation(staff), tickets.c.filed_by == staff.id)


def _sent_to_body(staff: Staff) -> ColumnElement[bool]:
    sent = tickets.c.body.is_not(None) if staff.body is None else tickets.c.body == staff.body
    return and_(sent, _organisation(staff))


def _own_dispatches(staff: Staff) -> ColumnElement[bool]:
    return tickets.c.inspector == staff.id


def _referred(staff: Staff) -> ColumnElement[bool]:
    return and_(tickets.c.case_number.is_not(None), _organisation(staff))


_SIGHTS: Final[Mapping[str, Sight]] = {
    "operator": _organisation_and_filed,
    "evaluator": _organisation,
    "self_regulator": _sent_to_body,
    "dispatcher": _organisation,
    "inspector": _own_dispatches,
    "penalties_clerk": _referred,
    "supervisor": _organisation,
    "admin": _organisation,
}
_REACHES: Final[Mapping[str, Sight]] = {"operator": _everything, "inspector": _own_dispatches}
