"""Asking a citizen whether a new report is the same matter as a ticket they have open, and doing what they answer.

Asked is only who is known to be that ticket's citizen: the sender, or whoever reads the phone it was opened with. What
is done about it is the procedure's; silence is a clock's.
"""

from __future__ import annotations

from normalizer.same_answer import same_answer
from ticketing.asking import SAME_MATTER, asked_by_number, settle_questions
from ticketing.citizen_actions import CITIZEN, JOIN
from ticketing.completing import facts_came, go_on, take_facts
from ticketing.doing import state_of
from ticketing.hearing import Hearing
from ticketing.joining import now_in
from ticketing.perform import perform
from ticketing.procedure import may
from ticketing.replying import reply
from ticketing.rules import Rules
from ticketing.same_matter import Likely
from ticketing.ticket import Ticket, load, save
from ticketing.told_facts import facts_in
from ticketing.transaction import UnitTransaction


def may_be_asked(hearing: Hearing, ticket: Ticket, likely: Likely) -> bool:
    """True where the report's new `ticket` may ask about the likely one without telling a stranger of it.

    Never about what staff file, who see for themselves; never of a sender who only claims to be that citizen.
    """
    address, voice = asked_by_number(ticket), hearing.voice
    asks = hearing.rules.procedures[ticket.procedure].same_matter is not None and hearing.report.filed_by is None
    if not asks or address is None:
        return False
    if voice is None:  # nobody hears the question but the owner of the phone, and it is the earlier ticket's own
        return address == ("sms", likely.ticket.identity.phone)
    return likely.is_proved and address == (voice.medium, voice.address)


def says_same(hearing: Hearing) -> bool | None:
    """Whether a report that came while it was asked says "the same" (True), "a new one" (False), or neither."""
    if hearing.report.choice is not None:
        kind, _, pressed = hearing.report.choice.partition(":")
        return same_answer(pressed.partition(":")[0]) if kind == SAME_MATTER else None
    return same_answer(hearing.complaint.text)


async def tell_apart(tx: UnitTransaction, hearing: Hearing, ticket: Ticket, about: int) -> Ticket:
    """Do what the citizen answered (`says_same`) about `ticket` and the earlier one, and return where it belongs now.

    The same: the earlier ticket, or the one it has been joined to, takes the reports over and what they tell that it
    lacks, if it is open and the new one has not come too far; else both go on, and the history keeps what was said.
    """
    rules, at = hearing.rules, hearing.at
    earlier = await now_in(tx, rules, await load(tx, rules.vault, about))
    is_same = says_same(hearing)
    if is_same and earlier.id != ticket.id and earlier.is_open and _may_join(rules, ticket):
        await perform(tx, rules, ticket, JOIN, {"tracking_code": earlier.code}, at=at, actor=CITIZEN)
        await save(tx, rules.vault, ticket, at)
        return await _tell_more(tx, hearing, await load(tx, rules.vault, earlier.id), ticket)
    await settle_questions(tx, rules, ticket, at, kinds=(SAME_MATTER,))
    ticket.record("told_same" if is_same else "told_new", CITIZEN, at, ticket=earlier.id)
    if ticket.step == rules.procedures[ticket.procedure].first.number:
        ticket.timer = None  # the question it waited for is over
        await go_on(tx, rules, ticket, at, CITIZEN)
    elif is_same:
        reply(tx, hearing, "status", ticket)
    await save(tx, rules.vault, ticket, at)
    return ticket


async def _tell_more(tx: UnitTransaction, hearing: Hearing, earlier: Ticket, later: Ticket) -> Ticket:
    """What the earlier ticket lacked, the later one may know; it stays there should somebody undo the join."""
    take_facts(earlier, facts_in(later), later.identity)
    await facts_came(tx, hearing.rules, earlier, hearing.at, CITIZEN)
    await save(tx, hearing.rules.vault, earlier, hearing.at)
    return earlier


def _may_join(rules: Rules, ticket: Ticket) -> bool:
    procedure = rules.procedures[ticket.procedure]
    rule, action = procedure.same_matter, procedure.actions.get(JOIN)
    if rule is None or action is None or ticket.step > procedure.step(rule.until).number:
        return False
    return may(action, CITIZEN) and procedure.open_to(action, state_of(ticket))
