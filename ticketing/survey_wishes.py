"""Whether a citizen is to be asked how matters were handled: their word that they are not, and that they are again.

It is of one phone, chat or mail address, and of surveys alone: what tickets have to tell or ask goes on.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select

from sms.store import Read
from ticketing.asking import open_question
from ticketing.database import Database
from ticketing.hearing import Hearing
from ticketing.notify import voices
from ticketing.rating import still_open
from ticketing.replying import reply
from ticketing.rules import Rules
from ticketing.survey_tables import survey_refusals, surveys
from ticketing.ticket import Ticket
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import address_index

_NEVER_AGAIN: Final = ("لغو11", "لغو 11", "laghv11", "laghv 11", "off11", "off 11")
"""What operators let their subscribers answer to any mass text."""
_NOT_NOW: Final = ("لغو", "laghv", "stop", "off")
"""Means the survey only where one was the last thing asked; else it may be about a ticket."""
_AGAIN: Final = ("وصل11", "وصل 11", "vasl11", "vasl 11", "on11", "on 11")
"""Takes it back."""


async def hear_wish(tx: UnitTransaction, hearing: Hearing) -> bool:
    """Where the report says so, ask no more at its address, or again; True where it said so."""
    index, said = hearing.voice_index, hearing.complaint.key
    if index is not None and said in _AGAIN:
        await tx.execute(delete(survey_refusals).where(survey_refusals.c.address_index == index))
        reply(tx, hearing, "surveys_wanted")
        return True
    if index is None or not await _refuses(tx, hearing, index, said):
        return False
    if not await tx.find(LookUp(survey_refusals, ("address_index",), (index,))):
        tx.add(survey_refusals, {"address_index": index, "at": hearing.at})
    reply(tx, hearing, "surveys_refused")
    return True


async def _refuses(tx: UnitTransaction, hearing: Hearing, index: bytes, said: str) -> bool:
    if said not in _NOT_NOW:
        return said in _NEVER_AGAIN
    lately = await tx.rows(still_open(hearing.rules, hearing.at).where(surveys.c.address_index == index))
    return bool(lately) and not await tx.find(open_question(index))


async def are_refused(read: Read, rules: Rules, ticket: Ticket) -> bool:
    """True where a phone, chat or address of the ticket's citizen is asked no more."""
    known = _addresses(rules, ticket)
    refused = select(survey_refusals.c.address_index).where(survey_refusals.c.address_index.in_(known)).limit(1)
    return bool(known) and bool(await read(refused))


async def ask_again(database: Database, rules: Rules, ticket: Ticket) -> None:
    """From now on ask at every address of a ticket that was found by `find_ticket`. Raises `Unavailable`."""

    async def work(tx: UnitTransaction) -> None:
        theirs = survey_refusals.c.address_index.in_(_addresses(rules, ticket))
        await tx.execute(delete(survey_refusals).where(theirs))

    await database.write(work)


def _addresses(rules: Rules, ticket: Ticket) -> list[bytes]:
    return [address_index(rules.vault, medium, ticket.account, where) for medium, where in voices(ticket)]
