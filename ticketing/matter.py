"""Which ticket an arrival belongs to: a code in the text, a reply to our message, the open question, else the likeliest
open ticket of the same person. Where it is not sure, that is said, and never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, or_, select

from normalizer.likeness import Likeness
from ticketing.asking import SAME_MATTER, open_question
from ticketing.guesses import count_wrong, may_guess
from ticketing.hearing import Hearing, code_look_ups, thread_look_ups
from ticketing.joining import now_in
from ticketing.rating import survey_answered
from ticketing.rules import Rules
from ticketing.same_matter import Likely, find_likely, likeness_to
from ticketing.tables import IS_OPEN, tickets
from ticketing.telling_apart import says_same
from ticketing.ticket import Ticket, load, ticket_from
from ticketing.transaction import UnitTransaction

_ABOUT_A_TICKET = ("addition", "withdrawal", "status")
_MAY_BE_MORE = ("complaint", "addition", "other", "elsewhere")
"""What may be more about a matter told before; to what is neither of the first two that must be sure."""
_COMPLAINING = ("complaint", "addition")
_ANSWERING = ("answer", "status", "withdrawal", "thanks")
_ANSWER = "answer to our question"
_RATHER = 0.8
"""How like the ticket that asks it must be to be an answer, unless its form is an answer's."""
_BARE = 3
_LONGEST_ANSWER = 9
"""In words; what is longer and rather not about the ticket that asks is a complaint of its own."""
_MOST_GUESSES = 3
"""Fours in one text that may be meant as a phone's last digits: a year and a price may stand beside them."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The ticket found, with the reasons; `question` is the open question's row where that is the reason,
    `survey` the survey's that the report answers.

    `likely` is the sender's open ticket most like the report: the one found where its score is the reason, else one
    that the citizen may be asked about. `unknown_code` is true where a code was given that is nobody's or not the
    sender's; `several` where the sender has more than one open ticket and did not say which.
    """

    ticket: Ticket | None = None
    reasons: tuple[str, ...] = ()
    question: Mapping[str, Any] | None = None
    survey: Mapping[str, Any] | None = None
    likely: Likely | None = None
    unknown_code: bool = False
    several: bool = False

    def asks_for_own(self, rules: Rules) -> bool:
        """True where the open question is about a fact of the procedure's own."""
        if self.ticket is None or self.question is None:
            return False
        return self.question["kind"] in rules.procedures[self.ticket.procedure].facts


async def find_matter(tx: UnitTransaction, hearing: Hearing) -> Matter:
    """The ticket this report is about, or a matter without one for a new one."""
    by_code = await _by_code(tx, hearing)
    if by_code is not None and not (by_code.unknown_code and await _asks_for_own(tx, hearing)):
        return by_code
    replied = await _by_thread(tx, hearing)
    if replied is not None:
        return Matter(replied, ("reply to our message",), survey=await survey_answered(tx, hearing, replied))
    asked = await _by_question(tx, hearing)
    rated = await _by_survey(tx, hearing, asked)
    if rated is not None:
        return rated
    if asked is not None and (_tells_apart(hearing, asked) or not _is_another(hearing, asked)):
        return asked
    is_button = hearing.report.choice is not None
    likely = None if is_button else await _by_likeness(tx, hearing)
    if likely is not None and likely.ticket is not None:
        return likely
    if asked is None and (hearing.complaint.intent in _ABOUT_A_TICKET or _only_files_or_buttons(hearing)):
        return await _by_sender(tx, hearing, likely)
    return likely or Matter()


async def _by_code(tx: UnitTransaction, hearing: Hearing) -> Matter | None:
    look_ups = code_look_ups(hearing.rules, hearing.complaint)
    for look_up in look_ups:
        for row in await tx.find(look_up):
            ticket = ticket_from(hearing.rules.vault, row)
            if hearing.is_from(ticket) or await _is_proved(tx, hearing, ticket):
                return Matter(await now_in(tx, hearing.rules, ticket), ("code in the text",))
    return Matter(unknown_code=True) if look_ups else None


async def _is_proved(tx: UnitTransaction, hearing: Hearing, ticket: Ticket) -> bool:
    """True where a stranger's text has the last four digits beside the code; each wrong four counts as one guess."""
    said, vault, at = hearing.digits_beside(ticket.code), hearing.rules.vault, hearing.at
    if not said or not await may_guess(tx, vault, ticket.code, at):
        return False
    if len(said) <= _MOST_GUESSES and ticket.identity.last4 in said:
        return True
    count_wrong(tx, vault, ticket.code, min(len(said), _MOST_GUESSES), at)
    return False


async def _by_thread(tx: UnitTransaction, hearing: Hearing) -> Ticket | None:
    mine = hearing.voice_index
    for look_up in thread_look_ups(hearing.rules, hearing.report):
        for row in await tx.find(look_up):
            if row["address_index"] == mine:  # a stranger answering a forwarded mail is not let in
                ticket = await load(tx, hearing.rules.vault, row["ticket_id"])
                return await now_in(tx, hearing.rules, ticket)
    return None


async def _by_question(tx: UnitTransaction, hearing: Hearing) -> Matter | None:
    """Where one thing is said at a time, whatever is said next answers; a whole new letter is no answer."""
    address = hearing.voice_index
    if address is None or (hearing.complaint.intent == "complaint" and not hearing.report.converses):
        return None
    for row in await tx.find(open_question(address)):
        if row["kind"] == SAME_MATTER and hearing.complaint.intent in ("withdrawal", "status"):
            return None  # of which of the two is just what nobody knows
        ticket = await load(tx, hearing.rules.vault, row["ticket_id"])
        return Matter(ticket, (_ANSWER,), question=row)
    return None


async def _by_survey(tx: UnitTransaction, hearing: Hearing, asked: Matter | None) -> Matter | None:
    """A number is for a ticket's open question first; a button says itself what it answers."""
    if asked is not None and hearing.report.choice is None:
        return None
    survey = await survey_answered(tx, hearing)
    if survey is None:
        return None
    return Matter(await load(tx, hearing.rules.vault, survey["ticket_id"]), (_ANSWER,), survey=survey)


async def _asks_for_own(tx: UnitTransaction, hearing: Hearing) -> bool:
    """True where a fact is asked for at this address that may be a number as long as a code, such as a receipt's."""
    asked = await _by_question(tx, hearing)
    return asked is not None and asked.asks_for_own(hearing.rules)


def _tells_apart(hearing: Hearing, asked: Matter) -> bool:
    """«نه، این یکی فرق دارد» answers whether it is the same matter, and begins no other."""
    return asked.question is not None and asked.question["kind"] == SAME_MATTER and says_same(hearing) is not None


def _is_another(hearing: Hearing, asked: Matter) -> bool:
    """What is rather about something else is not the answer to a question about this ticket."""
    complaint, ticket = hearing.complaint, asked.ticket
    is_answer = complaint.intent in _ANSWERING or hearing.report.choice is not None
    if is_answer or ticket is None or asked.question is None:
        return False
    if hearing.at - ticket.opened_at > hearing.rules.joining.window:
        return True  # nobody answers after months; what they write now is something else
    if asked.asks_for_own(hearing.rules) and complaint.category is None:
        return False  # an address, a receipt: like nothing the ticket says
    found = likeness_to(ticket, hearing)
    is_like = found.score >= _RATHER and not found.speaks_of_another
    if found.contradicts or not (is_like or _is_reply(hearing, asked.question["kind"], found)):
        return True
    trader, known = complaint.business.name or complaint.business.guild_id, ticket.business_name
    differs = bool(ticket.category and complaint.category and ticket.category != complaint.category)
    return bool(trader) and not (known or ticket.business_guild_id) and differs


def _is_reply(hearing: Hearing, kind: str, found: Likeness) -> bool:
    """Says whether the words are a bare word or two, or few that give what is asked, or nothing but some such fact."""
    said = hearing.complaint
    length = len(said.key.split())
    given = {"business": said.business.name, "place": said.place.province, "phone": said.phone}
    is_fragment = any(sign == "no_verb" for sign, _ in found.reasons)
    gives = given.get(kind) or (is_fragment and (said.business.name or said.place.province))
    may_be = length <= _LONGEST_ANSWER and found.score >= hearing.rules.joining.lower  # else it is of something else
    return length <= _BARE or (may_be and bool(gives))


async def _by_likeness(tx: UnitTransaction, hearing: Hearing) -> Matter | None:
    """The likeliest of the sender's open tickets: found where it is sure, else only likely; None where none is."""
    intent, bounds = hearing.complaint.intent, hearing.rules.joining
    is_guessed = intent == "answer" and hearing.complaint.answer is None
    if not (intent in _MAY_BE_MORE or is_guessed) or not hearing.complaint.text:
        return None
    likely = await find_likely(tx, hearing)
    if likely is None:
        return None
    if likely.score >= bounds.upper:
        return Matter(likely.ticket, likely.reasons, likely=likely)
    return Matter(likely=likely if likely.score >= bounds.lower and intent in _COMPLAINING else None)


def open_tickets_from(phone_index: bytes | None, voice_index: bytes | None) -> Select[Any]:
    """The two newest open tickets of whoever has this phone or this voice."""
    given = {tickets.c.phone_index: phone_index, tickets.c.voice_index: voice_index}
    mine = or_(false(), *(column == index for column, index in given.items() if index is not None))
    return select(tickets).where(mine, IS_OPEN).order_by(tickets.c.id.desc()).limit(2)


async def _by_sender(tx: UnitTransaction, hearing: Hearing, likely: Matter | None) -> Matter:
    """The sender's only open ticket, where they speak of one and nothing says that it is another."""
    report, phone = hearing.report, hearing.complaint.phone
    is_theirs = report.proves_phone or report.filed_by is not None  # a number in a mail is not the sender's for that
    phone_index = hearing.rules.vault.index("phone", phone) if phone and is_theirs else None
    if phone_index is None and hearing.voice_index is None:
        return likely or Matter()
    found = await tx.rows(open_tickets_from(phone_index, hearing.voice_index))
    if len(found) > 1 and hearing.complaint.intent in _ABOUT_A_TICKET:
        return Matter(several=True)
    if not found:
        return likely or Matter()
    ticket = ticket_from(hearing.rules.vault, found[0])
    if hearing.complaint.intent == "addition" and likeness_to(ticket, hearing).contradicts:
        return Matter()
    return Matter(ticket, ("the sender's open ticket",))


def _only_files_or_buttons(hearing: Hearing) -> bool:
    """A photo with or without a caption that says nothing by itself, or a pressed button."""
    given = bool(hearing.report.attachments) or hearing.report.choice is not None
    return given and (not hearing.complaint.text or hearing.complaint.intent == "other")
