"""Businesses, and which one each ticket is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.String(16), nullable=True),
        sa.Column(
            "name_key",
            sa.String(64),
            nullable=True,
            comment="province and what all spellings of the name share; null while unnamed",
        ),
        sa.Column("number", sa.Integer(), nullable=False, comment="0 … among those with the same key"),
        sa.Column("name", sa.Text(), nullable=True, comment="as it was first written"),
        sa.Column("trade", sa.String(32), nullable=True, comment="its kind of trade, as the name tells it"),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("county", sa.String(64), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    _partial("uq_businesses_guild_id", "businesses", ["guild_id"], "guild_id IS NOT NULL", unique=True)
    op.create_index("uq_businesses_name_key_number", "businesses", ["name_key", "number"], unique=True)
    comment = "the row of `businesses` its trader was found to be"
    op.add_column("tickets", sa.Column("business_id", sa.BigInteger(), nullable=True, comment=comment))
    _partial("ix_tickets_business_id", "tickets", ["business_id", "id"], "business_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_tickets_business_id", "tickets")
    op.drop_column("tickets", "business_id")
    op.drop_table("businesses")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
