"""What was handed over to sister systems, and by which number they know it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column, partial_index

sister_cases = Table(
    "sister_cases",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("system", String(32), nullable=False),
    Column("case_number", String(64), comment="theirs, once they have answered"),
    Column("state", String(8), nullable=False, comment="sending, handed, failed"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Index("ix_sister_cases_ticket_id", "ticket_id"),
    partial_index(
        "uq_sister_cases_system_case_number", "case_number IS NOT NULL", "system", "case_number", unique=True
    ),
    partial_index("ix_sister_cases_sending", "state = 'sending'", "id"),
)
"""`id` is also the notice's in the outbox: what the sister system knows the case by until it has a number."""
