"""Where a ticket can stand in a procedure, found by walking its data: the rows of the tests' matrix."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ticketing.procedure import Move, Procedure


class State(NamedTuple):
    """The last step entered, whom the ticket waits for, how it was closed if it was, and the clock that runs."""

    step: int
    waiting_for: str | None
    status: str = "open"
    outcome: str | None = None
    timer: str | None = None


def reachable(procedure: Procedure) -> Iterator[State]:
    """Every state a ticket can come to, breadth first from the first step."""
    start = _entered(procedure, procedure.first.code)
    starts = [start]
    if procedure.same_matter is not None:
        starts.append(start._replace(timer=procedure.same_matter.timer))
    seen, queue = set(starts), deque(starts)
    while queue:
        state = queue.popleft()
        yield state
        for after in _next_states(procedure, state):
            if after not in seen:
                seen.add(after)
                queue.append(after)


def _next_states(procedure: Procedure, state: State) -> Iterator[State]:
    for action in procedure.actions.values():
        if procedure.open_to(action, state):
            for variant in action.then:
                yield after(procedure, state, variant)
    timer = procedure.timers.get(state.timer or "")
    for move in timer.then if timer is not None else ():
        yield after(procedure, state, move)


def _entered(procedure: Procedure, code: str) -> State:
    step = procedure.step(code)
    return State(step.number, step.waits_for, timer=step.timer)


def after(procedure: Procedure, state: State, move: Move) -> State:
    """The state a move leads to where its guard, if it has one, holds."""
    if move.reopens:
        state = state._replace(status="open", outcome=None)
    if move.to is not None and procedure.step(move.to).number > state.step:
        state = _entered(procedure, move.to)
    elif move.to is not None:
        state = state._replace(waiting_for=procedure.step(move.to).waits_for, timer=procedure.step(move.to).timer)
    if move.waits_for is not None:
        state = state._replace(waiting_for=move.waits_for, timer=None)
    if move.timer is not None:
        state = state._replace(timer=move.timer)
    if move.close is not None:
        state = state._replace(waiting_for=None, status="closed", outcome=move.close, timer=None)
    return state
