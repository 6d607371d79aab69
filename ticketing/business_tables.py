"""Businesses that tickets are about, and parent cases of their tickets. Nothing here is a citizen's."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column, partial_index

businesses = Table(
    "businesses",
    metadata,
    id_column(),
    Column("guild_id", String(16)),
    Column("name_key", String(64), comment="province and what all spellings of the name share; null while unnamed"),
    Column("number", Integer, nullable=False, default=0, comment="0 … among those with the same key"),
    Column("name", Text, comment="as it was first written"),
    Column("trade", String(32), comment="its kind of trade, as the name tells it"),
    Column("province", String(2)),
    Column("county", String(64)),
    Column("phone", String(20)),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("open_case", BigInteger, comment="its parent case while that is open: there is one at a time"),
    Column("adds", Boolean, nullable=False, default=False, comment="its new tickets go into it by themselves"),
    partial_index("uq_businesses_guild_id", "guild_id IS NOT NULL", "guild_id", unique=True),
    Index("uq_businesses_name_key_number", "name_key", "number", unique=True),
    partial_index("ix_businesses_open_case", "open_case IS NOT NULL", "open_case"),
)

parent_cases = Table(
    "parent_cases",
    metadata,
    id_column(),
    Column("business_id", BigInteger, nullable=False, index=True),
    Column("procedure", String(32), nullable=False),
    Column("organisation", String(32), nullable=False, comment="of whoever opened it; '' is national"),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_by", String(64)),
    Column("closed_at", UtcDateTime),
)
