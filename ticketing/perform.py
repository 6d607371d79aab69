"""Doing an action of the procedure: the citizen's own, a clock's, and, behind `act`, staff's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from normalizer.day import tehran_day
from ticketing.action_body import read_body
from ticketing.doing import Doing, Effect, last_day, state_of
from ticketing.effects import EFFECTS
from ticketing.errors import Conflict
from ticketing.facts import complete
from ticketing.going_over import GO_OVER, go_over
from ticketing.grievances import OPEN_GRIEVANCE, open_grievance
from ticketing.guards import holds, is_open_to
from ticketing.handing_out import HAND_OUT, hand_out
from ticketing.procedure import Action, Timer, Variant, may
from ticketing.rules import Rules
from ticketing.stepping import carry_out
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction
from ticketing.unjoining import UNJOIN_REPORT, unjoin_report

ALL_EFFECTS: Final[Mapping[str, Effect]] = {
    **EFFECTS,
    "complete": complete,
    UNJOIN_REPORT: unjoin_report,
    GO_OVER: go_over,
    OPEN_GRIEVANCE: open_grievance,
    HAND_OUT: hand_out,
}


async def perform(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    action_code: str,
    body: Mapping[str, Any],
    *,
    at: datetime,
    actor: str,
) -> None:
    """Do what somebody who is no staff (`citizen`, `gateway`) does; the caller saves.

    Raises `Conflict` where the procedure does not let `actor` do it now (`term_over`: not any more), `Invalid` for
    wrong fields.
    """
    procedure = rules.procedures[ticket.procedure]
    action = procedure.actions.get(action_code)
    if action is None or not (may(action, actor) and is_open_to(rules, ticket, action)):
        raise Conflict(allowed_actions=procedure.allowed(actor, state_of(ticket)))
    if is_over(rules, ticket, action, at):
        raise Conflict("term_over")
    checked = read_body(action, body, at, partial(holds, rules, ticket))
    doing = Doing(tx, rules, ticket, at, actor, checked.fields, note=checked.note)
    await make(doing, action, checked.variant)


def is_over(rules: Rules, ticket: Ticket, action: Action, at: datetime) -> bool:
    """True where the term within which the citizen may do `action` has passed."""
    last = last_day(rules, ticket, action)
    return last is not None and tehran_day(at) > last


async def make(doing: Doing, action: Action, variant: Variant) -> None:
    """Carry out a checked action."""
    await carry_out(doing, variant, action.code, action, ALL_EFFECTS)


async def ring(tx: UnitTransaction, rules: Rules, ticket: Ticket, timer: Timer, at: datetime) -> None:
    """Do what a clock of silence does when its time has passed; the caller saves."""
    if timer.act is not None:
        await perform(tx, rules, ticket, timer.act, timer.given, at=at, actor="gateway")
    else:
        doing = Doing(tx, rules, ticket, at, "gateway", data={"timer": ticket.timer})
        to_make = next(move for move in timer.then if holds(rules, ticket, move.provided))
        await carry_out(doing, to_make, "silence", None, ALL_EFFECTS)
