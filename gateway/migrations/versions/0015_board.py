"""The message board: conversations of the centre with an organisation, and who has read how far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    comments = {
        "organisation": "with which the centre talks; never ''",
        "newest_id": "of its newest message",
        "messages": "how many there are: the number of the newest",
        "by_centre": "the number of the centre's newest message",
        "by_organisation": "of the organisation's",
    }
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False, comment=comments["organisation"]),
        sa.Column("subject", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_centre", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, kind, nullable=False, comment=comments[name])
            for name, kind in (
                ("newest_id", sa.BigInteger()),
                ("messages", sa.Integer()),
                ("by_centre", sa.Integer()),
                ("by_organisation", sa.Integer()),
            )
        ),
        sa.Column("closed_by", sa.String(64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_organisation_newest_id", "conversations", ["organisation", "newest_id"])
    op.create_table(
        "board_messages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 … within the conversation"),
        sa.Column("by_centre", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of("board_messages", "conversation_id", "conversations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_messages")),
    )
    numbers = ["conversation_id", "number"]
    op.create_index("uq_board_messages_conversation_id_number", "board_messages", numbers, unique=True)
    op.create_table(
        "board_readings",
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "number", sa.Integer(), autoincrement=False, nullable=False, comment="the newest message that was shown"
        ),
        sa.Column("by_centre", sa.Boolean(), nullable=False, comment="the side the reader was of"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of("board_readings", "conversation_id", "conversations"),
        _of("board_readings", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", "number", name=op.f("pk_board_readings")),
    )


def downgrade() -> None:
    for table in ("board_readings", "board_messages", "conversations"):
        op.drop_table(table)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
