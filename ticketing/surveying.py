"""Asking citizens how a matter was handled, 1 to 5: once for each close, some time after it, and a reminder once.

Which closes are asked about is the procedures' data; when, the settings'. A survey waits for the morning, for what a
ticket asks at the same address and for its person's week, and is dropped where it comes too late. It is safe to sweep
twice, or by two: nobody gets two surveys in a week, by whichever of their phones, chats and addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from sms.digits import to_persian
from sms.texts import compose
from ticketing.asking import open_question
from ticketing.database import Database
from ticketing.ids import new_id
from ticketing.notify import Choices, send, talk_back, voices
from ticketing.one_by_one import one_by_one
from ticketing.persons import hold_person
from ticketing.procedure import Procedure
from ticketing.rules import Rules
from ticketing.survey_tables import ASKED, DROPPED, WAITING, survey_refusals, surveys
from ticketing.survey_times import WEEK
from ticketing.ticket import Ticket, load
from ticketing.transaction import LookUp, Row, UnitTransaction
from ticketing.vault import address_index
from ticketing.vocabulary import RATING
from ticketing.writer import Work

_BATCH: Final = 100
_BEHIND_A_QUESTION: Final = timedelta(hours=1)
"""How often it is looked whether a ticket's question at the same address is over."""
_RATINGS: Final = range(1, 6)


def plan(tx: UnitTransaction, rules: Rules, ticket: Ticket, outcome: str, at: datetime) -> None:
    """Note that the close just recorded is to be asked about, where the procedure says so and somebody can be asked."""
    after = rules.survey.after
    if after is None or not _is_asked_about(rules.procedures[ticket.procedure], outcome) or talk_back(ticket) is None:
        return
    close = {"ticket_id": ticket.id, "closing": ticket.last_event, "closed_at": at}
    tx.add(surveys, {"id": new_id(), **close, "state": WAITING, "rings_at": at + after})


def _is_asked_about(procedure: Procedure, outcome: str) -> bool:
    return procedure.survey is not None and outcome in procedure.survey.after


async def survey(database: Database, rules: Rules, at: datetime) -> int:
    """Ask and remind whoever is to be by `at`; how many texts that were. Raises `Unavailable`.

    One that cannot be said is logged and left for the next time.
    """
    said, after = 0, 0
    while True:
        due = (surveys.c.rings_at <= at, surveys.c.id > after)
        rows = await database.read(select(surveys.c.id).where(*due).order_by(surveys.c.id).limit(_BATCH))
        if not rows:
            return said
        said += await one_by_one(database, {row["id"]: _unit(rules, row["id"], at) for row in rows}, "survey")
        after = rows[-1]["id"]


def _unit(rules: Rules, survey_id: int, at: datetime) -> Work[bool]:
    async def work(tx: UnitTransaction) -> bool:
        mine = surveys.c.id == survey_id
        rows = await tx.rows(select(surveys).where(mine).with_for_update())
        if not rows or rows[0]["rings_at"] is None or rows[0]["rings_at"] > at:
            return False  # somebody was quicker
        ticket = await load(tx, rules.vault, rows[0]["ticket_id"])
        changed = await _ring(tx, rules, rows[0], ticket, at)
        await tx.execute(update(surveys).where(mine).values(**changed))
        return "said_at" in changed

    return work


async def _ring(tx: UnitTransaction, rules: Rules, row: Row, ticket: Ticket, at: datetime) -> Mapping[str, Any]:
    """Say it, or not any more, or later: what of its row changes."""
    address = talk_back(ticket)
    over = _over(rules, row, ticket, at)
    if over or address is None:
        return _dropped(row, over or "unreachable")
    medium, where = address
    index = address_index(rules.vault, medium, ticket.account, where)
    if await tx.find(LookUp(survey_refusals, ("address_index",), (index,))):
        return _dropped(row, "refused")
    later = rules.survey.quiet_until(at) or await _later(tx, rules, ticket, index, at)
    if later is not None:
        return {"rings_at": later}
    is_first = row["state"] == WAITING
    words = rating_text(rules, ticket, is_first=is_first)
    once, choices = f"survey:{row['id']}:{'asked' if is_first else 'reminded'}", rating_choices(ticket)
    send(tx, rules, ticket, at, kind="survey", medium=medium, address=where, text=words, choices=choices, once=once)
    if not is_first:
        return {"said_at": at, "address_index": index, "reminded": True, "rings_at": None}
    reminder = rules.survey.reminder
    asked = {"state": ASKED, "asked_at": at, "said_at": at, "address_index": index}
    return {**asked, "rings_at": at + reminder if reminder else None}


def _over(rules: Rules, row: Row, ticket: Ticket, at: datetime) -> str:
    if ticket.is_open or ticket.closed_at != row["closed_at"]:
        return "reopened"
    since, lasting = (
        (row["asked_at"], rules.survey.answers) if row["asked_at"] else (row["closed_at"], rules.survey.asks)
    )
    return "too_late" if at >= since + lasting else ""


def _dropped(row: Row, reason: str) -> Mapping[str, Any]:
    """One that was asked can still be answered; it is only not spoken of any more."""
    return {"rings_at": None} if row["state"] == ASKED else {"state": DROPPED, "reason": reason, "rings_at": None}


async def _later(tx: UnitTransaction, rules: Rules, ticket: Ticket, address: bytes, at: datetime) -> datetime | None:
    """When to try again: what a ticket asks goes first, and a week has seven days for all of a person's addresses."""
    if await tx.find(open_question(address)):
        return at + _BEHIND_A_QUESTION
    known = {address, *(address_index(rules.vault, medium, ticket.account, where) for medium, where in voices(ticket))}
    theirs = await hold_person(tx, known, at)
    lately = (surveys.c.address_index.in_(theirs), surveys.c.said_at > at - WEEK)
    last: datetime | None = (await tx.rows(select(func.max(surveys.c.said_at).label("last")).where(*lately)))[0]["last"]
    return last + WEEK if last is not None else None


def rating_text(rules: Rules, ticket: Ticket, *, is_first: bool) -> str:
    """The question's words in the ticket's language, or those it is reminded of with."""
    words = rules.texts.render(f"ask_{RATING}", ticket.language, code=ticket.code)
    return words if is_first else compose(rules.texts.render("survey_reminder", ticket.language), words)


def rating_choices(ticket: Ticket) -> Choices:
    """The buttons that answer it, where the medium has buttons; they say whose answer they are."""
    shown = to_persian if ticket.language == "fa" else str
    return tuple((f"{RATING}:{number}:{ticket.id}", shown(str(number))) for number in _RATINGS)
