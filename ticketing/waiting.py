"""Which clock a ticket runs under, since when, and what its passing does.

It decides nothing: `stepping` sets clocks and `sweep` rings them. A plain term only makes a ticket overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ticketing.procedure import Procedure, Timer
from ticketing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Passing:
    """What happens when a clock has run out: nothing of its own (`overdue` only) where all is empty."""

    reminds: bool = False
    waits_for: str | None = None
    closes: str | None = None
    tells_apart: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of an open ticket: its name (a timer's, or a term's), when it began, and what its passing does."""

    name: str
    since: datetime | None
    passing: Passing


def clock_of(procedure: Procedure, ticket: Ticket) -> Clock | None:
    """The clock an open ticket runs under, or None. One that was started before clocks were kept has no `since`."""
    timer = procedure.timers.get(ticket.timer or "")
    name = ticket.timer if timer is not None else (ticket.clock or {}).get("term")
    if not ticket.is_open or ticket.due_at is None or name is None:
        return None
    return Clock(name, ticket.began_at, _passing(procedure, timer) if timer else Passing())


def _passing(procedure: Procedure, timer: Timer) -> Passing:
    """What a clock of silence does: its own move, or that of the action it performs."""
    move = next(iter(timer.then), None)
    if timer.act is not None:
        chosen = (variant for variant in procedure.actions[timer.act].then if variant.chosen_by(timer.given))
        move = next(chosen, None)
    if move is None:
        return Passing()
    return Passing("remind" in move.effects, move.waits_for, move.close, "tell_apart" in move.effects)
