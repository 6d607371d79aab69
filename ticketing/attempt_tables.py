"""What is remembered of attempts: the first answer to a keyed request, and each one that failed.

Neither tells who or what it was about: keys and subjects are keyed fingerprints, and an answer is sealed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sms.tables import UtcDateTime, metadata

answers = Table(
    "answers",
    metadata,
    Column("endpoint", String(160), primary_key=True),
    Column("key_index", LargeBinary, primary_key=True, comment="of the Idempotency-Key"),
    Column("body_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False, comment="sealed JSON of the first answer"),
    Column("row_id", BigInteger, nullable=False, comment="what the answer is sealed to"),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

failures = Table(
    "failures",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("scope", String(16), nullable=False, comment="tracking_ip, tracking_code, login"),
    Column("subject_index", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_failures_scope_subject_index_at", "scope", "subject_index", "at"),
)
