"""Who is the same citizen: phones, chats and mail addresses that belong together, each with the report that showed it.

A contact is proved where its transport knows it (an SMS, a shared contact, a chat, a mail's own address), else only
said: what is said may find tickets, and proves nothing. Nothing here is in the open: contacts are blind indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, or_, select, update

from ticketing.hearing import Hearing
from ticketing.ids import new_id
from ticketing.tables import IS_OPEN, persons, tickets
from ticketing.ticket import Ticket, ticket_from
from ticketing.transaction import LookUp, Row, UnitTransaction
from ticketing.vault import address_index

_MOST_SAID: Final = 3
_MOST_CONTACTS: Final = 20
_MOST_TICKETS: Final = 10
PROVED: Final = "proved"
JOINED: Final = "joined"
SAID: Final = "said"


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone, chat or mail address of a report. `is_own`: it is the sender's by their own word at least."""

    index: bytes
    is_proved: bool
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class TheirTicket:
    """An open ticket of the sender's: by a contact that is proved to be theirs, or only by one that was said."""

    ticket: Ticket
    is_proved: bool


def contacts_of(hearing: Hearing) -> tuple[Contact, ...]:
    """What tells who the sender is, proved ones first, each once; nothing of whoever wants to stay unknown."""
    report, complaint, vault = hearing.report, hearing.complaint, hearing.rules.vault
    if complaint.anonymous:
        return ()
    is_vouched = report.proves_phone or report.filed_by is not None
    sms = address_index(vault, "sms", "", complaint.phone) if complaint.phone else None
    mail = address_index(vault, "email", "", complaint.email) if complaint.email else None
    found = [Contact(index, is_proved=True) for index in (hearing.voice_index,) if index is not None]
    found += [Contact(index, is_proved=is_proved) for index, is_proved in ((sms, is_vouched), (mail, False)) if index]
    others = [each for each in complaint.phones if each != complaint.business.phone][:_MOST_SAID]
    said = [address_index(vault, "sms", "", each) for each in others]
    found += [Contact(index, is_proved=False, is_own=False) for index in said]
    own = {each.value for each in complaint.facts if each.kind == "email" and each.whose == "own"}
    for each in complaint.emails[:_MOST_SAID]:
        found.append(Contact(address_index(vault, "email", "", each), is_proved=False, is_own=each in own))
    return _each_once(found)


def _each_once(found: Iterable[Contact]) -> tuple[Contact, ...]:
    once: dict[bytes, Contact] = {}
    for contact in sorted(found, key=lambda each: (not each.is_proved, not each.is_own)):
        once.setdefault(contact.index, contact)
    return tuple(once.values())


def person_look_ups(hearing: Hearing) -> list[LookUp]:
    """What is known of the sender's contacts; fetched ahead for the whole group, so that a stranger costs nothing."""
    return [_look_up(contact.index) for contact in contacts_of(hearing)]


def _look_up(index: bytes) -> LookUp:
    return LookUp(persons, ("contact_index",), (index,))


async def tickets_of(tx: UnitTransaction, hearing: Hearing, window: timedelta) -> list[TheirTicket]:
    """The sender's open tickets of the last `window`, newest first, at most ten.

    The person is held from here to the commit: of two processes with two messages of one person, the second sees the
    first one's ticket.
    """
    contacts = contacts_of(hearing)
    known = await _known(tx, contacts)
    await remember(tx, hearing, joined=False)  # before looking: two processes with a new sender collide here
    if not known:
        return []
    theirs = persons.c.person.in_({row["person"] for row in known.values()})
    ordered = select(persons).where(theirs).order_by(persons.c.contact_index).limit(_MOST_CONTACTS)
    held = await tx.rows(ordered.with_for_update())
    proved, reached = _reached(contacts, known, held)
    mine = or_(tickets.c.phone_index.in_(reached), tickets.c.voice_index.in_(reached))
    recent = select(tickets).where(mine, IS_OPEN, tickets.c.opened_at >= hearing.at - window)
    found = await tx.rows(recent.order_by(tickets.c.id.desc()).limit(_MOST_TICKETS))
    vault = hearing.rules.vault
    return [
        TheirTicket(ticket_from(vault, row), not proved.isdisjoint((row["phone_index"], row["voice_index"])))
        for row in found
    ]


async def hold_person(tx: UnitTransaction, contacts: Iterable[bytes], at: datetime) -> set[bytes]:
    """All contacts of whoever has these, as far as anything tells; nobody else holds the person until the commit.

    Contacts nothing was known of are kept as one's, for the next to find.
    """
    mine = sorted(set(contacts))
    known = {row["contact_index"]: row["person"] for row in await tx.rows(_of_contacts(mine))}
    person = min(known.values(), default=None) or new_id()
    for index in mine:
        if index not in known:
            tx.add(persons, {"contact_index": index, "person": person, "how": SAID, "at": at})
    theirs = persons.c.person.in_({person, *known.values()})
    held = await tx.rows(
        select(persons.c.contact_index).where(theirs).order_by(persons.c.contact_index).with_for_update()
    )
    return {*mine, *(row["contact_index"] for row in held)}


def _of_contacts(indexes: Sequence[bytes]) -> Select[Any]:
    return select(persons).where(persons.c.contact_index.in_(indexes))


async def _known(tx: UnitTransaction, contacts: Iterable[Contact]) -> dict[bytes, Row]:
    return {contact.index: row for contact in contacts for row in await tx.find(_look_up(contact.index))}


def _reached(
    contacts: Sequence[Contact], known: dict[bytes, Row], held: Sequence[Row]
) -> tuple[set[bytes | None], set[bytes]]:
    """The contacts that are proved to be the sender's, and all that may be."""
    own = {contact.index for contact in contacts if contact.is_proved}
    sure = {row["person"] for index, row in known.items() if index in own and row["how"] != SAID}
    proved = own | {row["contact_index"] for row in held if row["person"] in sure and row["how"] != SAID}
    return {*proved}, proved | {row["contact_index"] for row in held}


async def remember(tx: UnitTransaction, hearing: Hearing, *, joined: bool) -> None:
    """Keep what this report shows of its sender's contacts.

    Where it `joined` a ticket by what it told, a contact it only said is theirs as well. Two persons that turn out to
    be one are made one; `forget` undoes it.
    """
    contacts = [contact for contact in contacts_of(hearing) if contact.is_own or joined]
    known = await _known(tx, contacts)
    sure = [contact for contact in contacts if contact.is_proved or joined]
    person = min((known[contact.index]["person"] for contact in sure if contact.index in known), default=None)
    person = new_id() if person is None else person
    evidence = {"report_id": hearing.report_id, "at": hearing.at}
    for contact in contacts:
        how = PROVED if contact.is_proved else JOINED if joined else SAID
        row = known.get(contact.index)
        if row is None:
            tx.add(persons, {"contact_index": contact.index, "person": person, "how": how, **evidence})
        elif how != SAID and row["person"] != person:
            moved = update(persons).where(persons.c.person == row["person"])
            await tx.execute(moved.values(person=person, was=row["person"], **evidence))
        elif how != SAID and row["how"] == SAID:
            mine = update(persons).where(persons.c.contact_index == contact.index)
            await tx.execute(mine.values(how=how, **evidence))


async def forget(tx: UnitTransaction, report_id: int) -> None:
    """This report was not theirs: whom it made one person are two again, and a contact only it showed is alone."""
    shown = persons.c.report_id == report_id
    await tx.execute(update(persons).where(shown, persons.c.was.is_not(None)).values(person=persons.c.was, was=None))
    alone: Any = update(persons).where(shown, persons.c.how == JOINED)
    await tx.execute(alone.values(person=new_id(), how=SAID))
