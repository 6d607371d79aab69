"""A procedure drawn from its data, as a Mermaid state diagram for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from ticketing.procedure import Move, Procedure
from ticketing.states import State, after
from ticketing.title import titled

_END = "[*]"


def diagram(procedure: Procedure, language: str = "en") -> str:
    """Steps as states, moves as arrows named by what makes them; actions that move nothing are left out.

    Arrows are drawn from where a ticket can stand to where it then stands: one that has climbed stays where it is.
    """
    lines = ["stateDiagram-v2"]
    lines += [f"    {step.code}: {step.number}. {titled(step.title, language)}" for step in procedure.steps]
    lines.append(f"    {_END} --> {procedure.first.code}")
    lines += dict.fromkeys(_arrows(procedure))
    return "\n".join(lines) + "\n"


def _arrows(procedure: Procedure) -> Iterator[str]:
    states = sorted(procedure.states(), key=lambda state: state.step)
    for action in procedure.actions.values():
        for variant in action.then:
            values = [str(value).lower() for chosen in variant.when.values() for value in chosen]
            name = f"{action.code}({' / '.join(values)})" if values else action.code
            for state in states:
                if procedure.open_to(action, state):
                    yield from _arrow(procedure, state, variant, name)
    for state in states:
        timer = procedure.timers.get(state.timer or "")
        for move in timer.then if timer is not None else ():
            yield from _arrow(procedure, state, move, f"silence({state.timer})")


def _arrow(procedure: Procedure, state: State, move: Move, name: str) -> Iterator[str]:
    then = after(procedure, state, move)
    here, there = (procedure.step(each.step).code for each in (state, then))
    if move.close is not None:
        if here != there:
            yield f"    {here} --> {there}: {name}"
        yield f"    {there} --> {_END}: {move.close}"
    elif here != there or move.to is not None or move.waits_for is not None:
        is_said = here == there or move.waits_for is not None
        yield f"    {here} --> {there}: {name}" + (f", waits for {then.waiting_for}" if is_said else "")
