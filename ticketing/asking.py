"""Questions: at most one open per phone or chat, the others wait their turn, and a bare digit answers the open one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from sms.texts import compose
from ticketing.devices import tell_devices
from ticketing.ids import new_id
from ticketing.notify import Choices, send, talk_back
from ticketing.rules import Rules
from ticketing.tables import questions
from ticketing.ticket import Ticket, load
from ticketing.title import titled
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import address_index

_BUTTONS = {
    "satisfied": (("satisfied:1", "yes"), ("satisfied:2", "no")),
    "phone": (("contact", "share_contact"),),
    "place": (("location", "share_location"),),
}
_FACTS = ("category", "business", "place", "phone")


def open_question(address: bytes) -> LookUp:
    """The look-up of the one open question at an address (its blind index)."""
    return LookUp(questions, ("address_index", "state"), (address, "open"))


def choices_for(rules: Rules, kind: str, language: str) -> Choices:
    """The buttons that answer a question of this kind, where the medium has buttons."""
    if kind == "category":
        return tuple((f"category:{code}", titled(each.title, language)) for code, each in rules.categories.items())
    return tuple((value, rules.texts.render(name, language)) for value, name in _BUTTONS.get(kind, ()))


def question_text(rules: Rules, ticket: Ticket, kind: str) -> str:
    """The question's words in the ticket's language."""
    return rules.texts.render(f"ask_{kind}", ticket.language, code=ticket.code)


async def ask(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, kind: str, at: datetime, *, spoken: bool = False
) -> bool:
    """Put a question to the citizen, or queue it behind the one open at their address.

    Returns True where it is open now; with `spoken` the caller says the words itself (step 1's text
    carries the first question). Nobody to ask: nothing is opened.
    """
    address = talk_back(ticket)
    if address is None:
        return False
    medium, where = address
    index = address_index(rules.vault, medium, ticket.account, where)
    busy = await tx.find(open_question(index))
    tx.add(questions, _question(ticket, index, kind, at, opened=not busy))
    if busy:
        return False
    if not spoken:
        say_question(tx, rules, ticket, kind, at)
        await tell_devices(tx, rules, ticket, "question", at)
    return True


def say_question(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, kind: str, at: datetime, *, preface: str = ""
) -> None:
    """Send a question's words, by where the citizen talks to us."""
    address = talk_back(ticket)
    if address is None:
        return
    medium, where = address
    words = question_text(rules, ticket, kind)
    choices = choices_for(rules, kind, ticket.language)
    told = "survey" if kind == "rating" else "question"
    text = compose(preface, words) if preface else words
    send(tx, rules, ticket, at, kind=told, medium=medium, address=where, text=text, choices=choices)


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
    rows = await tx.rows(select(questions).where(waiting).order_by(questions.c.id).limit(1))
    if not rows:
        return
    following = rows[0]
    now_open = {"state": "open", "asked_at": at}
    await tx.execute(update(questions).where(questions.c.id == following["id"]).values(**now_open))
    ticket = ending if following["ticket_id"] == ending.id else await load(tx, rules.vault, following["ticket_id"])
    say_question(tx, rules, ticket, following["kind"], at)
    await tell_devices(tx, rules, ticket, "question", at)


async def repeat(tx: UnitTransaction, rules: Rules, ticket: Ticket, row: Mapping[str, Any], at: datetime) -> None:
    """Say an open question once more with an example: the answer was not understood."""
    await tx.execute(update(questions).where(questions.c.id == row["id"]).values(repeats=row["repeats"] + 1))
    again = rules.texts.render("ask_again", ticket.language)
    say_question(tx, rules, ticket, row["kind"], at, preface=again)


async def offer_call(tx: UnitTransaction, rules: Rules, ticket: Ticket, row: Mapping[str, Any], at: datetime) -> None:
    """Twice not understood: say once that the telephone is there, and ask no more."""
    await tx.execute(update(questions).where(questions.c.id == row["id"]).values(repeats=row["repeats"] + 1))
    address = talk_back(ticket)
    if address is not None:
        medium, where = address
        words = rules.texts.render("call_back", ticket.language)
        send(tx, rules, ticket, at, kind="question", medium=medium, address=where, text=words)


def next_missing(ticket: Ticket) -> str | None:
    """The next fact to ask for, in the order citizens are asked."""
    return next((kind for kind in _FACTS if kind in ticket.missing), None)


def _question(ticket: Ticket, index: bytes, kind: str, at: datetime, *, opened: bool) -> dict[str, Any]:
    row = {"id": new_id(), "ticket_id": ticket.id, "address_index": index, "kind": kind, "created_at": at}
    return {**row, "state": "open" if opened else "waiting", "asked_at": at if opened else None}
