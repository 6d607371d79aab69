"""Which texts to citizens the procedures need: one for each step, one for each way to close before the last step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sms.texts import Told
from ticketing.procedure import Move, Procedure


def told_by(procedures: Iterable[Procedure]) -> Told:
    """The names of those texts. A close is told alike in all procedures that have it; a step where they say so."""
    known = list(procedures)
    steps = [step.told for procedure in known for step in procedure.steps if step.told is not None]
    closes = [name_of_close(code) for procedure in known for code in procedure.outcomes if _is_early(procedure, code)]
    closes += [move.close_text for procedure in known for _, move in _moves(procedure) if move.close_text]
    return Told(tuple(dict.fromkeys(steps)), tuple(dict.fromkeys(closes)))


def name_of_close(outcome: str) -> str:
    """The name of the text about closing with this outcome."""
    return f"closed_{outcome}"


def _is_early(procedure: Procedure, outcome: str) -> bool:
    """It may be closed so without entering the last step, which would tell of it; also once more, from there."""
    last = procedure.last.code
    return any(
        move.close == outcome and move.close_text is None and (move.to != last or not steps or last in steps)
        for steps, move in _moves(procedure)
    )


def _moves(procedure: Procedure) -> Iterator[tuple[Collection[str], Move]]:
    for action in procedure.actions.values():
        for move in action.then:
            yield action.steps, move
    for timer in procedure.timers.values():
        yield from (((), rung) for rung in timer.then)
