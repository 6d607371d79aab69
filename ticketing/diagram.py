"""A procedure drawn from its data, as a Mermaid state diagram for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from ticketing.procedure import Action, Move, Procedure
from ticketing.title import titled

_END = "[*]"


def diagram(procedure: Procedure, language: str = "en") -> str:
    """Steps as states, moves as arrows named by what makes them; actions that move nothing are left out."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {step.code}: {step.number}. {titled(step.title, language)}" for step in procedure.steps]
    lines.append(f"    {_END} --> {procedure.first.code}")
    lines += dict.fromkeys(_arrows(procedure))
    return "\n".join(lines) + "\n"


def _arrows(procedure: Procedure) -> Iterator[str]:
    for action in procedure.actions.values():
        for variant in action.then:
            values = [str(value).lower() for chosen in variant.when.values() for value in chosen]
            name = f"{action.code}({' / '.join(values)})" if values else action.code
            for step in _from(procedure, action):
                yield from _arrow(step, variant, name)
    for state in procedure.states():
        timer = procedure.timers.get(state.timer or "")
        for move in timer.then if timer is not None else ():
            yield from _arrow(procedure.step(state.step).code, move, f"silence({state.timer})")


def _from(procedure: Procedure, action: Action) -> list[str]:
    """The steps an action can be done at: those it names, else those where it was seen to be open."""
    if action.steps:
        return list(action.steps)
    numbers = {state.step for state in procedure.states() if procedure.open_to(action, state)}
    return [step.code for step in procedure.steps if step.number in numbers]


def _arrow(step: str, move: Move, name: str) -> Iterator[str]:
    if move.close is not None:
        reached = move.to or step
        if move.to is not None and move.to != step:
            yield f"    {step} --> {move.to}: {name}"
        yield f"    {reached} --> {_END}: {move.close}"
    elif move.to is not None or move.waits_for is not None:
        waiting = f", waits for {move.waits_for}" if move.waits_for else ""
        yield f"    {step} --> {move.to or step}: {name}{waiting}"
