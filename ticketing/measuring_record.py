"""What the record says for figures: which kinds of events mean what, by the procedures' data, and what was open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from ticketing.procedure import Action
from ticketing.rules import Rules
from ticketing.tables import IS_OPEN, tickets

RATED = "rated"
STEP = "step"


def reopening_kinds(rules: Rules) -> tuple[str, ...]:
    """The kinds of events that opened a closed ticket again."""
    found = {
        each.code for each in _actions(rules) if any(move.reopens or "reopen" in move.effects for move in each.then)
    }
    return tuple(sorted(found))


def merging_outcomes(rules: Rules) -> tuple[str, ...]:
    """The outcomes of tickets that went on as part of another one: no work of their own ended."""
    moves = [move for action in _actions(rules) for move in action.then if "join" in move.effects]
    return tuple(sorted({move.close for move in moves if move.close}))


def was_late() -> ColumnElement[bool]:
    """Of a closed ticket: a term of staff's had passed before. A clock of the citizen's silence is nobody's delay."""
    return and_(tickets.c.late_at.is_not(None), tickets.c.late_at < tickets.c.closed_at)


def was_open(at: datetime) -> ColumnElement[bool]:
    """Of a ticket: it was open at a moment gone by, as far as it was not reopened later."""
    return and_(tickets.c.opened_at < at, or_(IS_OPEN, tickets.c.closed_at >= at))


def _actions(rules: Rules) -> Iterator[Action]:
    for procedure in rules.procedures.values():
        yield from procedure.actions.values()
