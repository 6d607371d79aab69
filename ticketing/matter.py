"""Which ticket an arrival belongs to: a code in the text, a reply to our message, the open question; never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, or_, select

from ticketing.asking import open_question
from ticketing.guesses import count_wrong, may_guess
from ticketing.hearing import Hearing, code_look_ups, thread_look_ups
from ticketing.joining import now_in
from ticketing.tables import IS_OPEN, tickets
from ticketing.ticket import Ticket, load, ticket_from
from ticketing.transaction import UnitTransaction

_ABOUT_A_TICKET = ("addition", "withdrawal", "status")
_MOST_GUESSES = 3
"""Fours in one text that may be meant as a phone's last digits: a year and a price may stand beside them."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The ticket found, with the reason; `question` is the open question's row where that is the reason.

    `unknown_code` is true where a code was given that is nobody's or not the sender's; `several` where
    the sender has more than one open ticket and did not say which.
    """

    ticket: Ticket | None = None
    reason: str = ""
    question: Mapping[str, Any] | None = None
    unknown_code: bool = False
    several: bool = False


async def find_matter(tx: UnitTransaction, hearing: Hearing) -> Matter:
    """The ticket this report is about, or an empty matter for a new one."""
    by_code = await _by_code(tx, hearing)
    if by_code is not None:
        return by_code
    replied = await _by_thread(tx, hearing)
    if replied is not None:
        return Matter(replied, "reply to our message")
    asked = await _by_question(tx, hearing)
    if asked is not None:
        return asked
    if hearing.complaint.intent in _ABOUT_A_TICKET or _only_files_or_buttons(hearing):
        return await _by_sender(tx, hearing)
    return Matter()


async def _by_code(tx: UnitTransaction, hearing: Hearing) -> Matter | None:
    look_ups = code_look_ups(hearing.rules, hearing.complaint)
    for look_up in look_ups:
        for row in await tx.find(look_up):
            ticket = ticket_from(hearing.rules.vault, row)
            if hearing.is_from(ticket) or await _is_proved(tx, hearing, ticket):
                return Matter(await now_in(tx, hearing.rules, ticket), "code in the text")
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
        ticket = await load(tx, hearing.rules.vault, row["ticket_id"])
        return Matter(ticket, "answer to our question", question=row)
    return None


def open_tickets_from(phone_index: bytes | None, voice_index: bytes | None) -> Select[Any]:
    """The two newest open tickets of whoever has this phone or this voice."""
    given = {tickets.c.phone_index: phone_index, tickets.c.voice_index: voice_index}
    mine = or_(false(), *(column == index for column, index in given.items() if index is not None))
    return select(tickets).where(mine, IS_OPEN).order_by(tickets.c.id.desc()).limit(2)


async def _by_sender(tx: UnitTransaction, hearing: Hearing) -> Matter:
    phone = hearing.complaint.phone
    phone_index = hearing.rules.vault.index("phone", phone) if phone else None
    if phone_index is None and hearing.voice_index is None:
        return Matter()
    found = await tx.rows(open_tickets_from(phone_index, hearing.voice_index))
    if len(found) > 1 and hearing.complaint.intent in _ABOUT_A_TICKET:
        return Matter(several=True)
    return Matter(ticket_from(hearing.rules.vault, found[0]), "the sender's open ticket") if found else Matter()


def _only_files_or_buttons(hearing: Hearing) -> bool:
    """A photo with or without a caption that says nothing by itself, or a pressed button."""
    given = bool(hearing.report.attachments) or hearing.report.choice is not None
    return given and (not hearing.complaint.text or hearing.complaint.intent == "other")
