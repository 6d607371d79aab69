"""What the desks keep beside tickets: drafts and logs of calls, sign-ins, settings changed by an administrator."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from sms.tables import UtcDateTime, metadata
from ticketing.tables import Json

drafts = Table(
    "drafts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), nullable=False),
    Column("kind", String(32), nullable=False, comment="which form it is of, e.g. call"),
    Column("form_id", String(64), nullable=False, comment="made by the client"),
    Column("body", LargeBinary, nullable=False, comment="sealed JSON of what was typed"),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("staff_id", "kind", "form_id"),
    Index("ix_drafts_updated_at", "updated_at"),
)

logged_calls = Table(
    "logged_calls",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), nullable=False),
    Column("form_id", String(64), nullable=False, comment="made by the client"),
    Column("outcome", String(16), nullable=False, comment="why no ticket came of it"),
    Column("call_id", String(64), comment="the exchange's"),
    Column("caller_index", LargeBinary, comment="of the number that called"),
    Column("said", LargeBinary, nullable=False, comment="sealed JSON of the form, the number in it"),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("staff_id", "form_id"),
    Index("ix_logged_calls_caller_index_at", "caller_index", "at"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), comment="null where the name is nobody's"),
    Column("outcome", String(16), nullable=False, comment="how it ended, or what changed: OUTCOMES"),
    Column("client", LargeBinary, comment="sealed: the address, and who changed what"),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_sign_ins_staff_id_at", "staff_id", "at"),
    Index("ix_sign_ins_at", "at"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("section", String(64), primary_key=True, comment="of the settings: steps, texts, routing"),
    Column("value", Json, nullable=False, comment="what stands in place of config.toml's"),
    Column("version", Integer, nullable=False, default=1),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", BigInteger, ForeignKey("staff.id"), nullable=False),
)
