"""Who is to come to a confirmed appointment is reminded of it the day before, once, whoever looks and however often.

That it was done is noted in the unit of work that writes the text: of several gateways one does it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select, update

from normalizer.day import TEHRAN
from ticketing.appointed import facts_of
from ticketing.appointment_tables import appointments, slots
from ticketing.database import Database
from ticketing.doing import Doing
from ticketing.formal import remind_sides
from ticketing.notify import send, voices
from ticketing.one_by_one import one_by_one
from ticketing.rules import Rules
from ticketing.ticket import load
from ticketing.transaction import UnitTransaction
from ticketing.writer import Work

_BATCH: Final = 100


def reminds_at(starts_at: datetime, clock: time) -> datetime:
    """When the citizen is reminded of what starts then: the day before in Tehran, at `clock`."""
    day = starts_at.astimezone(TEHRAN).date() - timedelta(days=1)
    return datetime.combine(day, clock, TEHRAN)


async def remind(database: Database, rules: Rules, clock: time, at: datetime) -> int:
    """Remind of every appointment whose time for it has come; how many. Raises `Unavailable`.

    Who confirmed later than that has just read when it is, and is not reminded.
    """
    waiting = (appointments.c.state == "confirmed") & appointments.c.reminded_at.is_(None)
    soon = (slots.c.starts_at > at) & (slots.c.starts_at <= at + timedelta(days=2))
    shown = select(appointments.c.id, appointments.c.ticket_id, appointments.c.confirmed_at, slots.c.starts_at)
    joined = shown.join(slots, slots.c.id == appointments.c.slot_id).where(waiting, soon)
    rows = await database.read(joined.order_by(slots.c.starts_at))
    due = [row for row in rows if row["confirmed_at"] < reminds_at(row["starts_at"], clock) <= at]
    units = {row["id"]: _unit(rules, row["id"], row["ticket_id"], at) for row in due[:_BATCH]}
    return await one_by_one(database, units, "appointment")


def _unit(rules: Rules, appointment_id: int, ticket_id: int, at: datetime) -> Work[bool]:
    async def work(tx: UnitTransaction) -> bool:
        unreminded = (appointments.c.state == "confirmed") & appointments.c.reminded_at.is_(None)
        mine = update(appointments).where(appointments.c.id == appointment_id, unreminded)
        done = await tx.execute(mine.values(reminded_at=at))
        if done.rowcount != 1:
            return False  # somebody was quicker, or it is off
        ticket = await load(tx, rules.vault, ticket_id)
        if rules.procedures[ticket.procedure].parties:
            remind_sides(Doing(tx, rules, ticket, at, "gateway"))
            return True
        facts = facts_of(ticket, ticket.language)
        words = rules.texts.render("appointment_reminder", ticket.language, code=ticket.code, **facts)
        for medium, where in voices(ticket):
            once = f"appointment:{appointment_id}:{medium}"
            send(tx, rules, ticket, at, kind="reply", medium=medium, address=where, text=words, once=once)
        return True

    return work
