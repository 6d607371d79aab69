"""The message board: conversations, what was written in them, and who has read how far. All words are sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import id_column

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    Column("organisation", String(32), nullable=False, comment="with which the centre talks; never ''"),
    Column("subject", LargeBinary, nullable=False, comment="sealed"),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by_centre", Boolean, nullable=False),
    Column("newest_id", BigInteger, nullable=False, comment="of its newest message"),
    Column("messages", Integer, nullable=False, comment="how many there are: the number of the newest"),
    Column("by_centre", Integer, nullable=False, default=0, comment="the number of the centre's newest message"),
    Column("by_organisation", Integer, nullable=False, default=0, comment="of the organisation's"),
    Column("closed_by", String(64)),
    Column("closed_at", UtcDateTime),
    Index("ix_conversations_organisation_newest_id", "organisation", "newest_id"),
)

board_messages = Table(
    "board_messages",
    metadata,
    id_column(),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="1 … within the conversation"),
    Column("by_centre", Boolean, nullable=False),
    Column("author", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False, comment="sealed"),
    Column("at", UtcDateTime, nullable=False),
    Index("uq_board_messages_conversation_id_number", "conversation_id", "number", unique=True),
)

board_readings = Table(
    "board_readings",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id"), primary_key=True, autoincrement=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="the newest message that was shown"),
    Column("by_centre", Boolean, nullable=False, comment="the side the reader was of"),
    Column("at", UtcDateTime, nullable=False),
)
