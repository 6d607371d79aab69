"""Which clock a ticket runs under, since when, and what its passing does: the deadline explained, from the data.

It decides nothing: `stepping` sets clocks and `sweep` rings them. A plain term only makes a ticket overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ticketing.procedure import Action, Move, Procedure, Timer
from ticketing.states import State

_STARTS_ANEW: Final = ("reopen", "unjoin")


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


def clock_of(procedure: Procedure, state: State, happened: Iterable[Mapping[str, Any]]) -> Clock | None:
    """The clock a ticket in `state` runs under, or None. `happened` are its events (`kind`, `data`, `at`) in order."""
    if state.status != "open":
        return None
    timer = procedure.timers.get(state.timer or "")
    began = [event for event in happened if _starts(procedure, state, event["kind"], event["data"])]
    name = state.timer if timer is not None else _term_of(procedure, state, began[-1:])
    if name is None:
        return None
    since = began[-1]["at"] if began else None
    return Clock(name, since, _passing(procedure, timer) if timer else Passing())


def _term_of(procedure: Procedure, state: State, began: Sequence[Mapping[str, Any]]) -> str | None:
    """The plain term of this waiting: that of the move which began it, else the step's own, else that of a move or
    another step that lets a ticket wait so."""
    made = (move for event in began for move in _made(procedure, event["kind"], event["data"]))
    said = next((move.term for move in made if move.term and move.waits_for == state.waiting_for), None)
    if said is not None:
        return said
    own = procedure.step(state.step)
    if state.waiting_for == own.waits_for:
        return own.term
    waits = [(move.waits_for, move.term) for move in _moves(procedure)]
    waits += [(step.waits_for, step.term) for step in procedure.steps]
    return next((term for waits_for, term in waits if waits_for == state.waiting_for and term), None)


def _moves(procedure: Procedure) -> Iterator[Move]:
    for action in procedure.actions.values():
        yield from action.then
    for timer in procedure.timers.values():
        yield from timer.then


def _starts(procedure: Procedure, state: State, kind: str, data: Mapping[str, Any]) -> bool:
    """True for an event after which a ticket waits anew."""
    if kind == "step":
        return True
    if kind == "addition":  # the citizen has spoken: silence about what is missing begins again
        return state.timer is not None and state.step == procedure.first.number
    if kind == "given_back" and "waited_for" in data:  # a dispatch of one who is no inspector any more
        return True
    return any(_waits_anew(move) for move in _made(procedure, kind, data))


def _made(procedure: Procedure, kind: str, data: Mapping[str, Any]) -> list[Move]:
    """The moves of which an event tells: a clock's, or those its action's fields chose."""
    timer = procedure.timers.get(str(data.get("timer"))) if kind == "silence" else None
    action = procedure.actions.get(kind)
    return list(timer.then) if timer and timer.then else list(_chosen(action, data)) if action else []


def _chosen(action: Action, data: Mapping[str, Any]) -> Iterator[Move]:
    return (variant for variant in action.then if variant.chosen_by(data))


def _waits_anew(move: Move) -> bool:
    return bool(move.to or move.waits_for or move.timer or set(_STARTS_ANEW) & set(move.effects))


def _passing(procedure: Procedure, timer: Timer) -> Passing:
    """What a clock of silence does: its own move, or that of the action it performs."""
    move = next(iter(timer.then), None)
    if timer.act is not None:
        move = next(iter(_chosen(procedure.actions[timer.act], timer.given)), None)
    if move is None:
        return Passing()
    return Passing("remind" in move.effects, move.waits_for, move.close, "tell_apart" in move.effects)
