"""What a ticket still lacks, and the step it takes when nothing is lacking any more (CONTRACT §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from normalizer.complaint import Complaint
from normalizer.place import organisation_of
from ticketing.asking import (
    SAME_MATTER,
    ask,
    ask_next,
    choices_for,
    next_missing,
    question_text,
    settle_questions,
)
from ticketing.needs import lacks_business, missing_of
from ticketing.notify import talk_back
from ticketing.rules import Rules
from ticketing.stepping import enter, register, wait_afresh, wait_unasked, wait_unsure
from ticketing.ticket import Identity, Ticket
from ticketing.transaction import UnitTransaction

_EACH_BY_ITSELF: Final = (
    "category",
    "business_guild_id",
    "business_phone",
    "business_kind",
    "damages_rial",
    "happened_on",
)
_CITIZEN: Final = "citizen"
IDENTITY: Final = ("name", "national_id", "phone", "landline")
"""What reports tell of who complains."""


def take_facts(ticket: Ticket, told: Mapping[str, Any], whose: Complaint | Identity) -> None:
    """Fill what the ticket lacks from facts told by its columns; nothing known is overwritten.

    What follows from it is for `facts_came` to do.
    """
    is_unnamed = lacks_business(ticket)
    for column in _EACH_BY_ITSELF:
        if getattr(ticket, column) is None:
            setattr(ticket, column, told[column])
    if is_unnamed:
        ticket.business_name, ticket.business_address = told["business_name"], told["business_address"]
    if not ticket.province and told["province"]:
        ticket.province, ticket.county = told["province"], told["county"]
    if ticket.lat is None:
        ticket.lat, ticket.lon = told["lat"], told["lon"]
    if not ticket.anonymous:
        know_of(ticket, whose)
    ticket.organisation = ticket.organisation or organisation_of(ticket.province, ticket.county)


def know_of(ticket: Ticket, whose: Complaint | Identity) -> None:
    """Fill what the ticket does not know of its citizen from what is told of them elsewhere."""
    known = {name: getattr(ticket.identity, name) or getattr(whose, name) for name in IDENTITY}
    ticket.identity = replace(ticket.identity, **known)


async def facts_came(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime, actor: str) -> None:
    """Facts came in after the ticket was opened: what is known now is asked no more, and the ticket goes on that waited
    for its citizen to tell them.

    The caller has put the facts into the ticket, not into what it lacks, and saves.
    """
    filled = await settle_filled(tx, rules, ticket, at)
    if filled and ticket.step == rules.procedures[ticket.procedure].first.number:
        await go_on(tx, rules, ticket, at, actor)
    elif filled and not ticket.missing and ticket.waiting_for == _CITIZEN:  # it was missed later, and asked for then
        wait_afresh(rules, ticket, at)


async def settle_filled(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> list[str]:
    """Say anew what the ticket lacks, end the questions about what it lacks no more, and return those facts."""
    before, ticket.missing = ticket.missing, missing_of(rules.procedures[ticket.procedure], ticket)
    filled = [fact for fact in before if fact not in ticket.missing]
    if filled:
        await settle_questions(tx, rules, ticket, at, kinds=filled)
    return filled


async def go_on(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime, actor: str) -> None:
    """At the first step: register the complete ticket, or ask for the next missing fact where somebody can be asked."""
    if not ticket.missing:
        await register(tx, rules, ticket, at, actor)
    elif talk_back(ticket) is None:
        return  # nobody's silence counts who cannot be asked
    elif _is_unsure(rules, ticket):
        wait_unsure(rules, ticket, at)  # one thing at a time: whether it is a new matter at all is asked already
    else:
        wait_afresh(rules, ticket, at)
        await ask_next(tx, rules, ticket, at)


def _is_unsure(rules: Rules, ticket: Ticket) -> bool:
    rule = rules.procedures[ticket.procedure].same_matter
    return rule is not None and ticket.timer == rule.timer


async def begin(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    at: datetime,
    actor: str,
    *,
    asks: bool,
    earlier: Ticket | None = None,
) -> None:
    """Enter the first step with its text, which carries the first question where `asks`.

    That is whether it is the same matter as `earlier`, where one is given, else the first missing fact.
    """
    first = rules.procedures[ticket.procedure].first.code
    kind = SAME_MATTER if earlier is not None else next_missing(ticket)
    if kind is not None and asks and await ask(tx, rules, ticket, kind, at, spoken=True, earlier=earlier):
        question, choices = question_text(rules, ticket, kind, earlier), choices_for(rules, kind, ticket)
        await enter(tx, rules, ticket, first, at, actor, question=question, choices=choices)
    else:
        await enter(tx, rules, ticket, first, at, actor)
    if not ticket.missing:
        await register(tx, rules, ticket, at, actor)
    elif talk_back(ticket) is None:
        wait_unasked(rules, ticket)
    elif earlier is not None:
        wait_unsure(rules, ticket, at)
