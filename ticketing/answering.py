"""What an arrival does to a ticket that is already there: facts, an answer, an addition, a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ticketing.asking import SAME_MATTER, is_asking, next_missing, offer_call, repeat, settle_questions
from ticketing.citizen_actions import CITIZEN, OBJECT, WITHDRAW
from ticketing.completing import facts_came, take_facts
from ticketing.hearing import Hearing
from ticketing.matter import Matter
from ticketing.needs import missing_of
from ticketing.own_facts import take_own
from ticketing.perform import perform
from ticketing.procedure import Answer
from ticketing.telling_apart import says_same, tell_apart
from ticketing.ticket import Ticket, save
from ticketing.told_facts import facts_of
from ticketing.transaction import UnitTransaction

_LONG_ENOUGH_FOR_A_NAME = 2
_MOST_WORDS = 4_000


async def withdraw(tx: UnitTransaction, hearing: Hearing, ticket: Ticket) -> str:
    """The citizen takes the complaint back: closed, as the procedure says."""
    await perform(tx, hearing.rules, ticket, WITHDRAW, {}, at=hearing.at, actor=CITIZEN)
    await save(tx, hearing.rules.vault, ticket, hearing.at)
    return "withdrawn"


async def object_to_close(tx: UnitTransaction, hearing: Hearing, ticket: Ticket) -> str:
    """The citizen does not accept how it was closed: open again, as the procedure says, with their words."""
    words = {"text": hearing.complaint.text[:_MOST_WORDS]}
    await perform(tx, hearing.rules, ticket, OBJECT, words, at=hearing.at, actor=CITIZEN)
    await save(tx, hearing.rules.vault, ticket, hearing.at)
    return "joined"


async def add(tx: UnitTransaction, hearing: Hearing, ticket: Ticket) -> str:
    """More words or files for a ticket: kept with it, its gaps filled from them, the next question asked."""
    _note_addition(hearing, ticket)
    if ticket.is_open:
        take_facts(ticket, facts_of(hearing.complaint), hearing.complaint)
        lacking = next_missing(ticket)
        own = hearing.rules.procedures[ticket.procedure].facts.get(lacking or "")
        if own is not None and hearing.about is not None:  # said where the page asks for it
            take_own(hearing.rules, ticket, own, hearing.complaint.text, hearing.at)
        await facts_came(tx, hearing.rules, ticket, hearing.at, "citizen")
    await save(tx, hearing.rules.vault, ticket, hearing.at)
    return "joined"


async def answer_question(tx: UnitTransaction, hearing: Hearing, matter: Matter) -> tuple[str, Ticket]:
    """The answer to the one open question at this address: what was done, and the ticket the report belongs to now."""
    ticket, question = matter.ticket, matter.question
    if ticket is None or question is None:
        raise ValueError("there is no open question in this matter")
    if question["kind"] == SAME_MATTER:
        return await _answer_same_matter(tx, hearing, ticket, question)
    answers = hearing.rules.procedures[ticket.procedure].questions.get(question["kind"])
    if answers is not None:
        understood = await _answer_by_choice(tx, hearing, ticket, question["kind"], answers)
    else:
        understood = await _answer_fact(tx, hearing, ticket, question["kind"], last_try=question["repeats"] > 0)
    if not understood:
        _note_addition(hearing, ticket)
        if question["repeats"] == 0:
            await repeat(tx, hearing.rules, ticket, question, hearing.at)
        elif question["repeats"] == 1:
            await offer_call(tx, hearing.rules, ticket, question, hearing.at)
    await save(tx, hearing.rules.vault, ticket, hearing.at)
    return "answered" if understood else "asked", ticket


async def _answer_same_matter(
    tx: UnitTransaction, hearing: Hearing, ticket: Ticket, question: Mapping[str, Any]
) -> tuple[str, Ticket]:
    if says_same(hearing) is not None:
        return "answered", await tell_apart(tx, hearing, ticket, question["about"])
    await add(tx, hearing, ticket)  # who tells more instead of answering may complete it
    if question["repeats"] == 0 and await is_asking(tx, ticket):
        await repeat(tx, hearing.rules, ticket, question, hearing.at)
    return "asked", ticket


async def _answer_by_choice(
    tx: UnitTransaction, hearing: Hearing, ticket: Ticket, kind: str, answers: Sequence[Answer]
) -> bool:
    said = _pressed(hearing, kind) or hearing.complaint.answer
    answer = next((each for each in answers if said in each.says), None)
    if answer is None:
        return False
    await settle_questions(tx, hearing.rules, ticket, hearing.at, kinds=(kind,))
    await perform(tx, hearing.rules, ticket, answer.act, answer.given, at=hearing.at, actor=CITIZEN)
    return True


async def _answer_fact(tx: UnitTransaction, hearing: Hearing, ticket: Ticket, asked: str, *, last_try: bool) -> bool:
    take_facts(ticket, facts_of(hearing.complaint), hearing.complaint)
    procedure = hearing.rules.procedures[ticket.procedure]
    if asked in missing_of(procedure, ticket):
        _take_asked(hearing, ticket, asked, last_try=last_try)
    lacking = missing_of(procedure, ticket)
    if lacking == ticket.missing:
        return False
    _note_addition(hearing, ticket)
    if asked in lacking:  # something else was told: this is asked anew
        await settle_questions(tx, hearing.rules, ticket, hearing.at, kinds=(asked,))
    await facts_came(tx, hearing.rules, ticket, hearing.at, "citizen")
    return True


def _take_asked(hearing: Hearing, ticket: Ticket, asked: str, *, last_try: bool) -> None:
    """Take the words themselves for the fact asked for, where any words will do.

    A trader is whatever the citizen calls it; a subject nobody understands twice is `other`, for the
    evaluator to set right: nobody is held up by our not understanding.
    """
    words, own = " ".join(hearing.complaint.text.split()), hearing.rules.procedures[ticket.procedure].facts.get(asked)
    if own is not None:
        take_own(hearing.rules, ticket, own, words, hearing.at)
    elif asked == "category":
        pressed = _pressed(hearing, "category")
        ticket.category = pressed if pressed in hearing.rules.categories else ("other" if last_try else None)
    elif asked == "business" and sum(letter.isalpha() for letter in words) >= _LONG_ENOUGH_FOR_A_NAME:
        ticket.business_name = words[:200]


def _pressed(hearing: Hearing, question: str) -> str | None:
    kind, _, value = (hearing.report.choice or "").partition(":")
    return value if kind == question else None


def _note_addition(hearing: Hearing, ticket: Ticket) -> None:
    words = hearing.complaint.text
    files = len(hearing.files) + sum(1 for each in hearing.report.attachments if each.source)
    if words and words not in ticket.text:
        ticket.text = f"{ticket.text}\n{words}"[:20_000]
    channel = hearing.report.channel
    ticket.record("addition", "citizen", hearing.at, channel=channel, report=hearing.report_id, files=files)
