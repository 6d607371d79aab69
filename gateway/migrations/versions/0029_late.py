"""Those of the closed tickets that were late, counted without reading the tickets themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_COLUMNS = ["closed_at", "organisation", "channel", "category", "outcome", "late_at"]
_LATE = sa.text("late_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_tickets_late", "tickets", _COLUMNS, sqlite_where=_LATE, postgresql_where=_LATE)


def downgrade() -> None:
    op.drop_index("ix_tickets_late", table_name="tickets")
