"""Browsers that asked to be told of a ticket: what they gave out for it, sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from sms.tables import UtcDateTime, metadata

devices = Table(
    "devices",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("endpoint_index", LargeBinary, nullable=False, index=True, comment="one browser's rows are found by it"),
    Column("subscription", LargeBinary, nullable=False, comment="sealed JSON: endpoint, p256dh, auth"),
    Column("service", String(64), nullable=False, comment="the entry of push.services its endpoint belongs to"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("ticket_id", "endpoint_index"),
)
