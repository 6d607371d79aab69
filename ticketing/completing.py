"""What a ticket still lacks, and the step it takes when nothing is lacking any more (CONTRACT §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

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
from ticketing.notify import talk_back
from ticketing.rules import Rules
from ticketing.stepping import enter, register, wait_afresh, wait_unasked, wait_unsure
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction


def missing_of(ticket: Ticket) -> list[str]:
    """The facts a complete ticket has and this one lacks, in the order they are asked."""
    has_trader = bool(ticket.business_guild_id)
    reachable = bool(ticket.identity.phone or ticket.identity.landline or ticket.anonymous)
    named = bool(ticket.business_name or ticket.business_address)
    lacking = {
        "category": not ticket.category,
        "business": not has_trader and not named,
        "place": not has_trader and not ticket.province,
        "phone": not reachable,
    }
    return [fact for fact, is_lacking in lacking.items() if is_lacking]


def take_facts(ticket: Ticket, complaint: Complaint) -> None:
    """Fill what the ticket lacks from a complaint; nothing known is overwritten. What follows is `facts_came`'s."""
    before = missing_of(ticket)
    ticket.category = ticket.category or complaint.category
    business, place = complaint.business, complaint.place
    ticket.business_guild_id = ticket.business_guild_id or business.guild_id
    if "business" in before:
        ticket.business_name, ticket.business_address = business.name, business.address or ticket.business_address
    ticket.business_phone = ticket.business_phone or business.phone
    ticket.business_kind = ticket.business_kind or business.kind
    if not ticket.province and place.province:
        ticket.province, ticket.county = place.province, place.county
    if ticket.lat is None:
        ticket.lat, ticket.lon = place.lat, place.lon
    if ticket.damages_rial is None:
        ticket.damages_rial = complaint.damages_rial
    ticket.happened_on = ticket.happened_on or complaint.happened_on
    _take_identity(ticket, complaint)
    ticket.organisation = ticket.organisation or organisation_of(ticket.province, ticket.county)


def _take_identity(ticket: Ticket, complaint: Complaint) -> None:
    known = ticket.identity
    if ticket.anonymous:
        return
    ticket.identity = replace(
        known,
        name=known.name or complaint.name,
        national_id=known.national_id or complaint.national_id,
        phone=known.phone or complaint.phone,
        landline=known.landline or complaint.landline,
    )


async def facts_came(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime, actor: str) -> None:
    """Facts came in after the ticket was opened: what is known now is asked no more, and at the first step it goes on.

    The caller has put the facts into the ticket, not into what it lacks, and saves.
    """
    filled = await settle_filled(tx, rules, ticket, at)
    if filled and ticket.step == rules.procedures[ticket.procedure].first.number:
        await go_on(tx, rules, ticket, at, actor)


async def settle_filled(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> list[str]:
    """Say anew what the ticket lacks, end the questions about what it lacks no more, and return those facts."""
    before, ticket.missing = ticket.missing, missing_of(ticket)
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
        question, choices = question_text(rules, ticket, kind, earlier), choices_for(rules, kind, ticket.language)
        await enter(tx, rules, ticket, first, at, actor, question=question, choices=choices)
    else:
        await enter(tx, rules, ticket, first, at, actor)
    if not ticket.missing:
        await register(tx, rules, ticket, at, actor)
    elif talk_back(ticket) is None:
        wait_unasked(rules, ticket)
    elif earlier is not None:
        wait_unsure(rules, ticket, at)
