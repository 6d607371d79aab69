"""Moving a ticket through its procedure: steps entered, clocks set, people told, tickets closed.

Every change of step, waiting and status happens here, from the procedure's data; who may cause it is
decided before, what else an action does is in `effects`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ticketing.appointments import end
from ticketing.asking import ask, settle_questions
from ticketing.clocks import note_late, stop, stopped_clock, wait
from ticketing.devices import tell_devices
from ticketing.doing import Doing, Effect
from ticketing.effects import EFFECTS
from ticketing.guards import holds
from ticketing.inspectors import text_inspector
from ticketing.notify import Choices, tell_close, tell_step
from ticketing.procedure import Action, Move
from ticketing.procedure_texts import name_of_close
from ticketing.rules import Rules
from ticketing.sister_results import owe
from ticketing.surveying import plan
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction


async def enter(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    step_code: str,
    at: datetime,
    actor: str,
    *,
    question: str = "",
    choices: Choices = (),
) -> None:
    """Enter a step: the one text of it, whom the ticket waits for now, and until when.

    A step that was reached before is not entered again, and a ticket only climbs: only the waiting is set anew. Where
    the step lets a rule of routing act, an automatic one does so at once.
    """
    procedure = rules.procedures[ticket.procedure]
    step = procedure.step(step_code)
    is_new = step.number > ticket.step
    ticket.step = max(ticket.step, step.number)
    for name in step.effects if is_new else ():
        await EFFECTS[name](Doing(tx, rules, ticket, at, actor))
    wait(rules, ticket, at, waits_for=step.waits_for, timer=step.timer, term=step.term)
    if is_new:
        ticket.record("step", actor, at, number=step.number, step=step.code)
        if step.told is not None:
            tell_step(tx, rules, ticket, step.told, at, question=question, choices=choices)
        await tell_devices(tx, rules, ticket, "step", at)
    if step.by_rule is not None:
        await _follow_rule(tx, rules, ticket, step.by_rule, at)


async def register(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime, actor: str) -> None:
    """The ticket is complete: it enters the step after the first (CONTRACT §4)."""
    if ticket.stored is not None:  # one that is only being opened has asked nothing yet
        await settle_questions(tx, rules, ticket, at)
    await enter(tx, rules, ticket, rules.procedures[ticket.procedure].steps[1].code, at, actor)


def wait_afresh(rules: Rules, ticket: Ticket, at: datetime) -> None:
    """The step's own waiting from the beginning: the citizen has spoken, so silence starts anew.

    A term of staff that paused meanwhile is theirs again, with what was left of it.
    """
    step, paused = rules.procedures[ticket.procedure].step(ticket.step), (ticket.clock or {}).get("paused") or {}
    is_theirs = paused.get("step") == ticket.step and paused.get("waited_for") == step.waits_for
    term = paused["term"] if is_theirs else step.term
    wait(rules, ticket, at, waits_for=step.waits_for, timer=step.timer, term=term)


def wait_unsure(rules: Rules, ticket: Ticket, at: datetime) -> None:
    """For the citizen to say whether it is the same matter as an earlier ticket; the procedure must ask that."""
    step, rule = rules.procedures[ticket.procedure].step(ticket.step), rules.procedures[ticket.procedure].same_matter
    wait(rules, ticket, at, waits_for=step.waits_for, timer=rule.timer if rule else step.timer, term=None)


def wait_unasked(rules: Rules, ticket: Ticket) -> None:
    """Nobody can be asked for what is missing: staff's turn, and no clock of silence runs."""
    ticket.waiting_for = rules.procedures[ticket.procedure].step(ticket.step).unasked or ticket.waiting_for
    stop(ticket)


async def close(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    outcome: str,
    at: datetime,
    actor: str,
    *,
    is_told: bool = False,
    text: str = "",
) -> None:
    """Close with `outcome`: questions dropped, the citizen told by `text` or the outcome's own, unless the last step,
    just entered, has told them, and asked later how it was handled; sister systems whose case it is are told as well.

    The event keeps what a reopening gives back. An appointment still to come is off.
    """
    await end(tx, ticket, "declined" if actor == "citizen" else "cancelled", at)
    note_late(ticket, at)
    left_s = int((ticket.due_at - at).total_seconds()) if ticket.due_at else None
    was = {"waited_for": ticket.waiting_for, "timer": ticket.timer, "clock": stopped_clock(rules, ticket, at)}
    ticket.record("closed", actor, at, outcome=outcome, left_s=left_s, **was)
    plan(tx, rules, ticket, outcome, at)
    await owe(tx, rules, ticket, at)
    if ticket.waiting_for == "inspector":
        await text_inspector(tx, rules, ticket, "dispatch_cancelled", at)
    ticket.status, ticket.outcome, ticket.closed_at = "closed", outcome, at
    ticket.waiting_for = None
    stop(ticket, paused=(ticket.clock or {}).get("paused"))
    await settle_questions(tx, rules, ticket, at, state="dropped")
    if not is_told:
        tell_close(tx, rules, ticket, at, text or name_of_close(outcome))
        await tell_devices(tx, rules, ticket, "close", at)


async def move(tx: UnitTransaction, rules: Rules, ticket: Ticket, to_make: Move, at: datetime, actor: str) -> None:
    """Make a move of the procedure's data, in the order `Move` promises; effects and guard are behind it."""
    before = ticket.step
    if to_make.reopens:
        ticket.open_again()
    if to_make.to is not None:
        await enter(tx, rules, ticket, to_make.to, at, actor)
    if to_make.waits_for is not None or to_make.timer is not None:
        waits_for = to_make.waits_for or ticket.waiting_for
        wait(rules, ticket, at, waits_for=waits_for, timer=to_make.timer, term=to_make.term)
    if to_make.settles:
        await settle_questions(tx, rules, ticket, at, kinds=to_make.settles)
    timer = rules.procedures[ticket.procedure].timers.get(to_make.timer or "")
    if timer is not None and timer.asks is not None:
        await ask(tx, rules, ticket, timer.asks, at)
    if to_make.inspector_text is not None:
        await text_inspector(tx, rules, ticket, to_make.inspector_text, at)
    if to_make.close is not None:
        announced = before < ticket.step == rules.procedures[ticket.procedure].last.number
        text = to_make.close_text or ""
        await close(tx, rules, ticket, to_make.close, at, actor, is_told=announced, text=text)


async def carry_out(
    doing: Doing, to_make: Move, kind: str, action: Action | None = None, effects: Mapping[str, Effect] = EFFECTS
) -> None:
    """Effects, then the event, what effects left for after it, then, where the guard holds, the move."""
    doing.action = action
    for name in to_make.effects:
        await effects[name](doing)
    doing.record(kind, action)
    for follow in doing.afterwards:
        await follow()
    if holds(doing.rules, doing.ticket, to_make.guard):
        await move(doing.tx, doing.rules, doing.ticket, to_make, doing.at, doing.actor)


async def _follow_rule(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, by_rule: tuple[str, str], at: datetime
) -> None:
    choice = rules.routing.choose(ticket, rules.categories.get(ticket.category or ""))
    if choice is None or not choice.automatic:
        return
    action_code, field = by_rule
    action = rules.procedures[ticket.procedure].actions[action_code]
    fields = {field: choice.route} | ({"body": choice.body} if choice.body else {})
    doing = Doing(tx, rules, ticket, at, "rule", fields, data={"because": choice.because})
    for variant in action.then:
        if variant.chosen_by(fields) and holds(rules, ticket, variant.provided):
            await carry_out(doing, variant, action.code, action)
            return
