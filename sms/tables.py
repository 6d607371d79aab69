"""The outbox's tables, and the metadata all tables of the gateway share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; a naive one is refused, and what comes back is aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Id = BigInteger().with_variant(Integer, "sqlite")
"""On SQLite an INTEGER key is the row itself: no second index, and new rows append."""

notices = Table(
    "notices",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False, comment="ours; also the provider's localid"),
    Column("ticket_id", BigInteger, index=True),
    Column("kind", String(16), nullable=False),
    Column("step", Integer),
    Column("medium", String(8), nullable=False),
    Column("account", String(64), nullable=False, default=""),
    Column("recipient", LargeBinary, nullable=False, comment="sealed"),
    Column("recipient_index", LargeBinary, nullable=False, comment="keyed blind index: order, budgets, sandbox"),
    Column("prefix_index", LargeBinary, comment="the same of the number less its last four digits, once sent"),
    Column("body", LargeBinary, nullable=False, comment="sealed"),
    Column("choices", JSON(none_as_null=True), comment="buttons: [[value, label], …]"),
    Column("headers", JSON(none_as_null=True), comment="mail: subject, in_reply_to, message_id"),
    Column("calendar", LargeBinary, comment="sealed: a calendar file that goes with a mail"),
    Column("segments", Integer, nullable=False, default=1),
    Column("once", String(80), unique=True, comment="what this notice may be sent once for"),
    Column("state", String(12), nullable=False, default="pending"),
    Column("reason", String(64), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0, comment="sends that came to nothing"),
    Column("asks", Integer, nullable=False, default=0, comment="fruitless questions about the last ambiguous send"),
    Column("due_at", UtcDateTime, nullable=False, comment="not to be sent, or asked about, before"),
    Column("leased_until", UtcDateTime),
    Column("fence", BigInteger, comment="who holds the lease; a late writer with another is refused"),
    Column("provider", String(32)),
    Column("provider_id", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index("ix_notices_medium_state_due_at", "medium", "state", "due_at", "id"),
    Index("ix_notices_recipient_index_sent_at", "recipient_index", "sent_at"),
)

for _columns in (("provider", "provider_id"), ("prefix_index", "sent_at")):
    # Partial: a notice on its way in does not pay for what only a sent one has.
    _sent_only = notices.c[_columns[0]].is_not(None)
    Index(
        f"ix_notices_{'_'.join(_columns)}",
        *(notices.c[name] for name in _columns),
        sqlite_where=_sent_only,
        postgresql_where=_sent_only,
    )

parked_receipts = Table(
    "parked_receipts",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("provider", String(32), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_parked_receipts_provider_provider_id", "provider", "provider_id"),
)
