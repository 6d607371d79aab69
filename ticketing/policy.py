"""Who sees which tickets: one place, one criterion in every query, nothing unless it says so.

What a role sees of a procedure's tickets is named by the procedure's data; what the names mean is here. Organisations
are kept apart: staff of one see its tickets, national staff see all; narrower sights see less. What a role may do to a
ticket it sees is the procedure's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, true

from ticketing.organisations import NATIONAL
from ticketing.roles import is_blind, seen_by, works_everywhere
from ticketing.staff import Staff
from ticketing.tables import tickets

Condition = ColumnElement[bool]


def criterion(staff: Staff) -> Condition:
    """What a ticket's row must meet for this member of staff to know of it."""
    seen = seen_by(staff.role)
    if works_everywhere(staff.role) and len(set(seen.values())) == 1:
        return SIGHTS[next(iter(seen.values()))].sees(staff)
    parts = [and_(tickets.c.procedure == name, SIGHTS[sight].sees(staff)) for name, sight in seen.items()]
    return or_(false(), *parts)


def reach(staff: Staff) -> Condition:
    """The part of `criterion` that indexes of tickets lead to: what they see lies within, and perhaps more."""
    reaches = {SIGHTS[sight].reach for sight in seen_by(staff.role).values()}
    return reaches.pop()(staff) if len(reaches) == 1 else true()


def knows_citizens(staff: Staff) -> Condition:
    """The tickets whose citizen this member of staff may know: others are not found by whose they are."""
    blind = blind_in(staff)
    return tickets.c.procedure.not_in(blind) if blind else true()


def blind_in(staff: Staff) -> list[str]:
    """The procedures in which this member of staff sees tickets and must not learn who complains."""
    return [name for name in seen_by(staff.role) if is_blind(staff.role, name)]


def sees_only_its_organisation(role: str) -> bool:
    """True where whatever the role sees is its organisation's."""
    seen = seen_by(role).values()
    return bool(seen) and all(SIGHTS[sight].reach is _organisation for sight in seen)


def sees_what_it_filed(role: str) -> bool:
    """True where the role sees its organisation's tickets and those it filed elsewhere, and nothing else."""
    seen = set(seen_by(role).values())
    return "organisation_or_filed" in seen and all(
        sight == "organisation_or_filed" or SIGHTS[sight].reach is _organisation for sight in seen
    )


def _everything(_staff: Staff) -> Condition:
    return true()


def _organisation(staff: Staff) -> Condition:
    return true() if staff.organisation == NATIONAL else tickets.c.organisation == staff.organisation


def _organisation_or_filed(staff: Staff) -> Condition:
    return or_(_organisation(staff), tickets.c.filed_by == staff.id)


def _sent_to_body(staff: Staff) -> Condition:
    sent = tickets.c.body.is_not(None) if staff.body is None else tickets.c.body == staff.body
    return and_(sent, _organisation(staff))


def _own_dispatches(staff: Staff) -> Condition:
    return tickets.c.inspector == staff.id


def _referred(staff: Staff) -> Condition:
    return and_(tickets.c.case_number.is_not(None), _organisation(staff))


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen, and the part of it that an index leads to."""

    sees: Callable[[Staff], Condition]
    reach: Callable[[Staff], Condition] = _organisation


SIGHTS: Final[Mapping[str, Sight]] = {
    "organisation": Sight(_organisation),
    "organisation_or_filed": Sight(_organisation_or_filed, _everything),
    "sent_to_body": Sight(_sent_to_body),
    "own_dispatches": Sight(_own_dispatches, _own_dispatches),
    "referred": Sight(_referred),
}
"""By the names of `vocabulary.SIGHTS`."""
