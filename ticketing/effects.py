"""What actions do beyond moving the ticket: each effect a procedure's data may name, but for taking facts (`facts`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from persiantools.jdatetime import JalaliDate
from sqlalchemy import select, update

from normalizer.day import tehran_day
from ticketing import appointments
from ticketing.asking import FEE, SAME_MATTER, ask, ask_next, next_missing, say_question, settle_questions
from ticketing.climbing import address, hand_down, hand_up, press_body, tell_bodies
from ticketing.clocks import go_on, wait
from ticketing.doing import Doing, Effect
from ticketing.errors import FieldError, Invalid
from ticketing.formal import charge_expert, serve, summon
from ticketing.hearings import before_appointment, check_quorum, count_hearing
from ticketing.inspectors import find_inspector, is_inspector, text_inspector, way_back
from ticketing.joining import give_back, take_over
from ticketing.needs import missing_of
from ticketing.notify import send, talk_back
from ticketing.parties import name_proxy, seek_address
from ticketing.tables import cursors, events, questions


async def set_route(doing: Doing) -> None:
    """The route the evaluator or a rule chose."""
    doing.ticket.route = doing.fields["route"]


async def set_urgent(doing: Doing) -> None:
    """It is dealt with out of turn."""
    doing.ticket.urgent = True


async def refuse_fee(doing: Doing) -> None:
    """The receipt is none: the fee is due as before."""
    told_by = doing.procedure.facts[FEE].told_by
    ticket = doing.ticket
    ticket.details = {name: value for name, value in ticket.details.items() if name not in told_by}
    ticket.missing = missing_of(doing.procedure, ticket)


async def send_to_body(doing: Doing) -> None:
    """The union or company it goes to; `''` is any officer of the ticket's organisation."""
    doing.ticket.body = doing.fields.get("body") or ""


async def transfer(doing: Doing) -> None:
    """Another organisation's from now on; nobody and no body of the old one has it any more."""
    ticket, organisation = doing.ticket, doing.fields["organisation"]
    if organisation == ticket.organisation:
        raise Invalid([FieldError("organisation", "same_organisation")])
    doing.data["from"] = ticket.organisation
    ticket.organisation = organisation
    ticket.assignee = ticket.assigned_at = None
    if ticket.body is not None:
        ticket.body = ""


async def assign_inspector(doing: Doing) -> None:
    """The inspector sent, who must work for the ticket's organisation or the nation."""
    found = await find_inspector(doing.tx, doing.fields["inspector"], doing.ticket.organisation)
    if found is None:
        raise Invalid([FieldError("inspector", "no_such_inspector")])
    doing.ticket.inspector, doing.ticket.accepted_at = found, None


async def accept(doing: Doing) -> None:
    """The inspector has taken it on; the first time counts."""
    doing.ticket.accepted_at = doing.ticket.accepted_at or doing.at


async def release_inspector(doing: Doing) -> None:
    """Nobody's dispatch any more."""
    doing.ticket.inspector = doing.ticket.accepted_at = None


async def open_case(doing: Doing) -> None:
    """A case file number, counted within the Jalali year; a ticket keeps the one it has."""
    if doing.ticket.case_number is None:
        year = JalaliDate.to_jalali(tehran_day(doing.at)).year  # type: ignore[no-untyped-call]
        doing.ticket.case_number = f"{year}-{await _next_case(doing, year):06d}"
    doing.data["case_number"] = doing.ticket.case_number


async def _next_case(doing: Doing, year: int) -> int:
    name = f"case/{year}"
    counted = update(cursors).where(cursors.c.name == name).values(value=cursors.c.value + 1)
    row = (await doing.tx.execute(counted.returning(cursors.c.value))).first()
    if row is None:
        doing.tx.add(cursors, {"name": name, "value": 1})
        return 1
    return int(row[0])


async def reveal(doing: Doing) -> None:
    """Show who complains, in this answer only."""
    doing.shown["identity"] = asdict(doing.ticket.identity)


async def join(doing: Doing) -> None:
    """Its reports go to another ticket."""
    code, actor, staff = doing.fields["tracking_code"], doing.actor, doing.staff
    doing.data |= await take_over(doing.tx, doing.rules, doing.ticket, code, actor, staff, doing.at)


async def unjoin(doing: Doing) -> None:
    """Its reports come back, and it goes on from where it was."""
    joined = await _last_event(doing, "join")
    await give_back(doing.tx, doing.rules, doing.ticket, joined, doing.actor, doing.at)
    await reopen(doing)


async def reopen(doing: Doing) -> None:
    """Back to the step and waiting it was closed in; a clock of silence starts afresh, a term has left what it had.

    Where it waited for an inspector who is none any more, it waits as if they had declined.
    """
    ticket, was = doing.ticket, await _last_event(doing, "closed")
    ticket.open_again()
    if was["waited_for"] == "inspector" and not await is_inspector(doing.tx, ticket.inspector):
        back = way_back(doing.procedure)
        await release_inspector(doing)
        wait(doing.rules, ticket, doing.at, waits_for=back.waits_for, timer=back.timer, term=back.term)
        return
    timer = doing.procedure.timers.get(was["timer"] or "")
    if timer is not None:
        wait(doing.rules, ticket, doing.at, waits_for=was["waited_for"], timer=was["timer"], term=None)
    else:
        ticket.waiting_for = was["waited_for"]
        if was["left_s"] is not None:
            go_on(doing.rules, ticket, doing.at, was.get("clock") or {"left": f"{was['left_s']}s"})
    if ticket.waiting_for == "inspector":
        await text_inspector(doing.tx, doing.rules, ticket, "dispatch", doing.at)
    kind = (timer.asks if timer else None) or next_missing(ticket)
    if ticket.waiting_for == "citizen" and kind is not None:
        await ask(doing.tx, doing.rules, ticket, kind, doing.at)


async def _last_event(doing: Doing, kind: str) -> Mapping[str, Any]:
    mine = (events.c.ticket_id == doing.ticket.id) & (events.c.kind == kind)
    rows = await doing.tx.rows(select(events.c.data).where(mine).order_by(events.c.number.desc()).limit(1))
    data: Mapping[str, Any] = rows[0]["data"]
    return data


async def remind(doing: Doing) -> None:
    """One reminder about missing facts, with the question again where it is open or can be opened."""
    tx, rules, ticket, at = doing.tx, doing.rules, doing.ticket, doing.at
    kind, address = next_missing(ticket), talk_back(ticket)
    if kind is None or address is None:
        return
    words = rules.texts.render("reminder", ticket.language, code=ticket.code)
    pending = (questions.c.ticket_id == ticket.id) & questions.c.state.in_(("open", "waiting"))
    asked = {row["state"] for row in await tx.rows(select(questions.c.state).where(pending))}
    if "open" in asked or (not asked and await ask(tx, rules, ticket, kind, at, spoken=True)):
        say_question(tx, rules, ticket, kind, at, preface=words)
    else:  # another ticket's question is open at this address: a second one now would confuse the answers
        medium, where = address
        send(tx, rules, ticket, at, kind="question", medium=medium, address=where, text=words)


async def tell_apart(doing: Doing) -> None:
    """Nobody said that it is the same matter: it goes on as a new one, and what it lacks is asked for."""
    tx, rules, ticket, at = doing.tx, doing.rules, doing.ticket, doing.at
    await settle_questions(tx, rules, ticket, at, kinds=(SAME_MATTER,), state="dropped")
    await ask_next(tx, rules, ticket, at)


EFFECTS: Final[Mapping[str, Effect]] = {
    each.__name__: each
    for each in (
        set_route,
        send_to_body,
        transfer,
        assign_inspector,
        accept,
        release_inspector,
        open_case,
        reveal,
        join,
        unjoin,
        reopen,
        remind,
        tell_apart,
        address,
        hand_up,
        hand_down,
        tell_bodies,
        press_body,
        set_urgent,
        refuse_fee,
        seek_address,
        name_proxy,
        summon,
        serve,
        charge_expert,
        check_quorum,
        count_hearing,
        before_appointment,
        appointments.offer_slot,
        appointments.confirm_appointment,
        appointments.decline_appointment,
        appointments.lapse_appointment,
        appointments.hold_appointment,
        appointments.miss_appointment,
        appointments.cancel_appointment,
    )
}
