"""Indexes for counting tickets by business: those that came of late and are open, and those closed with an outcome."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _partial("ix_tickets_surging", ["opened_at", "business_id", "organisation", "status"], "status = 'open'")
    _partial("ix_tickets_outcome", ["outcome", "closed_at", "business_id", "organisation"], "closed_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_tickets_outcome", "tickets")
    op.drop_index("ix_tickets_surging", "tickets")


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "tickets", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
