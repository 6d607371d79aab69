"""Telling people: which words, by which media, once. Rows go to the outbox in the transaction that caused them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from sms.outbox import Notice, enqueue
from sms.texts import compose
from ticketing.ids import new_id
from ticketing.rules import Rules
from ticketing.tables import staff, threads
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction
from ticketing.vault import address_index

Choices = tuple[tuple[str, str], ...]
STAFF_LANGUAGE: Final = "fa"
"""What staff are texted in."""


def voices(ticket: Ticket) -> Iterable[tuple[str, str]]:
    """How a citizen hears of a ticket: SMS wherever a mobile is known, and the channel's own voice; with addresses."""
    if ticket.identity.phone:
        yield "sms", ticket.identity.phone
    if ticket.medium == "bot" and ticket.identity.chat:
        yield "bot", ticket.identity.chat
    if ticket.medium == "email" and ticket.identity.email:
        yield "email", ticket.identity.email


def talk_back(ticket: Ticket) -> tuple[str, str] | None:
    """The one medium a question is put by: where the citizen is talking to us, else SMS, else mail; None for nobody."""
    reachable = dict(voices(ticket))
    for medium in ("bot", "sms", "email"):
        if medium in reachable:
            return medium, reachable[medium]
    return None


def tell_step(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    name: str,
    at: datetime,
    *,
    question: str = "",
    choices: Choices = (),
) -> None:
    """The one text of entering a step, `name`, by each of the citizen's media.

    `question`, with the `choices` that answer it, follows in the same text where the citizen talks to us.
    """
    words = rules.texts.render(name, ticket.language, code=ticket.code)
    asked = talk_back(ticket) if question else None
    for medium, address in voices(ticket):
        here = asked == (medium, address)
        send(
            tx,
            rules,
            ticket,
            at,
            kind="step",
            medium=medium,
            address=address,
            text=compose(words, question if here else ""),
            choices=choices if here else (),
            once=f"step:{ticket.id}:{name}:{medium}",
            step=ticket.step,
        )


def tell_close(tx: UnitTransaction, rules: Rules, ticket: Ticket, at: datetime, name: str) -> None:
    """The one text of closing otherwise than by the procedure's last step, `name`."""
    words = rules.texts.render(name, ticket.language, code=ticket.code)
    for medium, address in voices(ticket):
        once = f"close:{ticket.id}:{ticket.version}:{medium}"
        send(tx, rules, ticket, at, kind="close", medium=medium, address=address, text=words, once=once)


async def text_staff(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket,
    at: datetime,
    who: ColumnElement[bool],
    name: str,
    *,
    kind: str = "staff",
    once: str | None = None,
    **facts: str,
) -> None:
    """Send the text `name`, with the ticket's code and these `facts`, to those of the table of staff `who` picks.

    Whoever has no phone on record sees it on the desk only. With a key `once` it is for one person.
    """
    words = rules.texts.render(name, STAFF_LANGUAGE, code=ticket.code, **facts)
    reached = select(staff.c.id, staff.c.phone).where(who, staff.c.phone.is_not(None)).order_by(staff.c.id)
    for row in await tx.rows(reached):
        phone = rules.vault.unseal("staff.phone", row["id"], row["phone"])
        send(tx, rules, ticket, at, kind=kind, medium="sms", address=phone, text=words, once=once)


def send(
    tx: UnitTransaction,
    rules: Rules,
    ticket: Ticket | None,
    at: datetime,
    *,
    kind: str,
    medium: str,
    address: str,
    text: str,
    once: str | None = None,
    step: int | None = None,
    choices: Choices = (),
    account: str = "",
    subject: str = "",
    calendar: str | None = None,
    theirs: bool = True,
) -> int:
    """Put one notice into the outbox and return its id. Mail gets the headers that keep its thread together.

    A mail may have a `subject` and a calendar file. What is not `theirs` goes to somebody else than the ticket's
    citizen, and an answer to it is not the citizen's.
    """
    notice_id = new_id()
    headers: dict[str, Any] = {}
    if medium == "email":
        headers = {"message_id": f"<{notice_id}@gateway-124>"}
        if subject:
            headers["subject"] = subject
        if ticket is not None and theirs:
            if ticket.identity.mail_id:
                headers |= {"in_reply_to": ticket.identity.mail_id, "references": [ticket.identity.mail_id]}
            _remember_thread(tx, rules, ticket, headers["message_id"], address, notice_id)
    account = account or (ticket.account if ticket and medium != "sms" else "")
    notice = Notice(
        id=notice_id,
        ticket_id=ticket.id if ticket else None,
        kind=kind,
        step=step,
        medium=medium,
        account=account,
        recipient=address,
        text=text,
        choices=choices,
        headers=headers,
        calendar=calendar,
        once=once,
    )
    enqueue(tx, notice, rules.vault.seal, address_index(rules.vault, medium, account, address), at)
    return notice_id


def _remember_thread(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, message_id: str, address: str, row_id: int
) -> None:
    tx.add(
        threads,
        {
            "id": row_id,
            "medium": "email",
            "handle_index": rules.vault.index("thread", message_id),
            "ticket_id": ticket.id,
            "address_index": address_index(rules.vault, "email", "", address),
        },
    )
