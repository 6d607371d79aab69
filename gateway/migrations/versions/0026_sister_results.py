"""What sister systems are told of the cases they handed to us."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_UNDER_WAY = sa.text("state IN ('owed', 'sending')")


def upgrade() -> None:
    op.create_table(
        "sister_results",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("case_number", sa.String(64), nullable=False, comment="theirs"),
        sa.Column("closing", sa.Integer(), nullable=False, comment="the number of the event of the close that is told"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False, comment="owed, sending, told, failed, dropped"),
        sa.Column("notice_id", sa.BigInteger(), nullable=True, comment="of the outbox, once it is there"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_sister_results_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sister_results")),
    )
    close = ["ticket_id", "closing", "system", "case_number"]
    op.create_index("uq_sister_results_close", "sister_results", close, unique=True)
    owed = ("ix_sister_results_owed", "sister_results", ["id"])
    op.create_index(*owed, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY)


def downgrade() -> None:
    op.drop_table("sister_results")
