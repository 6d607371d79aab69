"""The membership file of a guild."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False, comment="of the membership number"),
        sa.Column(
            "known", sa.LargeBinary(), nullable=False, comment="sealed JSON: number, name, email, phone, address"
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=False, comment="when it was read from the guild's file"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("number_index", name=op.f("uq_memberships_number_index")),
    )


def downgrade() -> None:
    op.drop_table("memberships")
