"""Answers in the channel's own voice that belong to no step: status, greetings, where else to go."""

from __future__ import annotations

from datetime import date

from persiantools.jdatetime import JalaliDate

from ticketing.deadlines import due_on
from ticketing.hearing import Hearing
from ticketing.notify import send
from ticketing.rules import Rules
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction


def reply(tx: UnitTransaction, hearing: Hearing, name: str, ticket: Ticket | None = None) -> None:
    """Say the text `name` back on the channel it came by; silent where the channel has no voice."""
    voice = hearing.voice
    if voice is None:
        return
    language = ticket.language if ticket else hearing.report.sender.language
    words = _words(hearing.rules, name, language, ticket)
    send(
        tx,
        hearing.rules,
        ticket,
        hearing.at,
        kind="reply",
        medium=voice.medium,
        address=voice.address,
        account=voice.account,
        text=words,
    )


def _words(rules: Rules, name: str, language: str, ticket: Ticket | None) -> str:
    if ticket is None:
        return rules.texts.render(name, language)
    if name != "status":
        return rules.texts.render(name, language, code=ticket.code)
    step, day = step_title(rules, ticket), due_on(ticket.due_at) if ticket.is_open else None
    if day is None:
        return rules.texts.render("status", language, code=ticket.code, step=step)
    return rules.texts.render("status_due", language, code=ticket.code, step=step, due=written_day(day, language))


def written_day(day: date, language: str) -> str:
    """A day as texts say it."""
    if language != "fa":
        return day.isoformat()
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    return f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"


def step_title(rules: Rules, ticket: Ticket) -> str:
    """What the ticket's present step is called, or its outcome once it is closed, for people."""
    procedure = rules.procedures[ticket.procedure]
    if not ticket.is_open and ticket.outcome:
        return titled(procedure.outcomes[ticket.outcome], ticket.language)
    return titled(procedure.step(ticket.step).title, ticket.language)
