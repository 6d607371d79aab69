"""Questions: at most one open per phone or chat, the others wait their turn, and a bare digit answers the open one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from sms.texts import compose
from ticketing.appointed import facts_of
from ticketing.devices import tell_devices
from ticketing.ids import new_id
from ticketing.notify import Choices, send, talk_back
from ticketing.rules import Rules
from ticketing.tables import questions, tickets
from ticketing.ticket import Ticket, load
from ticketing.title import titled
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import address_index

_BUTTONS = {
    "phone": (("contact", "share_contact"),),
    "place": (("location", "share_location"),),
    "same_matter": (("same_matter:1", "same_complaint"), ("same_matter:2", "new_complaint")),
}
SAME_MATTER: Final = "same_matter"
FEE: Final = "fee"
"""The fact of a procedure's own that a `[fee]` asks for."""
_BY_NUMBER: Final = ("sms", "bot")
"""The media on which a number is an answer; a mail is answered in sentences."""
_CODE_END: Final = 4
_MOST_WAITING: Final = 10
_NOT_ASKED: Final = ("addressee", "email")
"""What is told at filing, or staff find out."""


def open_question(address: bytes) -> LookUp:
    """The look-up of the one open question at an address (its blind index)."""
    return LookUp(questions, ("address_index", "state"), (address, "open"))


def choices_for(rules: Rules, kind: str, ticket: Ticket) -> Choices:
    """The buttons that answer a question of this kind, where the medium has buttons.

    Those about the same matter say whose question they answer: a chat may be asked about another pair of tickets next.
    """
    language, whose = ticket.language, f":{ticket.id}" if kind == SAME_MATTER else ""
    if kind == "category":
        return tuple((f"category:{code}", titled(each.title, language)) for code, each in rules.categories.items())
    answers = rules.procedures[ticket.procedure].questions.get(kind, ())
    buttons = _BUTTONS.get(kind) or tuple((f"{kind}:{each.says[0]}", each.button) for each in answers)
    return tuple((value + whose, rules.texts.render(name, language)) for value, name in buttons)


def question_text(rules: Rules, ticket: Ticket, kind: str, earlier: Ticket | None = None) -> str:
    """The question's words in the ticket's language; `earlier` is the ticket that may be the same matter."""
    known = {"earlier": earlier.business_name or f"…{earlier.code[-_CODE_END:]}"} if earlier else {}
    known |= facts_of(ticket, ticket.language) | fee_facts(rules, ticket.procedure)
    return rules.texts.render(f"ask_{kind}", ticket.language, code=ticket.code, **known)


def fee_facts(rules: Rules, procedure: str) -> dict[str, str]:
    """What texts may say of what filing costs; nothing where it costs nothing."""
    fee = rules.fee_of(procedure)
    return {"amount": f"{fee.rial:,}", "account": fee.account} if fee is not None else {}


def asked_by_number(ticket: Ticket) -> tuple[str, str] | None:
    """Where its citizen can be asked a question that a number answers: medium and address; None for nowhere."""
    address = talk_back(ticket)
    return address if address is not None and address[0] in _BY_NUMBER else None


async def is_asking(tx: UnitTransaction, ticket: Ticket) -> bool:
    """True where a question of this ticket is open or waits for its turn."""
    mine = (questions.c.ticket_id == ticket.id) & questions.c.state.in_(("open", "waiting"))
    return bool(await tx.rows(select(questions.c.id).where(mine).limit(1)))


async def ask(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    kind: str,
    at: datetime,
    *,
    spoken: bool = False,
    earlier: Ticket | None = None,
) -> bool:
    """Put a question to the citizen, or queue it behind the one open at their address.

    Returns True where it is open now; with `spoken` the caller says the words itself (step 1's text
    carries the first question). Nobody to ask: nothing is opened. `earlier` is what `SAME_MATTER` is asked about.
    """
    address = talk_back(ticket)
    if address is None:
        return False
    medium, where = address
    index = address_index(rules.vault, medium, ticket.account, where)
    busy = bool(await tx.find(open_question(index))) and not await _gives_way(tx, rules, index)
    about = earlier.id if earlier else None
    tx.add(questions, {**_question(ticket, index, kind, at, opened=not busy), "about": about})
    if busy:
        return False
    if not spoken:
        say_question(tx, rules, ticket, kind, at, earlier=earlier)
        await tell_devices(tx, rules, ticket, "question", at)
    return True


async def _gives_way(tx: UnitTransaction, rules: Rules, address: bytes) -> bool:
    """Whether two reports are one matter is asked without holding up anything: where its ticket goes on meanwhile, that
    question ends as soon as another is put to the address. True where it did."""
    asking = select(questions.c.id, tickets.c.procedure, tickets.c.timer).join(
        tickets, tickets.c.id == questions.c.ticket_id
    )
    is_it = (questions.c.address_index == address) & (questions.c.state == "open") & (questions.c.kind == SAME_MATTER)
    for row in await tx.rows(asking.where(is_it)):
        rule = rules.procedures[row["procedure"]].same_matter
        if rule is None or row["timer"] != rule.timer:
            await tx.execute(update(questions).where(questions.c.id == row["id"]).values(state="dropped"))
            return True
    return False


def say_question(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    kind: str,
    at: datetime,
    *,
    preface: str = "",
    earlier: Ticket | None = None,
) -> None:
    """Send a question's words, by where the citizen talks to us."""
    address = talk_back(ticket)
    if address is None:
        return
    medium, where = address
    words = question_text(rules, ticket, kind, earlier)
    choices = choices_for(rules, kind, ticket)
    text = compose(preface, words) if preface else words
    send(tx, rules, ticket, at, kind="question", medium=medium, address=where, text=text, choices=choices)


async def settle_questions(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    at: datetime,
    *,
    kinds: Collection[str] = (),
    state: str = "answered",
) -> None:
    """End this ticket's open and waiting questions (of `kinds`, or all); whoever waited behind them is asked now."""
    mine = (questions.c.ticket_id == ticket.id) & questions.c.state.in_(("open", "waiting"))
    if kinds:
        mine &= questions.c.kind.in_(list(kinds))
    ending = await tx.rows(select(questions).where(mine))
    if not ending:
        return
    ids = [row["id"] for row in ending]
    await tx.execute(update(questions).where(questions.c.id.in_(ids)).values(state=state))
    for row in ending:
        if row["state"] == "open":
            await _ask_next(tx, rules, ticket, row["address_index"], at)


async def _ask_next(tx: UnitTransaction, rules: Rules, ending: Ticket, address: bytes, at: datetime) -> None:
    waiting = (questions.c.address_index == address) & (questions.c.state == "waiting")
    in_turn = (questions.c.kind == SAME_MATTER, questions.c.id)  # what most tickets do not wait for comes last
    for following in await tx.rows(select(questions).where(waiting).order_by(*in_turn).limit(_MOST_WAITING)):
        mine = update(questions).where(questions.c.id == following["id"])
        ticket = ending if following["ticket_id"] == ending.id else await load(tx, rules.vault, following["ticket_id"])
        earlier = ending if following["about"] == ending.id else await _earlier(tx, rules, following)
        if earlier is not None and not _may_still_be_same(rules, ticket, earlier):
            await tx.execute(mine.values(state="dropped"))
            continue
        await tx.execute(mine.values(state="open", asked_at=at))
        say_question(tx, rules, ticket, following["kind"], at, earlier=earlier)
        await tell_devices(tx, rules, ticket, "question", at)
        return


def _may_still_be_same(rules: Rules, ticket: Ticket, earlier: Ticket) -> bool:
    """Whether "the same" could still be followed: nobody is asked in vain."""
    procedure = rules.procedures[ticket.procedure]
    rule = procedure.same_matter
    is_early = rule is not None and ticket.step <= procedure.step(rule.until).number
    return is_early and ticket.is_open and earlier.is_open


async def repeat(tx: UnitTransaction, rules: Rules, ticket: Ticket, row: Mapping[str, Any], at: datetime) -> None:
    """Say an open question once more with an example: the answer was not understood."""
    await tx.execute(update(questions).where(questions.c.id == row["id"]).values(repeats=row["repeats"] + 1))
    again = rules.texts.render("ask_again", ticket.language)
    say_question(tx, rules, ticket, row["kind"], at, preface=again, earlier=await _earlier(tx, rules, row))


async def _earlier(tx: UnitTransaction, rules: Rules, row: Mapping[str, Any]) -> Ticket | None:
    return await load(tx, rules.vault, row["about"]) if row["about"] is not None else None


async def offer_call(tx: UnitTransaction, rules: Rules, ticket: Ticket, row: Mapping[str, Any], at: datetime) -> None:
    """Twice not understood: say once that the telephone is there, and ask no more."""
    await tx.execute(update(questions).where(questions.c.id == row["id"]).values(repeats=row["repeats"] + 1))
    address = talk_back(ticket)
    if address is not None:
        medium, where = address
        words = rules.texts.render("call_back", ticket.language)
        send(tx, rules, ticket, at, kind="question", medium=medium, address=where, text=words)


def next_missing(ticket: Ticket) -> str | None:
    """The next fact to ask for, in the order citizens are asked, which is that of the procedure's needs."""
    return next((kind for kind in ticket.missing if kind not in _NOT_ASKED), None)


async def ask_next(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime) -> None:
    """Ask for the next missing fact, unless the ticket is asking something already: one thing at a time."""
    kind = next_missing(ticket)
    if kind is not None and not await is_asking(tx, ticket):
        await ask(tx, rules, ticket, kind, at)


def _question(ticket: Ticket, index: bytes, kind: str, at: datetime, *, opened: bool) -> dict[str, Any]:
    row = {"id": new_id(), "ticket_id": ticket.id, "address_index": index, "kind": kind, "created_at": at}
    return {**row, "state": "open" if opened else "waiting", "asked_at": at if opened else None}
