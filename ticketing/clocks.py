"""The clock a ticket waits under: when it starts, stops, pauses and goes on, and when the sweep has to do with it.

It says for how long whoever is waited for has; who that is, the procedure's data says. A clock is the citizen's or
staff's, by whom the ticket waits for: silence of the one has its timers, the other can be late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ticketing.appointed import starts_at
from ticketing.deadlines import Deadline
from ticketing.remaining import read_remaining, remaining
from ticketing.rules import Rules
from ticketing.ticket import Ticket

_CITIZEN: Final = "citizen"
_ACTOR: Final = "gateway"


def wait(
    rules: Rules, ticket: Ticket, at: datetime, *, waits_for: str | None, timer: str | None, term: str | None
) -> None:
    """The ticket waits for `waits_for` from `at` on, under `timer` or, without one, for `term`.

    A term of staff that pauses while the citizen is asked goes on with what was left of it, where it is the same role's
    turn again in the same step.
    """
    lasting = rules.procedures[ticket.procedure].timers[timer].term if timer else term
    paused = _leave(rules, ticket, at, waits_for)
    ticket.waiting_for, ticket.timer = waits_for, timer
    if lasting is None:
        stop(ticket, paused)
    elif paused is not None and waits_for == paused["waited_for"] and lasting == paused["term"]:
        go_on(rules, ticket, at, paused)
        ticket.record("resumed", _ACTOR, at, term=lasting, left=paused["left"])
    else:
        _start(rules, ticket, at, lasting, paused)


def go_on(rules: Rules, ticket: Ticket, at: datetime, stopped: Mapping[str, Any]) -> None:
    """A clock that `stopped_clock` described goes on with what it had left; who was warned of it is not again."""
    left, term = read_remaining(stopped["left"]), stopped.get("term")
    clock = {"term": term, "law": stopped.get("law"), "lasting": str(left), "rest": True}
    clock |= {"warned": True} if stopped.get("warned") else {}
    _run(rules, ticket, at, clock, left.after(at, rules.deadlines.calendar))
    if ticket.due_at is not None and ticket.due_at <= at:
        ticket.rings_at = at if ticket.timer else None  # it was over before, and said so
    elif term in rules.procedures[ticket.procedure].terms:
        _warn_before_end(rules, ticket, at, rules.deadlines.of(ticket.procedure, term, at, ticket.category))


def stop(ticket: Ticket, paused: Mapping[str, Any] | None = None) -> None:
    """No clock runs; what is `paused` may go on later."""
    ticket.timer = ticket.due_at = ticket.began_at = ticket.rings_at = None
    ticket.clock = {"paused": dict(paused)} if paused else None


def stopped_clock(rules: Rules, ticket: Ticket, at: datetime) -> dict[str, Any] | None:
    """What `go_on` needs of the running clock; None where none runs."""
    if ticket.due_at is None:
        return None
    clock = ticket.clock or {}
    left = remaining(clock.get("lasting", ""), at, ticket.due_at, rules.deadlines.calendar)
    return {**{name: clock.get(name) for name in ("term", "law", "warned")}, "left": str(left)}


def note_late(ticket: Ticket, at: datetime) -> None:
    """A clock that has run out is noted on a ticket of staff's turn, once for each clock; the first time is kept."""
    if ticket.due_at is None or ticket.due_at > at or ticket.rings_at is None or not waits_for_staff(ticket):
        return
    ticket.late_at, ticket.rings_at = ticket.late_at or ticket.due_at, None
    ticket.record("late", _ACTOR, at, term=(ticket.clock or {}).get("term"), waited_for=ticket.waiting_for)


def waits_for_staff(ticket: Ticket) -> bool:
    """True where it is a role's turn."""
    return ticket.waiting_for not in (None, _CITIZEN)


def _leave(rules: Rules, ticket: Ticket, at: datetime, waits_for: str | None) -> Mapping[str, Any] | None:
    """The waiting so far is over: it may have been late, and it may pause. Returns what is paused in this step."""
    note_late(ticket, at)
    clock = ticket.clock or {}
    term = rules.procedures[ticket.procedure].terms.get(clock.get("term", ""))
    if waits_for == _CITIZEN and waits_for_staff(ticket) and term is not None and term.pauses:
        if clock["step"] != ticket.step:
            return None
        stopped = {**(stopped_clock(rules, ticket, at) or {}), "waited_for": ticket.waiting_for, "step": ticket.step}
        ticket.record("paused", _ACTOR, at, term=stopped["term"], left=stopped["left"])
        return stopped
    paused: Mapping[str, Any] | None = clock.get("paused")
    return paused if paused is not None and paused["step"] == ticket.step else None


def _start(rules: Rules, ticket: Ticket, at: datetime, term: str, paused: Mapping[str, Any] | None) -> None:
    rule, appointed_at = rules.procedures[ticket.procedure].terms[term], starts_at(ticket)
    if rule.after_appointment and appointed_at is not None:
        at = max(at, appointed_at)
    deadline = rules.deadlines.of(ticket.procedure, term, at, ticket.category)
    clock: dict[str, Any] = {"term": term, "law": deadline.law, "lasting": str(deadline.length)}
    if paused is not None and ticket.waiting_for == _CITIZEN:
        clock["paused"] = dict(paused)
    _run(rules, ticket, at, clock, rules.deadlines.due(ticket.procedure, term, at, ticket.category))
    _warn_before_end(rules, ticket, at, deadline)


def _warn_before_end(rules: Rules, ticket: Ticket, at: datetime, deadline: Deadline) -> None:
    is_told = (ticket.clock or {}).get("warned", False)
    if deadline.warn is None or ticket.due_at is None or is_told or not waits_for_staff(ticket):
        return
    warns_at = deadline.warn.before(ticket.due_at, rules.deadlines.calendar)
    if warns_at > at:
        ticket.rings_at = warns_at


def _run(rules: Rules, ticket: Ticket, at: datetime, clock: dict[str, Any], due_at: datetime) -> None:
    ticket.clock, ticket.began_at, ticket.due_at = {**clock, "step": ticket.step}, at, due_at
    ticket.rings_at = due_at if ticket.timer or waits_for_staff(ticket) else None
