"""Surveys: one for each close whose citizen is asked how it was handled, and who wants to be asked no more."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column, partial_index

WAITING: Final = "waiting"
ASKED: Final = "asked"
ANSWERED: Final = "answered"
DROPPED: Final = "dropped"

surveys = Table(
    "surveys",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("closing", Integer, nullable=False, comment="the number of the event of the close it is about"),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False, comment="waiting, asked, answered, dropped"),
    Column("reason", String(16), nullable=False, default="", comment="why it was dropped without having been asked"),
    Column("rings_at", UtcDateTime, comment="when it is next to be asked or reminded of"),
    Column("address_index", LargeBinary, comment="of the phone, chat or mail address it was put to"),
    Column("asked_at", UtcDateTime),
    Column("said_at", UtcDateTime, comment="when it was last put into words: asked or reminded of"),
    Column("reminded", Boolean, nullable=False, default=False),
    Column("answered_at", UtcDateTime),
    Column("rating", Integer, comment="1 … 5"),
    Index("uq_surveys_ticket_id_closing", "ticket_id", "closing", unique=True),
    Index("ix_surveys_asked_at", "asked_at"),
    partial_index("ix_surveys_rings_at", "rings_at IS NOT NULL", "rings_at", "id"),
    partial_index("ix_surveys_address_index_said_at", "address_index IS NOT NULL", "address_index", "said_at"),
)

survey_refusals = Table(
    "survey_refusals",
    metadata,
    Column("address_index", LargeBinary, primary_key=True, comment="of a phone or chat that is asked no more"),
    Column("at", UtcDateTime, nullable=False),
)
