"""The membership file of a guild: who its members are, and where they can be reached. All of it is sealed."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column

memberships = Table(
    "memberships",
    metadata,
    id_column(),
    Column("number_index", LargeBinary, nullable=False, unique=True, comment="of the membership number"),
    Column("known", LargeBinary, nullable=False, comment="sealed JSON: number, name, email, phone, address"),
    Column("at", UtcDateTime, nullable=False, comment="when it was read from the guild's file"),
)
