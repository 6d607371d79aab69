"""Letters that were issued, and an index that reviews of bodies are counted from alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_REVIEWED = "ix_tickets_reviewed"


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(64), nullable=False, comment="the office's, in ASCII digits"),
        sa.Column("day", sa.Date(), nullable=False, comment="the letter's own date"),
        sa.Column("procedure", sa.String(32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False, comment="of the period, in Tehran"),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="the moment its figures tell of"),
        sa.Column("issued_by", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="figures and words as JSON, sealed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("number", name=op.f("uq_letters_number")),
    )
    op.create_index(op.f("ix_letters_issued_at"), "letters", ["issued_at"])
    addressed = sa.text("addressee IS NOT NULL")
    columns = ["procedure", "opened_at", "addressee", "outcome", "closed_at", "late_at", "id"]
    op.create_index(_REVIEWED, "tickets", columns, sqlite_where=addressed, postgresql_where=addressed)


def downgrade() -> None:
    op.drop_index(_REVIEWED, "tickets")
    op.drop_table("letters")
