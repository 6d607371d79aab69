"""What is told formally, to both sides: invitations with their calendar file, decisions whole, an expert's fee.

Mail carries all of it; a text message carries the case's number and what must be known at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import select, update

from ticketing.appointed import spoken, starts_at
from ticketing.appointment_tables import LIVE, appointments, slots
from ticketing.calendar_file import Event, calendar_file
from ticketing.doing import Doing
from ticketing.errors import Conflict
from ticketing.hearings import hearings_of
from ticketing.notify import send
from ticketing.parties import CITIZEN, Recipient, recipients
from ticketing.procedure import FieldRule
from ticketing.title import titled
from ticketing.told_words import written
from ticketing.transaction import Row

_KIND: Final = "formal"
_SHORT: Final = 500
"""What may be longer is words, not a line."""


async def summon(doing: Doing) -> None:
    """Invite every side to the appointment to come: when, where and why; it needs no answer to be agreed.

    Whoever was invited before gets the same event once more, changed. That a side can only be written to by post is
    noted. Raises `Conflict` (`no_appointment`).
    """
    mine = (appointments.c.ticket_id == doing.ticket.id) & appointments.c.state.in_(LIVE)
    slot = await _slot(doing)
    await doing.tx.execute(update(appointments).where(mine).values(state="confirmed", confirmed_at=doing.at))
    language = doing.ticket.language
    about = {"when": spoken(slot["starts_at"], language), "venue": slot["place"], "reason": doing.fields["reason"]}
    subject, words = _say(doing, "summons_title"), _say(doing, "summons", **about)
    event = Event(
        uid=f"{doing.ticket.id}-{hearings_of(doing.ticket)}@gateway-124",
        sequence=doing.ticket.last_event,
        starts_at=slot["starts_at"],
        ends_at=slot["ends_at"],
        title=subject,
        place=slot["place"],
        about=doing.fields["reason"],
    )
    letter = f"{words}\n\n{_say(doing, 'summons_terms')}"
    for each in recipients(doing.procedure, doing.ticket):
        _tell(doing, each, words, letter=letter, subject=subject, calendar=calendar_file(event, doing.at))
        if not each.voices:
            doing.data["by_post"] = True


async def _slot(doing: Doing) -> Row:
    joined = select(slots.c.starts_at, slots.c.ends_at, slots.c.place).join(
        appointments, appointments.c.slot_id == slots.c.id
    )
    mine = (appointments.c.ticket_id == doing.ticket.id) & appointments.c.state.in_(LIVE)
    rows = await doing.tx.rows(joined.where(mine))
    if not rows:
        raise Conflict("no_appointment")
    return rows[0]


def remind_sides(doing: Doing) -> None:
    """Remind every side of the appointment to come: when and where."""
    begins, known = starts_at(doing.ticket), doing.ticket.appointment or {}
    if begins is None:
        return
    words = _say(doing, "hearing_tomorrow", when=spoken(begins, doing.ticket.language), venue=known["place"])
    for each in recipients(doing.procedure, doing.ticket):
        _tell(doing, each, words, letter=words, subject=_say(doing, "summons_title"))


async def serve(doing: Doing) -> None:
    """Serve what was decided on every side by mail, all the action tells of it; who has no mail hears that it is so."""
    words = _say(doing, "served")
    letter = "\n".join((words, "", *_told(doing)))
    for each in recipients(doing.procedure, doing.ticket):
        _tell(doing, each, words, letter=letter, subject=_say(doing, "served_title"), texted=not each.is_citizen)


async def charge_expert(doing: Doing) -> None:
    """Tell the side that pays an expert what it costs: whoever asked for one, the citizen where nobody of them did."""
    sides = {each.side: each for each in recipients(doing.procedure, doing.ticket)}
    payer = sides.get(doing.fields["asked_by"], sides[CITIZEN])
    fee = doing.rules.fee_of(doing.ticket.procedure)
    amount, account = f"{doing.fields['fee_rial']:,}", fee.account if fee is not None else "-"
    words = _say(doing, "expert_fee", amount=amount, account=account)
    _tell(doing, payer, words, letter=words, subject=_say(doing, "expert_fee_title"))


def _say(doing: Doing, name: str, **values: str) -> str:
    case = doing.ticket.case_number or doing.ticket.code
    return doing.rules.texts.render(name, doing.ticket.language, case=case, **values)


def _told(doing: Doing) -> Iterator[str]:
    """The fields an action tells, each under its title, the longest words last and by themselves."""
    action, language = doing.action, doing.ticket.language
    fields = {name: rule for name, rule in action.fields.items() if name in doing.fields} if action else {}
    for name, rule in fields.items():
        value = doing.fields[name]
        if rule.type == "choice" and value in rule.called:
            yield f"{_titled(rule, language)}: {titled(rule.called[value], language)}"
        elif rule.told and (rule.most or 0) <= _SHORT:
            yield f"{_titled(rule, language)}: {written(value if isinstance(value, date) else str(value), language)}"
    yield from (f"\n{doing.fields[name]}" for name, rule in fields.items() if rule.told and (rule.most or 0) > _SHORT)


def _titled(rule: FieldRule, language: str) -> str:
    return titled(rule.title, language) if rule.title else ""


def _tell(
    doing: Doing,
    to: Recipient,
    words: str,
    *,
    letter: str,
    subject: str,
    calendar: str | None = None,
    texted: bool = True,
) -> None:
    """By mail the letter, by other media the words, where they are `texted`."""
    tx, rules, ticket = doing.tx, doing.rules, doing.ticket
    for medium, address in to.voices:
        known: dict[str, Any] = {"kind": _KIND, "medium": medium, "address": address, "theirs": to.is_citizen}
        if medium == "email":
            send(tx, rules, ticket, doing.at, **known, text=letter, subject=subject, calendar=calendar)
        elif texted:
            send(tx, rules, ticket, doing.at, **known, text=words)
