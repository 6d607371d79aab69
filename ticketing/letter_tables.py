"""Letters that were issued, each kept whole as it was then."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, LargeBinary, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column

letters = Table(
    "letters",
    metadata,
    id_column(),
    Column("number", String(64), nullable=False, unique=True, comment="the office's, in ASCII digits"),
    Column("day", Date, nullable=False, comment="the letter's own date"),
    Column("procedure", String(32), nullable=False),
    Column("first", Date, nullable=False, comment="of the period, in Tehran"),
    Column("last", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False, comment="the moment its figures tell of"),
    Column("issued_by", BigInteger, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False, comment="figures and words as JSON, sealed"),
)
