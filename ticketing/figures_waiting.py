"""Where open tickets wait, how long they have, and which have been overdue longest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, and_, case, func, literal, select

from ticketing.figures import Scope
from ticketing.measuring import DAY_S, epoch_s, medians
from ticketing.measuring_record import STEP, reopening_kinds
from ticketing.tables import IS_OPEN, events, tickets
from ticketing.view import line_of

MOST_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open tickets in one step that wait for the same: how many, how long in median, and how many are overdue."""

    procedure: str
    step: int
    waiting_for: str | None
    count: int
    days: float
    overdue: int


async def by_step(scope: Scope) -> list[Waiting]:
    """Every place in the procedures where tickets wait, in the steps' order.

    A wait begins as the step is entered, or when the ticket was opened again in it.
    """
    place = [tickets.c.procedure, tickets.c.step, tickets.c.waiting_for]
    began = events.c.kind.in_((STEP, *reopening_kinds(scope.rules)))  # no condition: its index has all tickets' events
    entered = (
        select(func.max(case((began, events.c.at))))
        .where(events.c.ticket_id == tickets.c.id)
        .correlate(tickets)
        .scalar_subquery()
    )
    now_s = literal(int(scope.at.timestamp()), BigInteger)
    waited_s = now_s - epoch_s(func.coalesce(entered, tickets.c.opened_at))
    is_open = (*scope.conditions, IS_OPEN)
    middle = await scope.read(medians(place, waited_s, tickets, *is_open))
    late = func.sum(case((and_(tickets.c.due_at.is_not(None), tickets.c.due_at < scope.at), 1), else_=0))
    counted = await scope.read(select(*place, late.label("late")).where(*is_open).group_by(*place))
    overdue = {tuple(row[column.name] for column in place): int(row["late"]) for row in counted}
    found = [_waiting(row, overdue) for row in middle]
    return sorted(found, key=lambda each: (each.procedure, each.step, each.waiting_for or ""))


async def most_overdue(scope: Scope) -> Sequence[Mapping[str, Any]]:
    """The open tickets whose deadline passed longest ago, as lines of a list with `due_at`."""
    late = (IS_OPEN, tickets.c.due_at < scope.at)
    page = select(tickets).where(*scope.conditions, *late).order_by(tickets.c.due_at, tickets.c.id).limit(MOST_LISTED)
    return [{**line_of(scope.rules, row, scope.at), "due_at": row["due_at"]} for row in await scope.read(page)]


def _waiting(row: Mapping[str, Any], overdue: Mapping[tuple[Any, ...], int]) -> Waiting:
    place = (row["key0"], row["key1"], row["key2"])
    return Waiting(*place, int(row["of"]), max(0.0, float(row["middle"]) / DAY_S), overdue.get(place, 0))
