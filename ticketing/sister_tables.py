"""What was handed over to sister systems and what they are told of theirs, and by which number they know it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

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

sister_results = Table(
    "sister_results",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("system", String(32), nullable=False),
    Column("case_number", String(64), nullable=False, comment="theirs"),
    Column("closing", Integer, nullable=False, comment="the number of the event of the close that is told"),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False, comment="owed, sending, told, failed, dropped"),
    Column("notice_id", BigInteger, comment="of the outbox, once it is there"),
    Index("uq_sister_results_close", "ticket_id", "closing", "system", "case_number", unique=True),
    partial_index("ix_sister_results_owed", "state IN ('owed', 'sending')", "id"),
)
"""One for each close of a ticket and each case of theirs it holds."""
