"""From a hearing to what is done about it: one list, read from the top, first match wins."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from sms.digits import is_ascii_number
from ticketing.accepted import Accepted
from ticketing.answering import add, answer_question, object_to_close, withdraw
from ticketing.asking import SAME_MATTER
from ticketing.citizen_actions import OBJECT, is_offered
from ticketing.errors import Conflict
from ticketing.hearing import Hearing
from ticketing.joining import BY_HAND
from ticketing.leading import leads_to
from ticketing.matter import Matter, find_matter
from ticketing.opening import open_ticket, ticket_of
from ticketing.persons import remember
from ticketing.rating import rate, survey_answered
from ticketing.replying import reply, tell_form
from ticketing.same_matter import Likely
from ticketing.survey_wishes import hear_wish
from ticketing.tables import questions
from ticketing.telling_apart import may_be_asked
from ticketing.ticket import Ticket, load
from ticketing.transaction import UnitTransaction
from ticketing.vocabulary import RATING

_SPEECH_ABOUT_NO_TICKET = {"elsewhere": "elsewhere", "thanks": "thanks"}
_LOOKING = ("track", "cancel")  # with no question open there is nothing to cancel: show what there is
_ANSWERS = ("category", SAME_MATTER)
"""Buttons that answer a question of every procedure; those of its own are in its data."""
_CODE_LIKE = range(11, 18)
_UNANSWERED = ("abuse", "spam")
_PERHAPS_ANOTHERS = ("elsewhere", "other")
"""What is no complaint of the first procedure may be for another one, which has a form of its own."""
_OBJECTING = ("complaint", "addition")
"""What somebody writes about a closed ticket that is more than a greeting."""


async def respond(tx: UnitTransaction, hearing: Hearing) -> Accepted:
    """Do what the report asks for and say where it ended up. A lost report is worse than a ticket too many."""
    button, _, _ = (hearing.report.choice or "").partition(":")
    if button == "start":
        reply(tx, hearing, "start")
        return Accepted("ignored")
    if hearing.about is not None:
        return await _about_proved(tx, hearing, hearing.about)
    if await hear_wish(tx, hearing):
        return Accepted("ignored")
    matter = await find_matter(tx, hearing)
    if matter.survey is None and button == RATING:
        return Accepted("ignored")  # a button of a survey that is over, pressed again
    if matter.ticket is not None:
        return await _about(tx, hearing, matter, matter.ticket, button)
    return await _about_nothing_known(tx, hearing, matter, button)


async def _about_proved(tx: UnitTransaction, hearing: Hearing, ticket_id: int) -> Accepted:
    ticket = await load(tx, hearing.rules.vault, ticket_id)
    reason = BY_HAND if hearing.report.filed_by is not None else "code and phone digits"
    if hearing.report.choice is None:
        return _accepted(hearing, ticket, await add(tx, hearing, ticket), Matter(ticket, (reason,)))
    kind, _, _ = hearing.report.choice.partition(":")
    if kind == RATING:
        survey = await survey_answered(tx, hearing, ticket)
        return await _rated(tx, hearing, Matter(ticket, (reason,), survey=survey), ticket)
    pending = (questions.c.ticket_id == ticket.id) & questions.c.state.in_(("open", "waiting"))
    asked = await tx.rows(select(questions).where(pending, questions.c.kind == kind))
    if not asked:
        raise Conflict("nothing_asked")
    matter = Matter(ticket, (reason,), question=asked[0])
    done, ticket = await answer_question(tx, hearing, matter)
    return _accepted(hearing, ticket, done, matter)


async def _rated(tx: UnitTransaction, hearing: Hearing, matter: Matter, ticket: Ticket) -> Accepted:
    if matter.survey is None:
        raise Conflict("nothing_asked")
    return _accepted(hearing, ticket, await rate(tx, hearing, ticket, matter.survey), matter)


async def _about(tx: UnitTransaction, hearing: Hearing, matter: Matter, ticket: Ticket, button: str) -> Accepted:
    if matter.survey is not None:
        return await _rated(tx, hearing, matter, ticket)
    intent = hearing.complaint.intent
    gives_up = intent == "withdrawal" or (button == "cancel" and matter.question is not None)
    if gives_up and ticket.is_open:
        done = await withdraw(tx, hearing, ticket)
    elif gives_up or (intent == "status" and not matter.asks_for_own(hearing.rules)) or button in _LOOKING:
        reply(tx, hearing, "status", ticket)
        done = "status"
    elif _is_answer(hearing, ticket, button) and not _is_asked(matter, hearing.report.choice or ""):
        done = "ignored"  # a button of a question that is over, pressed again
    elif matter.question is not None and not (intent == "thanks" and not hearing.report.attachments):
        done, ticket = await answer_question(tx, hearing, matter)
    elif hearing.report.always_complaint and not ticket.is_open:
        await remember(tx, hearing, joined=False)
        return await _open(tx, hearing)
    elif intent in _UNANSWERED or (intent == "thanks" and not hearing.report.attachments):
        done = "ignored"
    elif _is_objection(hearing, ticket):
        done = await object_to_close(tx, hearing, ticket)
        reply(tx, hearing, "objected", ticket)
    else:
        done = await add(tx, hearing, ticket)
        reply(tx, hearing, "added", ticket)
    return _accepted(hearing, ticket, done, matter)


async def _about_nothing_known(tx: UnitTransaction, hearing: Hearing, matter: Matter, button: str) -> Accepted:
    intent = hearing.complaint.intent
    if intent == "complaint" or (intent == "addition" and not matter.several):
        return await _open(tx, hearing, matter.likely)
    if matter.several:
        reply(tx, hearing, "which_ticket")
        return Accepted("asked")
    if matter.unknown_code or intent == "status" or button == "track" or _is_like_a_code(hearing):
        reply(tx, hearing, "unknown_code")
        return Accepted("status")
    if intent in _UNANSWERED:
        return Accepted("ignored")
    return _about_no_ticket(tx, hearing)


def _about_no_ticket(tx: UnitTransaction, hearing: Hearing) -> Accepted:
    intent, procedures = hearing.complaint.intent, hearing.rules.procedures.values()
    another = leads_to(procedures, hearing.complaint.key) if intent in _PERHAPS_ANOTHERS else None
    if another is not None:
        tell_form(tx, hearing, another)
        return Accepted("elsewhere")
    if intent in _SPEECH_ABOUT_NO_TICKET:
        reply(tx, hearing, _SPEECH_ABOUT_NO_TICKET[intent])
        return Accepted("elsewhere" if intent == "elsewhere" else "thanked")
    reply(tx, hearing, "start" if hearing.report.attachments or intent == "other" else "not_understood")
    return Accepted("ignored")


async def _open(tx: UnitTransaction, hearing: Hearing, likely: Likely | None = None) -> Accepted:
    ticket = ticket_of(hearing)
    asked = likely is not None and may_be_asked(hearing, ticket, likely)
    await open_ticket(tx, hearing, ticket, perhaps=likely.ticket if likely and asked else None)
    opened = _accepted(hearing, ticket, "opened", Matter(ticket))
    if likely is None:
        return opened
    return replace(opened, candidate=likely.ticket.id, score=likely.score, reasons=likely.reasons, asked_same=asked)


def _is_asked(matter: Matter, choice: str) -> bool:
    """Whether the button belongs to the question that is open; not every kind says whose it is."""
    kind, _, pressed = choice.partition(":")
    asked, (_, _, whose) = matter.question, pressed.partition(":")
    return asked is not None and asked["kind"] == kind and whose in ("", str(asked["ticket_id"]))


def _is_answer(hearing: Hearing, ticket: Ticket, button: str) -> bool:
    return button in (*_ANSWERS, *hearing.rules.procedures[ticket.procedure].questions)


def _is_objection(hearing: Hearing, ticket: Ticket) -> bool:
    """True for words, or a plain no, about a close that may be objected to."""
    said = hearing.complaint
    return (said.intent in _OBJECTING or said.answer == "no") and is_offered(hearing.rules, ticket, OBJECT, hearing.at)


def _is_like_a_code(hearing: Hearing) -> bool:
    """Nothing but digits, as many as a code has: most likely one with a slip in it."""
    digits = hearing.complaint.key.replace(" ", "").replace("-", "")
    return is_ascii_number(digits) and len(digits) in _CODE_LIKE


def _accepted(hearing: Hearing, ticket: Ticket, done: str, matter: Matter) -> Accepted:
    step = hearing.rules.procedures[ticket.procedure].step(ticket.step).code
    return Accepted(
        result=done,
        ticket_id=ticket.id,
        tracking_code=ticket.code,
        step=step,
        step_number=ticket.step,
        missing=tuple(ticket.missing),
        created=done == "opened",
        reasons=matter.reasons,
        score=matter.likely.score if matter.likely else None,
        confides=matter.survey is not None,
    )
