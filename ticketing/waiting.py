"""Which clock a ticket runs under, since when and how long, which days off lie between, and what its passing does.

It decides nothing: `stepping` sets clocks and `sweep` rings them. A plain term only makes a ticket overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from normalizer.day import tehran_day
from ticketing.guards import holds
from ticketing.procedure import Timer
from ticketing.remaining import is_worked
from ticketing.rules import Rules
from ticketing.ticket import Ticket
from ticketing.title import Title
from ticketing.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Passing:
    """What happens when a clock has run out: nothing of its own (`overdue` only) where all is empty."""

    reminds: bool = False
    waits_for: str | None = None
    closes: str | None = None
    tells_apart: bool = False
    hands_up: bool = False
    presses: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of an open ticket: its name (a timer's, or a term's), when it began, and what its passing does.

    It runs for `lasting` (a `Length`, or the `Remaining` of one that went on: `is_rest`), by this law; without one it
    is the settings'. In working time `off` are the days between that are not worked, with their names if they have one.
    """

    name: str
    passing: Passing
    since: datetime | None = None
    lasting: str | None = None
    is_rest: bool = False
    law: Title | None = None
    off: tuple[tuple[date, Title | None], ...] = ()


def clock_of(rules: Rules, ticket: Ticket) -> Clock | None:
    """The clock an open ticket runs under, or None. Of one from before clocks were kept only the name is known."""
    procedure, kept = rules.procedures[ticket.procedure], ticket.clock or {}
    timer = procedure.timers.get(ticket.timer or "")
    name = ticket.timer if timer is not None else kept.get("term")
    if not ticket.is_open or ticket.due_at is None or name is None:
        return None
    return Clock(
        name,
        _passing(rules, ticket, timer) if timer else Passing(),
        ticket.began_at,
        kept.get("lasting"),
        bool(kept.get("rest")),
        rules.deadlines.laws.get(kept.get("law") or ""),
        tuple(_off(rules.deadlines.calendar, ticket)),
    )


def _off(calendar: WorkingTime, ticket: Ticket) -> Iterator[tuple[date, Title | None]]:
    if ticket.began_at is None or ticket.due_at is None or not is_worked(str((ticket.clock or {}).get("lasting"))):
        return
    day, last = tehran_day(ticket.began_at), tehran_day(ticket.due_at)
    while day <= last:
        if not calendar.is_worked(day):
            yield day, calendar.holiday(day)
        day += timedelta(days=1)


def _passing(rules: Rules, ticket: Ticket, timer: Timer) -> Passing:
    """What a clock of silence does: its own move, or that of the action it performs."""
    move = next((each for each in timer.then if holds(rules, ticket, each.provided)), None)
    if timer.act is not None:
        actions = rules.procedures[ticket.procedure].actions
        chosen = (variant for variant in actions[timer.act].then if variant.chosen_by(timer.given))
        move = next(chosen, None)
    if move is None:
        return Passing()
    effects = {"reminds": "remind", "tells_apart": "tell_apart", "hands_up": "hand_up", "presses": "press_body"}
    does = {name: effect in move.effects for name, effect in effects.items()}
    return Passing(waits_for=move.waits_for, closes=move.close, **does)
