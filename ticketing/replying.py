"""Answers in the channel's own voice that belong to no step: status, greetings, where else to go."""

from __future__ import annotations

from datetime import date

from persiantools.jdatetime import JalaliDate

from ticketing.deadlines import due_on
from ticketing.hearing import Hearing
from ticketing.notify import send
from ticketing.procedure import Procedure
from ticketing.rules import Rules
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction


def reply(tx: UnitTransaction, hearing: Hearing, name: str, ticket: Ticket | None = None, **values: str) -> None:
    """Say the text `name` back on the channel it came by; silent where the channel has no voice.

    `values` fill in what a text about no ticket leaves open.
    """
    voice, rules = hearing.voice, hearing.rules
    if voice is None:
        return
    language = ticket.language if ticket else hearing.report.sender.language
    words = _words(rules, name, language, ticket) if ticket else rules.texts.render(name, language, **values)
    send(
        tx,
        rules,
        ticket,
        hearing.at,
        kind="reply",
        medium=voice.medium,
        address=voice.address,
        account=voice.account,
        text=words,
    )


def tell_form(tx: UnitTransaction, hearing: Hearing, procedure: Procedure) -> None:
    """Say on which form of ours this is filed, with its address where the rules know it."""
    language, address = hearing.report.sender.language, hearing.rules.forms.get(procedure.code)
    form = titled(procedure.filing.link or procedure.title, language)
    if address is None:
        reply(tx, hearing, "file_on_site", form=form)
    else:
        reply(tx, hearing, "file_here", form=form, address=titled(address, language))


def _words(rules: Rules, name: str, language: str, ticket: Ticket) -> str:
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
