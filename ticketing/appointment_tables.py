"""Appointments: officials, the slots of their calendars, and which ticket has had which slot."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column, partial_index

LIVE: Final = ("offered", "confirmed")
"""The states of an appointment that is still to come."""
TAKING: Final = (*LIVE, "held", "missed")
"""Those in which nobody else can have its slot."""


def _in(states: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(each) for each in states)})"


officials = Table(
    "officials",
    metadata,
    id_column(),
    Column("organisation", String(32), nullable=False, comment="whose staff keep the calendar; '' is national"),
    Column(
        "procedure",
        String(32),
        nullable=False,
        comment="whose staff keep the calendar and offer its slots",
    ),
    Column("name", String(100), nullable=False),
    Column("post", String(100), nullable=False),
    Column("active", Boolean, nullable=False, default=True, comment="false: no slot of theirs is offered"),
    Column("added_by", String(64), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_officials_organisation", "organisation"),
)

slots = Table(
    "slots",
    metadata,
    id_column(),
    Column("official_id", BigInteger, ForeignKey("officials.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("place", String(200), nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("withdrawn_by", String(64)),
    Column("withdrawn_at", UtcDateTime),
    partial_index("uq_slots_official_id_starts_at", "withdrawn_at IS NULL", "official_id", "starts_at", unique=True),
)

appointments = Table(
    "appointments",
    metadata,
    id_column(),
    Column("slot_id", BigInteger, ForeignKey("slots.id"), nullable=False),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column(
        "state", String(12), nullable=False, comment="offered, confirmed, declined, lapsed, held, missed, cancelled"
    ),
    Column("offered_by", String(64), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime, comment="when it was declined, lapsed or cancelled, or its end recorded"),
    Column("reminded_at", UtcDateTime, comment="when its citizen was reminded, once"),
    partial_index("uq_appointments_slot_id", _in(TAKING), "slot_id", unique=True),
    partial_index("uq_appointments_ticket_id_live", _in(LIVE), "ticket_id", unique=True),
    Index("ix_appointments_ticket_id", "ticket_id"),
)
