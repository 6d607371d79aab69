"""Calls no ticket came of, and files of staff beside those of citizens and inspectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "logged_calls",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False, comment="made by the client"),
        sa.Column("outcome", sa.String(length=16), nullable=False, comment="why no ticket came of it"),
        sa.Column("call_id", sa.String(length=64), nullable=True, comment="the exchange's"),
        sa.Column("caller_index", sa.LargeBinary(), nullable=True, comment="of the number that called"),
        sa.Column("said", sa.LargeBinary(), nullable=False, comment="sealed JSON of the form, the number in it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_logged_calls_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logged_calls")),
        sa.UniqueConstraint("staff_id", "form_id", name=op.f("uq_logged_calls_staff_id_form_id")),
    )
    op.create_index("ix_logged_calls_caller_index_at", "logged_calls", ["caller_index", "at"], unique=False)
    _comment_on_origins("citizen, inspector or staff")


def downgrade() -> None:
    _comment_on_origins("citizen or inspector")
    op.drop_index("ix_logged_calls_caller_index_at", table_name="logged_calls")
    op.drop_table("logged_calls")


def _comment_on_origins(comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("attachments", "origin", comment=comment, existing_type=sa.String(16), existing_nullable=False)
