"""What was handed over to sister systems, and by which number they know it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_NUMBERED = sa.text("case_number IS NOT NULL")
_SENDING = sa.text("state = 'sending'")


def upgrade() -> None:
    op.create_table(
        "sister_cases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("case_number", sa.String(64), nullable=True, comment="theirs, once they have answered"),
        sa.Column("state", sa.String(8), nullable=False, comment="sending, handed, failed"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_sister_cases_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sister_cases")),
    )
    op.create_index("ix_sister_cases_ticket_id", "sister_cases", ["ticket_id"])
    op.create_index(
        "uq_sister_cases_system_case_number",
        "sister_cases",
        ["system", "case_number"],
        unique=True,
        sqlite_where=_NUMBERED,
        postgresql_where=_NUMBERED,
    )
    op.create_index("ix_sister_cases_sending", "sister_cases", ["id"], sqlite_where=_SENDING, postgresql_where=_SENDING)


def downgrade() -> None:
    op.drop_table("sister_cases")
